import { z } from 'zod';
import { isWorkday, knowsYearOf } from '../../core/holidays.ts';
import { type Lang, pick } from '../../core/message.ts';
import { addDays, type Day, dayOf, instantOf, monthDays, monthOf, weekday } from '../../core/time.ts';

/** On which days: 1 = Monday … 7 = Sunday; a day of the month that a month does not have is its last. */
export const Days = z.discriminatedUnion('every', [
  z.strictObject({ every: z.literal('day') }),
  z.strictObject({ every: z.literal('workday') }),
  z.strictObject({ every: z.literal('week'), on: z.array(z.int().min(1).max(7)).min(1) }),
  z.strictObject({ every: z.literal('month'), on: z.array(z.int().min(1).max(31)).min(1) }),
]);
export type Days = z.output<typeof Days>;

/** Days, and wall times `HH:MM` of the house's zone, both in order. */
export const Schedule = z.strictObject({ days: Days, times: z.array(z.string().regex(/^\d\d:\d\d$/)).min(1) });
export type Schedule = z.output<typeof Schedule>;

/**
 * Every due instant after `after`, in order, for ever. A wall time that a day does not have (clocks go forward) is due
 * when it would have been; one that a day has twice is due the first time.
 */
function* duesAfter({ days, times }: Schedule, after: Date, zone: string): Generator<Date, never> {
  let last = after.getTime();
  for (let day = dayOf(after, zone); ; day = addDays(day, 1)) {
    if (!fallsOn(days, day)) continue;
    const instants = times.map((time) => instantOf(day, time, zone).getTime()).toSorted((a, b) => a - b);
    for (const instant of instants) {
      if (instant <= last) continue;
      last = instant;
      yield new Date(instant);
    }
  }
}

/** The first due instant after `after`. */
export function nextDue(schedule: Schedule, after: Date, zone: string): Date {
  return duesAfter(schedule, after, zone).next().value;
}

/** Every due instant after `after` up to and including `until`. */
export function duesBetween(schedule: Schedule, after: Date, until: Date, zone: string): Date[] {
  const dues: Date[] = [];
  for (const due of duesAfter(schedule, after, zone)) {
    if (due > until) break;
    dues.push(due);
  }
  return dues;
}

function fallsOn(days: Days, day: Day): boolean {
  switch (days.every) {
    case 'day':
      return true;
    case 'workday':
      return isWorkday(day);
    case 'week':
      return days.on.includes(weekday(day));
    case 'month': {
      const last = monthDays(monthOf(day)).to;
      return (
        days.on.includes(Number(day.slice(8))) || (day === last && days.on.some((one) => one > Number(last.slice(8))))
      );
    }
  }
}

/** What is to be known of a workday in a year without announced holidays; null elsewhere. */
export function workdayDoubt({ days }: Schedule, due: Date, zone: string, lang: Lang): string | null {
  const day = dayOf(due, zone);
  if (days.every !== 'workday' || knowsYearOf(day)) return null;
  const year = day.slice(0, 4);
  return pick(
    lang,
    `${year} 年的放假安排还没收录，工作日先按周一到周五算。`,
    `The public holidays of ${year} are not known yet: workdays are Monday to Friday for now.`,
  );
}

const WEEKDAYS: Record<Lang, readonly string[]> = {
  zh: ['一', '二', '三', '四', '五', '六', '日'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
};

/** A schedule as people say it: 每周一、三 09:00; every Monday and Wednesday at 09:00. */
export function saySchedule({ days, times }: Schedule, lang: Lang): string {
  return pick(lang, `${sayDays(days, lang)} ${times.join('、')}`, `${sayDays(days, lang)} at ${listed(times)}`);
}

function sayDays(days: Days, lang: Lang): string {
  if (days.every === 'day') return pick(lang, '每天', 'every day');
  if (days.every === 'workday') return pick(lang, '每工作日', 'every workday');
  if (days.every === 'week') {
    const names = days.on.map((one) => WEEKDAYS[lang][one - 1] ?? '');
    const fiveDays = days.on.join('') === '12345';
    return pick(
      lang,
      `每周${fiveDays ? '一到五' : names.join('、')}`,
      `every ${fiveDays ? 'Monday to Friday' : listed(names)}`,
    );
  }
  const named = days.on.map((one) =>
    one === 31 ? pick(lang, '最后一天', 'the last day') : pick(lang, `${one}日`, `the ${ordinal(one)}`),
  );
  return pick(lang, `每月${named.join('、')}`, `every month on ${listed(named)}`);
}

const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });

/** 1st, 2nd, 3rd, 4th. */
function ordinal(number: number): string {
  const endings: Record<string, string> = { one: 'st', two: 'nd', few: 'rd' };
  return `${number}${endings[ORDINALS.select(number)] ?? 'th'}`;
}

function listed(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}
