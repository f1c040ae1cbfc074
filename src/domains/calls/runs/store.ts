import type { Day } from '../../../core/time.ts';
import type { Database, Db } from '../../../store/db.ts';
import type { Track } from '../sync/standing.ts';

/** A synchronisation as it was asked for. */
export interface RunDraft {
  track: Track;
  /** `today`, `t3`, `t10`, `close`, or `range`. */
  window: string;
  trigger: 'job' | 'hand' | 'refresh' | 'api';
  days: readonly Day[];
  at: Date;
}

/** `running`; `complete`; `partial`: some days, or parts of one, are missing; `failed`. */
export type RunState = 'running' | 'complete' | 'partial' | 'failed';

export interface SyncRun {
  id: number;
  track: Track;
  window: string;
  trigger: RunDraft['trigger'];
  from: Day;
  to: Day;
  state: RunState;
  startedAt: Date;
  finishedAt: Date | null;
  durationMs: number | null;
  runner: string;
  counts: Record<string, number>;
  retries: number;
  error: string | null;
  readAt: Date | null;
}

/**
 * Takes the track and begins a run, if nobody has it. One that gives no sign of life has lost it.
 * @param machine the machine's clock, which all that share the database have
 * @param isGone whether a runner is known to have died, so that nobody waits for its time to lapse
 */
export function beginRun(
  db: Database,
  draft: RunDraft,
  {
    machine,
    holdMs,
    runner,
    isGone,
  }: { machine: Date; holdMs: number; runner: string; isGone(runner: string): boolean },
): Promise<{ id: number } | { heldBy: SyncRun }> {
  return db.$transaction(async (tx) => {
    const running = await tx.callSync.findFirst({ where: { track: draft.track, state: 'running' } });
    if (running && running.holdsUntil > machine && !isGone(running.runner)) return { heldBy: shown(running) };
    const ended = { state: 'failed', error: 'interrupted', finishedAt: draft.at };
    await tx.callSync.updateMany({ where: { track: draft.track, state: 'running' }, data: ended });
    const { track, window, trigger, days } = draft;
    const { id } = await tx.callSync.create({
      data: {
        ...{ track, window, trigger, runner },
        from: days[0] ?? '',
        to: days.at(-1) ?? '',
        state: 'running',
        startedAt: draft.at,
        holdsUntil: new Date(machine.getTime() + holdMs),
      },
      select: { id: true },
    });
    return { id };
  });
}

/** @returns false where the track was lost to somebody else */
export async function holdOn(db: Db, id: number, holdsUntil: Date): Promise<boolean> {
  const { count } = await db.callSync.updateMany({ where: { id, state: 'running' }, data: { holdsUntil } });
  return count > 0;
}

export async function endRun(
  db: Db,
  id: number,
  end: {
    state: RunState;
    finishedAt: Date;
    durationMs: number;
    counts: Record<string, number>;
    retries: number;
    error: string | null;
  },
): Promise<void> {
  const { counts, error, ...rest } = end;
  await db.callSync.updateMany({
    where: { id, state: 'running' },
    data: { ...rest, counts: JSON.stringify(counts), error: error?.slice(0, 2_000) ?? null },
  });
}

/** Runs, newest first. */
export async function listRuns(
  db: Db,
  { track, skip = 0, take }: { track?: Track | undefined; skip?: number; take: number },
): Promise<{ runs: SyncRun[]; total: number; unread: number }> {
  const where = track ? { track } : {};
  const [rows, total, unread] = await Promise.all([
    db.callSync.findMany({ where, orderBy: { id: 'desc' }, skip, take }),
    db.callSync.count({ where }),
    db.callSync.count({ where: { ...where, readAt: null, state: { not: 'running' } } }),
  ]);
  return { runs: rows.map(shown), total, unread };
}

export async function findRun(db: Db, id: number): Promise<SyncRun | null> {
  const row = await db.callSync.findUnique({ where: { id } });
  return row && shown(row);
}

/** The last run of a track; of those that are over, or of those that were complete. */
export async function lastRun(db: Db, track: Track, state?: RunState): Promise<SyncRun | null> {
  const row = await db.callSync.findFirst({ where: { track, ...(state && { state }) }, orderBy: { id: 'desc' } });
  return row && shown(row);
}

/** Marks one run as read, or all. */
export async function markRead(db: Db, id: number | null, at: Date): Promise<number> {
  const where = { readAt: null, state: { not: 'running' }, ...(id !== null && { id }) };
  return (await db.callSync.updateMany({ where, data: { readAt: at } })).count;
}

/** Forgets runs that began before an instant. */
export async function forgetRuns(db: Db, before: Date): Promise<number> {
  return (await db.callSync.deleteMany({ where: { startedAt: { lt: before }, state: { not: 'running' } } })).count;
}

function shown(row: { track: string; counts: string | null }): SyncRun {
  const counts = row.counts ? (JSON.parse(row.counts) as Record<string, number>) : {};
  return { ...(row as unknown as SyncRun), counts };
}
