import type { Calendar } from '../../core/calendar.ts';
import { deliveryDays } from './store.ts';

/** Deliveries by the day of the order. */
export const deliveriesCalendar: Calendar = {
  feed: 'drivers.deliveries',
  title: { zh: '配送单', en: 'Deliveries' },
  async days({ db }, span) {
    const rows = await deliveryDays(db, span);
    return rows.map(({ day, count }) => ({ day, rows: count, state: 'kept' as const }));
  },
};
