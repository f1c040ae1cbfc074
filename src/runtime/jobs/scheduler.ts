import type { Context } from '../../core/context.ts';
import type { Job } from '../../core/job.ts';
import type { Lang } from '../../core/message.ts';
import type { JobAlarm } from './alarm.ts';
import { failed } from './attempt.ts';
import { argumentsOf, checkJobs, jobNamed } from './declared.ts';
import { nextDue } from './due.ts';
import { type Plan, plan } from './missed.ts';
import type { Outcome, Run } from './run.ts';
import { runLines } from './run-lines.ts';
import * as store from './store.ts';
import { createWorkers } from './workers.ts';

/** The longest sleep: a clock that was set, or a laptop that slept, is noticed this soon. */
const LONGEST_SLEEP_MS = 30_000;

export interface SchedulerOptions {
  jobs: readonly Job[];
  context: Pick<Context, 'db' | 'clock' | 'log'>;
  /** The compiled worker entry, and what its `openWorkerContext` is given. */
  worker: { entry: URL; config: unknown; waiting: SharedArrayBuffer };
  /** A worker posted letters: the dispatcher has something to do. */
  onWake(): void;
  /** Hears how each run ended that nobody began by hand. */
  alarm?: JobAlarm;
  /** Milliseconds that a running job has to stop when asked to, before its thread is ended. Default 5,000. */
  graceMs?: number;
  /** Milliseconds between the heartbeats of a run. Default 5,000; after 30,000 without one it counts as dead. */
  heartbeatMs?: number;
}

/** A job as it is listed. */
export interface JobView {
  name: string;
  summary: Record<Lang, string>;
  /** Null: by hand only. */
  cron: string | null;
  missed: Job['missed'];
  /** When it is due next; null where it is never. */
  next: Date | null;
  /** The newest run that began, running or over. */
  last: Run | null;
}

export interface Scheduler {
  /** Marks what crashed, makes good what was missed, and from then on runs each job when it is due. */
  start(): Promise<void>;
  /** Begins nothing more, stops what runs, and returns when every run is written down. */
  stop(): Promise<void>;
  /** Marks the runs of dead processes and begins what is due; by itself whenever something is, and every 30 s. */
  tick(): Promise<void>;
  /** Resolves when no run is under way. */
  idle(): Promise<void>;
  /**
   * Runs a job by hand in a worker thread, started or not, and resolves with the finished run.
   * @param options.at the clock stands at this instant
   * @throws AskerError where there is no such job, or the arguments are not its
   */
  runJob(name: string, args?: Record<string, unknown>, options?: { at?: Date }): Promise<Run>;
  listJobs(): Promise<JobView[]>;
  /** Runs, the newest first; 50 unless told. */
  listRuns(query?: { name?: string; before?: number; limit?: number }): Promise<Run[]>;
}

/**
 * The jobs' clock and their books. It lives in the main thread: it decides when a run begins, claims it in the database,
 * lets Bree run it in a worker thread, keeps its heartbeat, which a thread busy computing could not, and writes down how
 * it ended, which a thread that died could not.
 * @throws SetupError listing every mistake in the declarations
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { jobs, worker } = options;
  const { db, clock, log } = options.context;
  checkJobs(jobs);
  const workers = createWorkers({
    entry: worker.entry,
    zone: clock.zone,
    log,
    onWake: options.onWake,
    graceMs: options.graceMs ?? 5_000,
  });
  const scheduled = jobs.flatMap((job) => (job.cron === undefined ? [] : [{ ...job, cron: job.cron }]));
  /** Up to when each job's schedule is accounted for. Empty: not started. */
  const since = new Map<string, Date>();
  /** Instants whose run was interrupted. */
  const broken = new Map<string, Date>();
  /** Jobs that make good several missed runs, one after the other: what comes due meanwhile waits its turn. */
  const busy = new Set<string>();
  /** Runs of ours that are under way. */
  const mine = new Set<number>();
  const underWay = new Set<Promise<unknown>>();
  let alarm: NodeJS.Timeout | undefined;
  let stopping = false;

  async function launch(job: Job, wanted: store.Wanted, at?: Date): Promise<Run> {
    const run = await store.claimRun(db, wanted, clock.now(), mine);
    if (run.state === 'skipped') {
      log.warn({ job: run.name, run: run.id }, `job ${run.name} was skipped: ${run.error}`);
      return run;
    }
    mine.add(run.id);
    const lines = runLines(db, run.id, clock);
    const heart = setInterval(() => {
      void lines.flush().catch((error) => log.warn({ err: error }, 'the log of a run could not be kept'));
      store
        .renewHeartbeat(db, run.id, clock.now())
        .catch((error) => log.warn({ err: error }, 'no heartbeat for a job'));
    }, options.heartbeatMs ?? 5_000);
    try {
      log.info({ job: run.name, run: run.id, trigger: run.trigger }, `job ${run.name} runs`);
      const outcome = await inThread(job, run, at, lines.add);
      const finished = await store.finishRun(db, run.id, outcome, clock.now());
      const { state, counts, error } = finished;
      log[state === 'failed' ? 'error' : 'info'](
        { job: run.name, run: run.id, counts, error },
        `job ${run.name}: ${state}`,
      );
      if (run.trigger !== 'hand') {
        await options.alarm
          ?.ended(job, finished, outcome.told ?? false)
          .catch((error: unknown) => log.warn({ err: error }, 'an alarm could not be posted'));
      }
      return finished;
    } finally {
      clearInterval(heart);
      await lines.flush().catch((error) => log.warn({ err: error }, 'the log of a run could not be kept'));
      mine.delete(run.id);
    }
  }

  async function inThread(job: Job, run: Run, at: Date | undefined, onLog: (line: string) => void): Promise<Outcome> {
    if (stopping) return { state: 'interrupted', error: 'Fieldbell was stopped' };
    const { config, waiting } = worker;
    const data = {
      config,
      waiting,
      runId: run.id,
      name: job.name,
      trigger: run.trigger,
      args: run.args,
      at: at?.toISOString(),
    };
    const outcome = await workers.run(data, job.timeout, onLog).catch(failed);
    if (outcome.stack) log.error({ job: job.name, run: run.id }, outcome.stack);
    return outcome;
  }

  async function work(job: Job, runs: Plan['runs']): Promise<void> {
    for (const { trigger, scheduledFor } of runs) {
      if (stopping) return;
      // One run for many instants looks at now; a run for each looks at its own.
      const at = trigger === 'missed' && job.missed === 'all' ? scheduledFor : undefined;
      try {
        await launch(job, { name: job.name, trigger, scheduledFor, args: {} }, at);
      } catch (error) {
        // From this instant on nothing is accounted for: the next tick comes back to it.
        log.error({ err: error }, `job ${job.name} could not begin or be written down`);
        since.set(job.name, new Date(scheduledFor.getTime() - 1));
        return;
      }
    }
  }

  function track<T>(promise: Promise<T>): Promise<T> {
    const tracked = promise.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  async function tick(): Promise<void> {
    if (since.size === 0) return;
    await reap();
    const now = clock.now();
    for (const job of scheduled) {
      const from = since.get(job.name);
      if (!from || stopping || busy.has(job.name)) continue;
      const { runs, dropped } = plan(job, { since: from, now, broken: broken.get(job.name) }, clock.zone);
      if (dropped > 0)
        log.warn(`job ${job.name}: ${dropped} missed runs are given up, the last ${runs.length} are made good`);
      if (now > from) since.set(job.name, now);
      broken.delete(job.name);
      if (runs.length === 0) continue;
      if (runs.length > 1) busy.add(job.name);
      void track(work(job, runs).finally(() => busy.delete(job.name)));
    }
  }

  function arm(): void {
    if (stopping) return;
    const now = clock.now();
    const next = Math.min(
      ...scheduled.map((job) => nextDue(job.cron, now, clock.zone)?.getTime() ?? Number.POSITIVE_INFINITY),
    );
    alarm = setTimeout(ring, Math.min(next - now.getTime(), LONGEST_SLEEP_MS));
  }

  function ring(): void {
    void track(tick());
    arm();
  }

  async function reap(): Promise<void> {
    const dead = await store.reapRuns(db, clock.now(), mine).catch((error) => {
      log.error({ err: error }, 'the runs of dead processes could not be marked');
      return [];
    });
    for (const run of dead) {
      log.warn(
        { job: run.name, run: run.id },
        `job ${run.name} was interrupted: its process has ended (${run.runner})`,
      );
      if (run.trigger !== 'hand' && run.scheduledFor) broken.set(run.name, run.scheduledFor);
    }
  }

  return {
    tick,
    async start() {
      const now = clock.now();
      for (const job of scheduled) {
        const last = await store.lastScheduledRun(db, job.name);
        since.set(job.name, last?.scheduledFor ?? (await store.firstSeen(db, job.name, now)));
        if (last?.state === 'interrupted' && last.scheduledFor) broken.set(job.name, last.scheduledFor);
      }
      await tick();
      arm();
    },
    async stop() {
      stopping = true;
      clearTimeout(alarm);
      await workers.stop();
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    runJob: async (name, args = {}, { at } = {}) => {
      const job = jobNamed(jobs, name);
      argumentsOf(job, args);
      return track(launch(job, { name, trigger: 'hand', scheduledFor: at ?? null, args }, at));
    },
    async listJobs() {
      const last = await store.lastRuns(db);
      return jobs.map(({ name, summary, cron = null, missed }) => {
        const next = cron === null ? null : nextDue(cron, clock.now(), clock.zone);
        return { name, summary, cron, missed, next, last: last.get(name) ?? null };
      });
    },
    listRuns: (query) => store.listRuns(db, query),
  };
}
