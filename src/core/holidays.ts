import calendar from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import { type Day, weekday } from './time.ts';

/**
 * The State Council's calendar of public holidays and of the weekend days that are worked in exchange (调休). Read as data:
 * the library's own functions go by the machine's time zone, days here have none.
 */
const holidays: Readonly<Record<string, string>> = calendar.holidays;
const makeUpDays: Readonly<Record<string, string>> = calendar.workdays;
const knownYears = new Set(Object.keys(holidays).map((day) => day.slice(0, 4)));

/** Whether the year's holidays are announced and in the calendar; each is announced in November of the year before. */
export function knowsYearOf(day: Day): boolean {
  return knownYears.has(day.slice(0, 4));
}

/** Whether a day is worked in China. In a year that is not known yet: Monday to Friday. */
export function isWorkday(day: Day): boolean {
  if (makeUpDays[day] !== undefined) return true;
  return holidays[day] === undefined && weekday(day) <= 5;
}
