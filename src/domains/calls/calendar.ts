import type { Calendar, DayStanding } from '../../core/calendar.ts';
import { callDays } from './store.ts';
import { statusOf, type Track } from './sync/standing.ts';
import { dayRows } from './sync/store.ts';

const STATES = { complete: 'complete', stale: 'partial', partial: 'partial', missing: 'missing' } as const;

/** The days of a track by their standing; days that were only imported hold rows, and nobody can say whether all. */
function calendarOf(track: Track, title: Calendar['title']): Calendar {
  return {
    feed: `calls.${track}`,
    title,
    async days({ db, clock }, span) {
      const rows = await dayRows(db, span.from, span.to, track);
      const days = new Map<string, DayStanding>(
        rows.map((row) => {
          const { day, rowsRead, problem } = row;
          return [day, { day, rows: rowsRead, state: STATES[statusOf(row, clock)], problem }];
        }),
      );
      for (const { day, count } of track === 'records' ? await callDays(db, span) : [])
        if (!days.has(day)) days.set(day, { day, rows: count, state: 'kept' });
      return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
    },
  };
}

/** Call records, and the statistics of accounts, tasks and lines. */
export const callsCalendars: readonly Calendar[] = [
  calendarOf('records', { zh: '话单', en: 'Call records' }),
  calendarOf('tasks', { zh: '外呼统计', en: 'Call statistics' }),
];
