import { Temporal } from 'temporal-polyfill';

/** A day in the house's time zone, `YYYY-MM-DD`. */
export type Day = string;
/** A month in the house's time zone, `YYYY-MM`. */
export type Month = string;

/** The only way to know what time it is. Instants are `Date`; days and months are text in the house's zone. */
export interface Clock {
  readonly zone: string;
  now(): Date;
}

/** The machine's clock. */
export function systemClock(zone: string): Clock {
  return { zone, now: () => new Date() };
}

/** A clock that stands still, for a run "as if it were then". */
export function fixedClock(zone: string, at: Date): Clock {
  return { zone, now: () => new Date(at) };
}

export function dayOf(instant: Date, zone: string): Day {
  return zoned(instant, zone).toPlainDate().toString();
}

export function hourOf(instant: Date, zone: string): number {
  return zoned(instant, zone).hour;
}

export function today(clock: Clock): Day {
  return dayOf(clock.now(), clock.zone);
}

/** `2026-11-22 14:20` in the zone. */
export function localMinute(instant: Date, zone: string): string {
  const at = zoned(instant, zone);
  return `${at.toPlainDate().toString()} ${at.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

/** `14:20` in the zone. */
export function clockTime(instant: Date, zone: string): string {
  return zoned(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' });
}

/** The first instant of a day. Days of 23 and 25 hours are as the zone has them. */
export function startOf(day: Day, zone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds);
}

/** The instant of a wall time (`2026-11-22`, `14:20:05`) in the zone. */
export function instantOf(day: Day, time: string, zone: string): Date {
  const plain = Temporal.PlainDateTime.from(`${day}T${time}`);
  return new Date(plain.toZonedDateTime(zone).epochMilliseconds);
}

export function addDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** Every day from `from` to `to`, both included; empty where `to` is before `from`. */
export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

export function monthOf(day: Day): Month {
  return day.slice(0, 7);
}

export function addMonths(month: Month, months: number): Month {
  return Temporal.PlainYearMonth.from(month).add({ months }).toString();
}

/** The first and the last day of a month. */
export function monthDays(month: Month): { from: Day; to: Day } {
  const plain = Temporal.PlainYearMonth.from(month);
  return { from: `${month}-01`, to: plain.toPlainDate({ day: plain.daysInMonth }).toString() };
}

/** 1 = Monday … 7 = Sunday. */
export function weekday(day: Day): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

const WEEKDAYS = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
} as const;

/** A day as people say it: `10-17 周五`, `10-17 Fri`. */
export function sayDay(day: Day, lang: 'zh' | 'en'): string {
  return `${day.slice(5)} ${WEEKDAYS[lang][weekday(day) - 1]}`;
}

/** Whether the text is a real day: `2026-02-30` is not. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}
