import { addDays, type Day, instantOf, startOf, weekday } from '../../core/time.ts';
import type { SlaRules } from './rules.ts';

/** Monday to Sunday. */
export interface Week {
  from: Day;
  to: Day;
}

/** The last whole week before a day: on a Monday, the seven business days before it. */
export function weekBefore(day: Day): Week {
  const monday = addDays(day, 1 - weekday(day));
  return { from: addDays(monday, -7), to: addDays(monday, -1) };
}

/** Until when a violation of a day may be appealed, as its daily notice and as its weekly report say it. */
export function appealDeadlines(day: Day, { appeals }: Pick<SlaRules, 'appeals'>, zone: string) {
  const monday = addDays(day, 8 - weekday(day));
  const at = (time: string) => (time === '24:00' ? startOf(addDays(monday, 1), zone) : instantOf(monday, time, zone));
  const [daily, weekly] = [at(appeals.daily), at(appeals.weekly)];
  return {
    monday,
    daily: { at: daily, time: appeals.daily },
    weekly: { at: weekly, time: appeals.weekly },
    /** Appeals are taken until then. */
    last: daily > weekly ? daily : weekly,
  };
}
