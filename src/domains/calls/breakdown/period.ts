import { z } from 'zod';
import { type Lang, pick } from '../../../core/message.ts';
import { daysOf, month as monthReader, type Reader, range } from '../../../core/reader.ts';
import { addDays, addMonths, type Clock, type Day, monthDays, monthOf, sayDay, today } from '../../../core/time.ts';

/** A period as an argument: a day, some days, a month. */
export const Period = z
  .string()
  .regex(
    /^(today|yesterday|this_month|last_month|last_\d{1,3}_days|\d{4}-(0[1-9]|1[0-2])|\d{4}-\d\d-\d\d(\.\.\d{4}-\d\d-\d\d)?)$/,
    'must be today, yesterday, this_month, last_month, last_7_days, YYYY-MM, YYYY-MM-DD or FROM..TO',
  )
  .describe('today, yesterday, this_month, last_month, last_N_days, YYYY-MM, YYYY-MM-DD or FROM..TO');

export const period: Reader = {
  what: range.what,
  ...(range.meant && { meant: range.meant }),
  read: (words, clock, lang) => monthReader.read(words, clock, lang) ?? range.read(words, clock, lang),
};

/** The days of a period, none in the future, and as many days before them. */
export function daysOfPeriod(value: string, clock: Clock, lang: Lang) {
  const now = today(clock);
  const { from, to } = span(value, clock, lang);
  const last = to > now ? now : to;
  const length = Math.round((Date.parse(last) - Date.parse(from)) / 86_400_000) + 1;
  return { from, to: last, before: { from: addDays(from, -length), to: addDays(from, -1) } };
}

function span(value: string, clock: Clock, lang: Lang): { from: Day; to: Day } {
  const now = today(clock);
  if (value === 'today') return { from: now, to: now };
  if (value === 'yesterday') return { from: addDays(now, -1), to: addDays(now, -1) };
  if (value === 'this_month') return monthDays(monthOf(now));
  if (value === 'last_month') return monthDays(addMonths(monthOf(now), -1));
  return value.length === 'YYYY-MM'.length ? monthDays(value) : daysOf(value, clock, lang);
}

/** 10-26 周日, or 10-20 至 10-26. */
export function sayPeriod({ from, to }: { from: Day; to: Day }, clock: Clock, lang: Lang): string {
  if (from === to && to === today(clock)) return pick(lang, '今日', 'today');
  if (from === to) return sayDay(from, lang);
  const year = from.slice(0, 4) === today(clock).slice(0, 4) ? 5 : 0;
  return pick(lang, `${from.slice(year)} 至 ${to.slice(year)}`, `${from.slice(year)} to ${to.slice(year)}`);
}
