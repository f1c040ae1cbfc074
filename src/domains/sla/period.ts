import { type Reader, range } from '../../core/reader.ts';
import { addDays, type Clock, type Day, isDay, today } from '../../core/time.ts';
import { weekBefore } from './week.ts';

/** `newest`: the newest day that is known. `week`: the seven days before today; `last_week`: Monday to Sunday. */
export const sayPeriod: Reader = {
  what: { zh: '日期', en: 'the period' },
  ...(range.meant && { meant: range.meant }),
  read(words, clock, lang) {
    for (const [value, pattern] of [
      ['last_week', /上周|上星期|\blast[_\s]week\b/i],
      ['newest', /最新|\bnewest\b/i],
      ['week', /近?(?:一|1)周|本周|这周|近7天|\b(?:this )?week\b/i],
    ] as const) {
      if (pattern.test(words)) return { value, rest: words.replace(pattern, ' ').replace(/\s+/g, ' ').trim() };
    }
    return range.read(words, clock, lang);
  },
};

/** The days of a period, both included; null: not one that `sayPeriod` gives. */
export function periodDays(value: string, clock: Clock, newest: Day): { from: Day; to: Day } | null {
  const yesterday = addDays(today(clock), -1);
  if (value === 'newest') return { from: newest, to: newest };
  if (value === 'week') return { from: addDays(yesterday, -6), to: yesterday };
  if (value === 'last_week') return weekBefore(today(clock));
  const last = /^last_(\d{1,3})_days$/.exec(value);
  if (last) return { from: addDays(yesterday, 1 - Number(last[1])), to: yesterday };
  const [from = '', to = from] = value.split('..');
  return isDay(from) && isDay(to) && from <= to ? { from, to } : null;
}
