import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import type { Context } from '../../../core/context.ts';
import { messageOf, SetupError, told, UpstreamError } from '../../../core/errors.ts';
import type { Guanke } from '../../../core/guanke.ts';
import { systemClock } from '../../../core/time.ts';
import { checkDay } from '../check/check.ts';
import { type DayOutcome, READ_DAY, type ReadWish } from '../sync/tracks.ts';
import { closeTrouble, openTrouble } from './alarm.ts';
import { beginRun, endRun, holdOn, type RunDraft, type RunState, type SyncRun } from './store.ts';

/** A run that gives no sign of life for so long has died; one that lives gives three. */
const HOLD_MS = 15_000;

/** The track is being synchronised, and waiting for it took too long. */
export class BusyError extends UpstreamError {
  readonly run: SyncRun;
  constructor(run: SyncRun) {
    super(`calls.${run.track} is being synchronised since ${run.startedAt.toISOString()} by ${run.runner}`);
    this.run = run;
  }
}

export interface TrackReport {
  id: number;
  state: RunState;
  days: DayOutcome[];
  counts: Record<string, number>;
  retries: number;
  durationMs: number;
}

export interface RunWish extends Omit<RunDraft, 'at'>, Omit<ReadWish, 'run'> {
  /** How long to wait for a run of the same track to end. */
  waitMs: number;
}

/** The upstream. @throws SetupError where its settings are not there */
function guankeOf({ sources }: Context): Guanke {
  if (sources.guanke) return sources.guanke;
  throw new SetupError('Guanke is off: set GUANKE_BASE_URL and GUANKE_USERNAME with GUANKE_PASSWORD, or GUANKE_SECRET');
}

/**
 * Brings some days of a track up to date, newest first, one after another. One run of a track at a time, in whatever
 * process; every run is written down. A day that fails does not keep the others.
 * @throws BusyError where another run did not end in time
 * @throws SetupError where the sign-in is refused
 */
export async function runTrack(context: Context, wish: RunWish): Promise<TrackReport> {
  const guanke = guankeOf(context);
  const { db, clock, signal } = context;
  const id = await take(context, wish);
  const began = performance.now();
  const holding = setInterval(() => {
    holdOn(db, id, later()).catch((error: unknown) => context.log.warn({ err: error }, 'a run cannot be held'));
  }, HOLD_MS / 4);
  const days: DayOutcome[] = [];
  const end = async (state: RunState, error: string | null): Promise<TrackReport> => {
    clearInterval(holding);
    const durationMs = Math.round(performance.now() - began);
    const counts = sums(days);
    const retries = days.reduce((sum, day) => sum + day.retries, 0);
    await endRun(db, id, { state, finishedAt: clock.now(), durationMs, counts, retries, error });
    return { id, state, days, counts, retries, durationMs };
  };
  try {
    for (const day of [...wish.days].reverse()) {
      signal.throwIfAborted();
      const outcome = await READ_DAY[wish.track](context, guanke, day, { ...wish, run: id });
      days.push(outcome);
      if (outcome.state === 'complete' || outcome.state === 'partial') await checkDay(context, day);
    }
  } catch (error) {
    await end('failed', messageOf(error));
    if (signal.aborted) throw error;
    await openTrouble(context, wish, messageOf(error));
    throw error instanceof Error ? told(error) : error;
  }
  const bad = days.filter(({ state }) => state !== 'complete');
  const state = bad.length === 0 ? 'complete' : days.every((day) => day.state === 'failed') ? 'failed' : 'partial';
  const error = bad.length > 0 ? bad.map(({ day, problem }) => `${day}: ${problem}`).join('\n') : null;
  const report = await end(state, error);
  if (error) await openTrouble(context, wish, error);
  else await closeTrouble(context, wish.track);
  context.log.info(
    { track: wish.track, window: wish.window, state, ms: report.durationMs, ...report.counts },
    'calls synced',
  );
  return report;
}

async function take(context: Context, wish: RunWish): Promise<number> {
  const { db, clock, signal } = context;
  const runner = `${hostname()}/${process.pid}/${threadId}`;
  const until = performance.now() + wish.waitMs;
  for (;;) {
    const hold = { machine: machine().now(), holdMs: HOLD_MS, runner, isGone };
    const taken = await beginRun(db, { ...wish, at: clock.now() }, hold);
    if ('id' in taken) return taken.id;
    if (performance.now() >= until) throw new BusyError(taken.heldBy);
    await sleep(200, undefined, { signal });
  }
}

/** Whether a runner was another process of this machine that is no longer there. */
function isGone(runner: string): boolean {
  const [host, pid] = runner.split('/');
  if (host !== hostname() || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Holding a track is agreed on by the clock on the wall, also where a job runs as if it were another time. */
function machine() {
  return systemClock('UTC');
}

function later(): Date {
  return new Date(machine().now().getTime() + HOLD_MS);
}

function sums(days: readonly DayOutcome[]): Record<string, number> {
  const counts: Record<string, number> = { days: days.length };
  for (const { counts: one, state } of days) {
    for (const [name, count] of Object.entries(one)) counts[name] = (counts[name] ?? 0) + count;
    if (state !== 'complete') counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}
