import type { Context } from '../../../core/context.ts';
import { addDays, type Day, daysBetween, today } from '../../../core/time.ts';
import { statusOf, type Track } from '../sync/standing.ts';
import { dayRows, firstDay } from '../sync/store.ts';

/** What is read by itself: today; the last three days, whose labels are still corrected; ten days; yesterday when it is over. */
export type Window = 'today' | 't3' | 't10' | 'close';

/** How far back days are made good that were missed while nothing ran. */
const CATCH_UP_DAYS = 40;

/**
 * The days of a window, in their order. The widest one also takes every day since the first known one that is not
 * complete; where nothing is known yet, any window begins with ten days.
 */
export async function daysOfWindow({ db, clock }: Context, track: Track, window: Window): Promise<Day[]> {
  const now = today(clock);
  const back = (days: number) => daysBetween(addDays(now, -days), addDays(now, -1));
  const first = await firstDay(db, track);
  if (first === null) return [...back(10), ...(window === 'today' ? [now] : [])];
  if (window === 'today') return [now];
  if (window === 'close') return back(1);
  if (window === 't3') return back(3);
  const from = addDays(now, -CATCH_UP_DAYS);
  const rows = new Map((await dayRows(db, from, now, track)).map((row) => [row.day, row]));
  const missed = daysBetween(first > from ? first : from, addDays(now, -11)).filter(
    (day) => statusOf(rows.get(day), clock) !== 'complete',
  );
  return [...missed, ...back(10)];
}
