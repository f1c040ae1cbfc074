import { addDays, type Clock, type Day, hourOf, startOf, today } from '../../../core/time.ts';

/** The two tracks: statistics of accounts and tasks, and call records. */
export type Track = 'tasks' | 'records';

/** How a day of one track stands in the database. */
export interface DayRow {
  day: Day;
  track: Track;
  kept: 'missing' | 'partial' | 'complete';
  asOf: Date | null;
  pagesRead: number;
  pagesExpected: number;
  rowsRead: number;
  rowsExpected: number;
  dialled: number | null;
  connected: number | null;
  success: number | null;
  failedAt: Date | null;
  problem: string | null;
}

/**
 * - complete: all that there was when the day was over, or of today a short while ago.
 * - stale: it was complete once; since then it was not read in time, or could not be.
 * - partial: pages or rows are missing.
 * - missing: nothing is known.
 */
export type DayStatus = 'complete' | 'stale' | 'partial' | 'missing';

/** Minutes after which today's figures are late: two runs of the job and a bit. */
const LATE_AFTER: Record<Track, number> = { tasks: 75, records: 25 };
/** Hours of the day in which today is kept up to date by itself. */
const FIRST_HOUR = 9;

export function statusOf(row: DayRow | undefined, clock: Clock): DayStatus {
  if (!row?.asOf || row.kept === 'missing') return 'missing';
  if (row.kept === 'partial') return 'partial';
  if (row.failedAt && row.failedAt > row.asOf) return 'stale';
  if (row.day < today(clock)) return isClosed(row, clock) ? 'complete' : 'stale';
  const now = clock.now();
  const minutes = (now.getTime() - row.asOf.getTime()) / 60_000;
  return minutes > LATE_AFTER[row.track] && hourOf(now, clock.zone) >= FIRST_HOUR ? 'stale' : 'complete';
}

/** Whether the scan that is kept was made when the day was over. */
export function isClosed(row: Pick<DayRow, 'day' | 'asOf'>, { zone }: Clock): boolean {
  return row.asOf !== null && row.asOf >= startOf(addDays(row.day, 1), zone);
}

/** What a new scan is. */
export interface ScanSize {
  whole: boolean;
  /** Records, or dialled calls. */
  size: number;
  problem?: string | undefined;
}

/** Less than this part of what was known is more likely a fault than the truth. */
const LEAST_PART = 0.5;

/**
 * Whether a scan may take the place of what is kept.
 * @param kept the size of what is kept; null: nothing is
 * @returns null, or why not
 */
export function worseThan(kept: { whole: boolean; size: number } | null, scan: ScanSize): string | null {
  if (!kept) return null;
  if (scan.size < kept.size * LEAST_PART) return `${scan.size} after ${kept.size}: nothing was changed`;
  if (kept.whole && !scan.whole) return scan.problem ?? 'not whole';
  return null;
}
