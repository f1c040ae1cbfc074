import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Context } from '../../core/context.ts';
import type { Job } from '../../core/job.ts';
import type { Outbox } from '../../core/outbox.ts';
import { openAlerts } from '../alerts/alerts.ts';
import { attempt, failed } from './attempt.ts';
import type { Outcome, Trigger } from './run.ts';

/** What a worker thread is given. */
export interface WorkerData {
  /** The settings, as plain JSON. */
  config: unknown;
  /** How many writes of the main thread wait for the database. */
  waiting: SharedArrayBuffer;
  runId: number;
  name: string;
  trigger: Trigger;
  args: Record<string, unknown>;
  /** The clock stands here, as ISO 8601; absent: the machine's clock. */
  at?: string | undefined;
}

/** What a worker thread says. `begun`: the job's time runs from here. `done` is Bree's word: the thread may be ended. */
export type WorkerMessage = 'begun' | { wake: 'outbox' } | { log: string } | { outcome: Outcome } | 'done';

/** Builds the world of a worker thread; `close` closes its database. */
export type OpenWorkerContext = (
  config: unknown,
  options: { waiting: SharedArrayBuffer; at?: string; signal: AbortSignal; onLog?: (line: string) => void },
) => Promise<{ context: Context; close(): Promise<void> }>;

/** The main thread is told of new letters at most this often, in milliseconds. */
const WAKE_MS = 200;

/** Steps behind the main thread; few enough for a job that holds the database to come on. */
const NICE = 5;

/** The one body of every worker thread: runs the job that it was given and says how that ended. */
export async function runInWorker(jobs: readonly Job[], open: OpenWorkerContext): Promise<void> {
  const port = parentPort;
  if (!port)
    throw new Error('This file is run by the scheduler in a worker thread; run `fieldbell jobs run NAME` instead.');
  // Answers go first. On Linux this is the priority of the calling thread; elsewhere it would be that of the whole process.
  if (process.platform === 'linux') setPriority(NICE);
  const say = (message: WorkerMessage): void => port.postMessage(message);
  const stopping = new AbortController();
  port.on('message', (message) => {
    if (message === 'cancel') stopping.abort(new Error('Fieldbell was stopped'));
  });
  const wake = atMostEvery(WAKE_MS, () => say({ wake: 'outbox' }));
  const data = workerData as WorkerData;
  const outcome = await work().catch(failed);
  wake.flush();
  say({ outcome });
  say('done');

  async function work(): Promise<Outcome> {
    const job = jobs.find((one) => one.name === data.name);
    if (!job) throw new Error(`there is no job ${data.name} in jobs/index.ts`);
    const { signal } = stopping;
    const at = data.at === undefined ? {} : { at: data.at };
    const { context, close } = await open(data.config, {
      waiting: data.waiting,
      signal,
      onLog: (line) => say({ log: line }),
      ...at,
    });
    say('begun');
    try {
      const outbox = waking(context.outbox, wake.call);
      return await attempt(job, { ...context, signal, outbox, alerts: openAlerts({ ...context, outbox }) }, data.args);
    } finally {
      await close();
    }
  }
}

/** The dispatcher lives in the main thread and cannot see that a worker posted something. */
function waking(outbox: Outbox, wake: () => void): Outbox {
  return {
    async post(letter, db) {
      const answer = await outbox.post(letter, db);
      if (answer === 'queued') wake();
      return answer;
    },
    async postAll(letters, db) {
      const added = await outbox.postAll(letters, db);
      if (added > 0) wake();
      return added;
    },
  };
}

/** `flush` makes a last call if there was any: the letters of the last transaction are committed only then. */
function atMostEvery(ms: number, act: () => void): { call(): void; flush(): void } {
  let timer: NodeJS.Timeout | undefined;
  let called = false;
  return {
    call() {
      called = true;
      timer ??= setTimeout(() => {
        timer = undefined;
        act();
      }, ms);
    },
    flush() {
      clearTimeout(timer);
      if (called) act();
    },
  };
}
