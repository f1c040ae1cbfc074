import type { Calendar } from '../../core/calendar.ts';
import { contractDays } from './contracts/store.ts';

/** Contracts by the day on which they were signed. A day without any may be a quiet one. */
export const contractsCalendar: Calendar = {
  feed: 'rewards.contracts',
  title: { zh: '合同', en: 'Contracts' },
  async days({ db }, span) {
    const rows = await contractDays(db, span);
    return rows.map(({ day, count }) => ({ day, rows: count, state: 'kept' as const }));
  },
};
