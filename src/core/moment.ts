import { dayOf, instantOf, isDay } from './time.ts';

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})$/i;
const YEAR_FIRST = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(AM|PM)?)?$/i;

/**
 * An instant as systems and spreadsheets write it: ISO 8601, with its offset or as wall time of `zone`; unix seconds or
 * milliseconds; `2025/10/17 9:05`. Where the year stands last, dashes and dots mean day-month (`29-02-2016 01:16`), slashes
 * month/day (`06/26/2018 10:58:54 AM`). A day alone is its first instant.
 * @returns null where it is none of these, or no real day
 */
export function momentOf(value: unknown, zone: string): Date | null {
  if (value instanceof Date) return value;
  const text = String(value ?? '').trim();
  if (/^\d{13}$/.test(text)) return new Date(Number(text));
  if (/^\d{10}$/.test(text)) return new Date(Number(text) * 1_000);
  if (WITH_ZONE.test(text)) {
    const at = new Date(text.replace(' ', 'T').replace(/\s+/g, ''));
    return Number.isNaN(at.getTime()) ? null : at;
  }
  const first = YEAR_FIRST.exec(text);
  if (first) return wall([first[1], first[2], first[3]], [first[4], first[5], first[6]], zone);
  const last = YEAR_LAST.exec(text);
  if (!last) return null;
  const american = text.includes('/');
  const [month, day] = american ? [last[1], last[2]] : [last[2], last[1]];
  const half = last[7]?.toUpperCase();
  const hour = half ? (Number(last[4]) % 12) + (half === 'PM' ? 12 : 0) : Number(last[4] ?? 0);
  return wall([last[3], month, day], [String(hour), last[5], last[6]], zone);
}

type Parts = readonly (string | undefined)[];

function wall([year, month, day]: Parts, [hour, minute, second]: Parts, zone: string): Date | null {
  const two = (part: string | undefined) => (part ?? '0').padStart(2, '0');
  const date = `${year}-${two(month)}-${two(day)}`;
  if (!isDay(date) || Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return null;
  return instantOf(date, `${two(hour)}:${two(minute)}:${two(second)}`, zone);
}

/** The day of what `momentOf` reads, in the zone. */
export function dayFrom(value: unknown, zone: string): string | null {
  const at = momentOf(value, zone);
  return at && dayOf(at, zone);
}
