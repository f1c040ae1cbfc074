import { addDays, type Day, dayOf, instantOf, isDay, startOf } from '../../core/time.ts';

/** Days and times as files of deliveries write them. */

/** Day-month-year or year-month-day, whatever stands behind; of an instant its day in the zone; null where it is neither. */
export function dayIn(text: string, zone: string): Day | null {
  const plain = PLAIN.exec(text)?.[1];
  if (plain && dayAt(plain, zone)) return plain;
  const instant = instantIn(text);
  if (instant) return dayOf(instant, zone);
  const yearFirst = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s].*)?$/.exec(text);
  const dayFirst = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T\s].*)?$/.exec(text);
  const [year = '', month = '', day = ''] = yearFirst?.slice(1) ?? dayFirst?.slice(1).reverse() ?? [];
  const value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return value > '1990' && dayAt(value, zone) ? value : null;
}

/** Whether a day begins more than 24 hours after `now`: not merely another zone's tomorrow. */
export function isFuture(day: Day, now: Date, zone: string): boolean {
  return (dayAt(day, zone)?.start ?? 0) > now.getTime() + 2 * HALF_DAY;
}

/** A time as it was written: `wall` has no date of its own, `zero` is 00:00:00. */
interface Moment {
  at: Date;
  wall: boolean;
  zero: boolean;
}

/**
 * `14:20`, `14:20:05`, `24:05:00` (five past midnight), `0.5` (a part of a day, as Excel has it), or any of these behind a
 * date; without one it is on `orderDay`. Null where it is no time.
 */
export function momentOf(text: string | undefined, orderDay: Day, zone: string): Moment | null {
  if (text === undefined) return null;
  const plain = PLAIN.exec(text);
  if (plain) {
    const known = dayAt(plain[1] as string, zone);
    const seconds = Number(plain[2]) * 3600 + Number(plain[3]) * 60 + Number(plain[4]);
    if (known?.even) return { at: new Date(known.start + seconds * 1000), wall: false, zero: seconds === 0 };
  }
  const instant = instantIn(text);
  if (instant) return { at: instant, wall: false, zero: false };
  const [, date, time = text] = /^(\d+[-/.年]\d+[-/.月]\d+日?)(?:T|\s+)(.*)$/.exec(text) ?? [];
  const seconds = secondsOf(time);
  const day = date ? dayIn(date, zone) : orderDay;
  return seconds === null || day === null
    ? null
    : { at: wallInstant(day, seconds, zone), wall: !date, zero: seconds === 0 };
}

/** As databases write it: most rows of most sources. */
const PLAIN = /^((?:199|2\d\d)\d-\d\d-\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d+)?$/;

/** Seconds from the start of the day, under two days; null where the text is no time. */
function secondsOf(text: string): number | null {
  const wall = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?$/.exec(text);
  if (wall && Number(wall[1]) < 48) return Number(wall[1]) * 3600 + Number(wall[2]) * 60 + Number(wall[3] ?? 0);
  const part = /^[01]?\.\d+$|^[01]$/.test(text) ? Number(text) : 0;
  return part > 0 && part <= 1 ? Math.round(part * 86_400) : null;
}

/** `2022-03-30T14:20:00+08:00`, `…Z`: an instant that needs no zone of ours. */
function instantIn(text: string): Date | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return null;
  const at = new Date(text.replace(' ', 'T'));
  return Number.isNaN(at.getTime()) ? null : at;
}

/**
 * When it was ordered and picked up. A time of 00:00:00 by itself is a blank in disguise; it is midnight where the other
 * time bears it out (ordered at midnight and picked up soon after, or ordered before midnight).
 */
export function orderTimes(ordered: Moment | null, picked: Moment | null): [Date | null, Date | null] {
  const pickedAt = following(ordered?.at ?? null, picked);
  if (ordered?.zero) return pickedAt && !picked?.zero ? [ordered.at, pickedAt] : [null, null];
  return [ordered?.at ?? null, pickedAt];
}

const HALF_DAY = 12 * 3_600_000;

/** A later time: past midnight it is on the next day. One that cannot follow, within half a day, is not known. */
export function following(before: Date | null, moment: Moment | null): Date | null {
  if (!moment) return null;
  if (!before) return moment.zero ? null : moment.at;
  const late = moment.at.getTime() - before.getTime();
  if (late >= 0) return moment.at;
  return moment.wall && late + 2 * HALF_DAY <= HALF_DAY ? new Date(moment.at.getTime() + 2 * HALF_DAY) : null;
}

interface DayInZone {
  start: number;
  /** No clock is changed on it. */
  even: boolean;
}

const days = new Map<string, DayInZone | null>();

/** A day's start; null where there is no such day. Remembered: a file has many rows of few days. */
function dayAt(day: Day, zone: string): DayInZone | null {
  if (day === newest.day && zone === newest.zone) return newest.known;
  const key = `${day} ${zone}`;
  let known = days.get(key);
  if (known === undefined) {
    const start = isDay(day) ? startOf(day, zone).getTime() : null;
    known = start === null ? null : { start, even: startOf(addDays(day, 1), zone).getTime() - start === 2 * HALF_DAY };
    if (days.size > 10_000) days.clear();
    days.set(key, known);
  }
  newest = { day, zone, known };
  return known;
}

/** Rows of one day stand together. */
let newest: { day: Day; zone: string; known: DayInZone | null } = { day: '', zone: '', known: null };

function wallInstant(day: Day, seconds: number, zone: string): Date {
  if (seconds >= 86_400) return wallInstant(addDays(day, 1), seconds - 86_400, zone);
  const known = dayAt(day, zone);
  if (known?.even) return new Date(known.start + seconds * 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return instantOf(day, parts.map((part) => String(part).padStart(2, '0')).join(':'), zone);
}
