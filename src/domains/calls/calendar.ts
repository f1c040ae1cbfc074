import type { Calendar } from '../../core/calendar.ts';
import { callDays } from './store.ts';

/** Call records by day. */
export const recordsCalendar: Calendar = {
  feed: 'calls.records',
  title: { zh: '话单', en: 'Call records' },
  async days({ db }, span) {
    const rows = await callDays(db, span);
    return rows.map(({ day, count }) => ({ day, rows: count, state: 'kept' as const }));
  },
};
