import type { z } from 'zod';
import type { Context } from './context.ts';
import type { Lang } from './message.ts';

/**
 * Work that runs by itself, in a Bree worker thread. A job is a value in a file of its own under `jobs/`; it says
 * everything through the outbox.
 */
export interface Job<A extends z.ZodObject = z.ZodObject> {
  /** `domain.verb`; the file is `jobs/<name>.ts`. */
  name: string;
  summary: Record<Lang, string>;
  /** When, as cron with five fields in the house's time zone; absent: by hand only. */
  cron?: string;
  /**
   * What to do about runs that were due while nothing ran, or were interrupted: nothing, one run, or every one, each
   * with the clock at its own instant.
   */
  missed: 'skip' | 'once' | 'all';
  args: A;
  /** Milliseconds after which the run is stopped and recorded as failed. */
  timeout: number;
  /** Returns what it counted, e.g. `{ read, new, said, skipped }`. */
  run(context: Context, args: z.output<A>): Promise<Record<string, number>>;
}

/** What every job of notices counts: rows read, those that are new, letters said, and what was left alone. */
export function noticeCounts(counts: Readonly<Record<string, number>>): Record<string, number> {
  return { read: 0, new: 0, said: 0, skipped: 0, ...counts };
}

export function job<A extends z.ZodObject>(declared: Job<A>): Job {
  return declared as unknown as Job;
}
