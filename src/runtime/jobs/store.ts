import type { Database, Db } from '../../store/db.ts';
import type { JobRun } from '../../store/generated/client.ts';
import { settingOr } from '../../store/settings.ts';
import type { Outcome, Run, RunState, Trigger } from './run.ts';
import { isLive, thisRunner } from './runner.ts';

/** A run that somebody wants to begin. */
export interface Wanted {
  name: string;
  trigger: Trigger;
  scheduledFor: Date | null;
  args: Record<string, unknown>;
}

/**
 * Begins a run, in one transaction: `running`, or `skipped` where another run of the job lives, in whatever process, or
 * where this due instant was run already. Runs of the job whose runner died are marked on the way.
 * @param mine runs of this scheduler, known to live although the machine may have slept through their heartbeats
 */
export function claimRun(db: Database, wanted: Wanted, now: Date, mine: ReadonlySet<number> = new Set()): Promise<Run> {
  return db.$transaction(async (tx) => {
    const running = await tx.jobRun.findMany({
      where: { name: wanted.name, state: 'running' },
      orderBy: { id: 'asc' },
    });
    const live = running.find((run) => mine.has(run.id) || isLive(run, now));
    for (const run of running) if (!mine.has(run.id) && !isLive(run, now)) await interrupt(tx, run, now);
    const reason = live ? `run ${live.id} has not ended yet` : await alreadyRun(tx, wanted);
    const created = await tx.jobRun.create({
      data: {
        ...wanted,
        args: JSON.stringify(wanted.args),
        state: reason ? 'skipped' : 'running',
        error: reason,
        startedAt: now,
        heartbeatAt: now,
        finishedAt: reason ? now : null,
        runner: thisRunner,
      },
    });
    return read(created);
  });
}

/** Two processes wake for the same due instant; the second may come when the first is through. */
async function alreadyRun(tx: Db, wanted: Wanted): Promise<string | null> {
  if (wanted.trigger === 'hand') return null;
  const before = await tx.jobRun.findFirst({
    where: { ...scheduled(wanted.name), scheduledFor: wanted.scheduledFor, state: { in: ['done', 'failed'] } },
  });
  return before ? `run ${before.id} was for the same time` : null;
}

/** Writes down how a run ended. A run that somebody else has marked meanwhile stays as it is. */
export async function finishRun(db: Database, id: number, outcome: Outcome, now: Date): Promise<Run> {
  await db.jobRun.updateMany({
    where: { id, state: 'running' },
    data: {
      state: outcome.state,
      counts: outcome.counts ? JSON.stringify(outcome.counts) : null,
      error: outcome.error ?? null,
      finishedAt: now,
    },
  });
  return read(await db.jobRun.findUniqueOrThrow({ where: { id } }));
}

export async function renewHeartbeat(db: Database, id: number, now: Date): Promise<void> {
  await db.jobRun.updateMany({ where: { id, state: 'running' }, data: { heartbeatAt: now } });
}

/** Marks the runs that dead runners left `running` as interrupted, and returns them. */
export async function reapRuns(db: Database, now: Date, mine: ReadonlySet<number>): Promise<Run[]> {
  const running = await db.jobRun.findMany({ where: { state: 'running' }, orderBy: { id: 'asc' } });
  const dead: Run[] = [];
  for (const run of running) {
    if (mine.has(run.id) || isLive(run, now)) continue;
    if (await interrupt(db, run, now)) dead.push({ ...read(run), state: 'interrupted' });
  }
  return dead;
}

async function interrupt(db: Db, run: JobRun, now: Date): Promise<boolean> {
  const marked = await db.jobRun.updateMany({
    where: { id: run.id, state: 'running' },
    data: { state: 'interrupted', error: `the process that ran it has ended (${run.runner})`, finishedAt: now },
  });
  return marked.count > 0;
}

/** The last run that the schedule began: what is due up to it is accounted for. */
export async function lastScheduledRun(db: Database, name: string): Promise<Run | null> {
  const last = await db.jobRun.findFirst({
    where: scheduled(name),
    orderBy: [{ scheduledFor: 'desc' }, { id: 'desc' }],
  });
  return last && read(last);
}

/** When a job was first seen; seen now where it was not. A job does not run for the time before it existed. */
export async function firstSeen(db: Database, name: string, now: Date): Promise<Date> {
  return new Date(await settingOr(db, `job/${name}/first-seen`, () => now.toISOString()));
}

/** Runs, the newest first. */
export async function listRuns(
  db: Database,
  query: { name?: string; before?: number; limit?: number } = {},
): Promise<Run[]> {
  const where = {
    ...(query.name && { name: query.name }),
    ...(query.before !== undefined && { id: { lt: query.before } }),
  };
  return (await db.jobRun.findMany({ where, orderBy: { id: 'desc' }, take: query.limit ?? 50 })).map(read);
}

/** The newest run of each job that has begun one, by the job's name. */
export async function lastRuns(db: Database): Promise<Map<string, Run>> {
  const newest = await db.jobRun.groupBy({ by: ['name'], where: { state: { not: 'skipped' } }, _max: { id: true } });
  const ids = newest.flatMap((group) => group._max.id ?? []);
  const runs = await db.jobRun.findMany({ where: { id: { in: ids } } });
  return new Map(runs.map((run) => [run.name, read(run)]));
}

function scheduled(name: string): { name: string; trigger: { in: Trigger[] }; scheduledFor: { not: null } } {
  return { name, trigger: { in: ['schedule', 'missed'] }, scheduledFor: { not: null } };
}

function read(row: JobRun): Run {
  return {
    ...row,
    trigger: row.trigger as Trigger,
    state: row.state as RunState,
    args: JSON.parse(row.args) as Run['args'],
    counts: row.counts === null ? null : (JSON.parse(row.counts) as Run['counts']),
  };
}

/** Lines that a run has logged. */
export interface LogLine {
  at: Date;
  level: string;
  text: string;
}

export async function addRunLog(db: Database, run: number, lines: readonly LogLine[]): Promise<void> {
  if (lines.length > 0) await db.runLog.createMany({ data: lines.map((line) => ({ run, ...line })) });
}

export function runLog(db: Database, run: number): Promise<LogLine[]> {
  return db.runLog.findMany({ where: { run }, orderBy: { seq: 'asc' } });
}

/** Forgets finished runs of before an instant; the newest of each job stays, because missed runs are told by it. */
export async function forgetRuns(db: Database, before: Date): Promise<void> {
  const newest = await db.jobRun.groupBy({ by: ['name'], _max: { id: true } });
  const kept = newest.flatMap((group) => group._max.id ?? []);
  await db.jobRun.deleteMany({ where: { startedAt: { lt: before }, id: { notIn: kept }, state: { not: 'running' } } });
}
