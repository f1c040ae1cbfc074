import { z } from 'zod';
import { type Lang, pick } from '../../../core/message.ts';
import { daysOf, month as monthReader, type Reader, range } from '../../../core/reader.ts';
import {
  addDays,
  addMonths,
  type Clock,
  type Day,
  monthDays,
  monthOf,
  sayDay,
  today,
  weekday,
} from '../../../core/time.ts';

/** A period as an argument: a day, some days, a month. */
export const Period = z
  .string()
  .regex(
    /^(today|yesterday|this_week|last_week|this_month|last_month|last_\d{1,3}_days|\d{4}-(0[1-9]|1[0-2])|\d{4}-\d\d-\d\d(\.\.\d{4}-\d\d-\d\d)?)$/,
    'must be today, yesterday, this_week, last_week, this_month, last_month, last_7_days, YYYY-MM, YYYY-MM-DD or FROM..TO',
  )
  .describe(
    'today, yesterday, this_week, last_week, this_month, last_month, last_N_days, YYYY-MM, YYYY-MM-DD or FROM..TO',
  );

export const period: Reader = {
  what: range.what,
  ...(range.meant && { meant: range.meant }),
  read: (words, clock, lang) => week(words) ?? monthReader.read(words, clock, lang) ?? range.read(words, clock, lang),
};

/** 上周, 本周: Monday to Sunday. */
function week(words: string): { value: string; rest: string } | null {
  const found = /(上|本|这)(?:个)?(?:周|星期)|\b(last|this)[_ ]week\b/i.exec(words);
  if (!found) return null;
  const last = found[1] === '上' || found[2]?.toLowerCase() === 'last';
  return { value: last ? 'last_week' : 'this_week', rest: words.replace(found[0], ' ').trim() };
}

/** The days of a period, none in the future, and as many days before them; before a whole month, the month before. */
export function daysOfPeriod(value: string, clock: Clock, lang: Lang) {
  const now = today(clock);
  const { from, to } = span(value, clock, lang);
  const last = to > now ? now : to;
  if (from === monthDays(monthOf(from)).from && last === monthDays(monthOf(from)).to)
    return { from, to: last, before: monthDays(addMonths(monthOf(from), -1)) };
  const length = Math.round((Date.parse(last) - Date.parse(from)) / 86_400_000) + 1;
  return { from, to: last, before: { from: addDays(from, -length), to: addDays(from, -1) } };
}

function span(value: string, clock: Clock, lang: Lang): { from: Day; to: Day } {
  const now = today(clock);
  if (value === 'today') return { from: now, to: now };
  if (value === 'yesterday') return { from: addDays(now, -1), to: addDays(now, -1) };
  const monday = addDays(now, 1 - weekday(now));
  if (value === 'this_week') return { from: monday, to: addDays(monday, 6) };
  if (value === 'last_week') return { from: addDays(monday, -7), to: addDays(monday, -1) };
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
