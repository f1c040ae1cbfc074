import type { Context } from './context.ts';
import type { Day } from './time.ts';

/** How a day of a feed stands. `kept`: there are rows, and nobody can say whether they are all. */
export interface DayStanding {
  day: Day;
  rows: number;
  state: 'complete' | 'partial' | 'missing' | 'kept';
  /** What went wrong. */
  problem?: string | null;
}

/** A feed day by day: what is there, what is missing. */
export interface Calendar {
  /** As feeds and syncs name it, e.g. `calls.records`. */
  feed: string;
  title: { zh: string; en: string };
  /** The days of which something is known, both ends included; the sample's rows where there are no others. */
  days(context: Context, span: { from: Day; to: Day }): Promise<DayStanding[]>;
}
