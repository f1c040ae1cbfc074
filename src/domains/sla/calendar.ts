import type { Calendar, DayStanding } from '../../core/calendar.ts';
import { daysBetween } from '../../core/time.ts';
import { knownDays, newestDay } from './store.ts';

/** Violations by business date. A day between two that are known and of which nothing is, is missing. */
export const violationsCalendar: Calendar = {
  feed: 'sla.violations',
  title: { zh: '服务违规', en: 'Violations' },
  async days({ db }, { from, to }) {
    const newest = await newestDay(db);
    if (!newest) return [];
    const known = await knownDays(db, from, to, newest.sample);
    const [first] = [...known.keys()].toSorted();
    if (first === undefined) return [];
    return daysBetween(first, to < newest.day ? to : newest.day).map((day): DayStanding => {
      const one = known.get(day);
      if (!one) return { day, rows: 0, state: 'missing' };
      const state = one.completeness === 'complete' ? 'complete' : one.completeness === 'partial' ? 'partial' : 'kept';
      return { day, rows: one.rows, state };
    });
  },
};
