import { fileURLToPath } from 'node:url';
import Bree from 'bree';
import type { Logger } from 'pino';
import { failed, oneLine, overdue } from './attempt.ts';
import type { Outcome } from './run.ts';
import type { WorkerData, WorkerMessage } from './worker.ts';

interface WorkersOptions {
  /** The compiled file that every worker thread runs. */
  entry: URL;
  zone: string;
  log: Logger;
  /** A worker posted letters. */
  onWake(): void;
  /** Milliseconds between asking a thread to stop and ending it. */
  graceMs: number;
}

interface Workers {
  /** Runs a job in a thread of its own; `onLog` gets each line that it logs, as JSON. @throws Error where Bree refuses */
  run(data: WorkerData, timeout: number, onLog?: (line: string) => void): Promise<Outcome>;
  /** Asks every thread to stop and ends those that do not within the grace. */
  stop(): Promise<void>;
}

interface Thread {
  error?: unknown;
  hear(message: WorkerMessage): void;
  /** Ends the thread from here; `outcome` is what becomes of a run that had none. */
  end(outcome: Outcome): void;
  /** Bree has let go of the thread. */
  over(): void;
}

/** A thread that takes longer to load the code and open the database is given up. */
const START_MS = 60_000;
const STOPPED: Outcome = { state: 'interrupted', error: 'Fieldbell was stopped' };

/**
 * Bree's part: one Bree job per run, named `job#run`, added with the data of that run and forgotten by Bree when it is
 * over. `bree.stop()` is not used: it takes only the first message after it for the answer, and waits for ever for a
 * thread that gives none.
 */
export function createWorkers(options: WorkersOptions): Workers {
  const { log } = options;
  const threads = new Map<string, Thread>();
  let stopping = false;
  const bree = new Bree({
    root: false,
    jobs: [],
    removeCompleted: true,
    timezone: options.zone,
    logger: {
      info: (text: unknown) => log.debug(String(text)),
      warn: (text: unknown) => log.warn(String(text)),
      error: (text: unknown) => log.error(String(text)),
    },
    // The first error is the cause; "exited with code 1" follows it.
    errorHandler: (error, { name }) => {
      const thread = threads.get(name);
      if (thread) thread.error ??= error;
    },
    workerMessageHandler: ({ name, message }) => threads.get(name)?.hear(message as WorkerMessage),
  });
  bree.on('worker deleted', (name: string) => threads.get(name)?.over());

  function follow(name: string, timeout: number, onLog: (line: string) => void): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      let outcome: Outcome | undefined;
      const end = (ending: Outcome): void => {
        outcome ??= ending;
        void bree.workers.get(name)?.terminate();
      };
      const endAfter = (ms: number, error: string) => setTimeout(() => end({ state: 'failed', error }), ms);
      let limit = endAfter(START_MS, `its thread did not start within ${START_MS / 1000} s`);
      const forget = (): void => {
        clearTimeout(limit);
        threads.delete(name);
      };
      const thread: Thread = {
        end,
        hear(message) {
          if (message === 'begun') {
            clearTimeout(limit);
            limit = endAfter(timeout + options.graceMs, `${overdue({ timeout })} and did not stop when asked to`);
          } else if (message !== 'done' && 'outcome' in message) outcome ??= message.outcome;
          else if (message !== 'done' && 'log' in message) onLog(message.log);
          else if (message !== 'done') options.onWake();
        },
        over() {
          forget();
          resolve(outcome ?? died(thread.error));
        },
      };
      threads.set(name, thread);
      bree.run(name).catch((error: unknown) => {
        forget();
        reject(error);
      });
    });
  }

  return {
    async run(data, timeout, onLog = () => {}) {
      const name = `${data.name}#${data.runId}`;
      // `eval: false`: Bree takes a path with a sign such as + or # in it for the text of a program.
      await bree.add({ name, path: fileURLToPath(options.entry), worker: { eval: false, workerData: data } });
      return stopping ? STOPPED : follow(name, timeout, onLog);
    },
    async stop() {
      stopping = true;
      for (const name of threads.keys()) bree.workers.get(name)?.postMessage('cancel');
      const limit = setTimeout(() => {
        for (const thread of threads.values()) thread.end(STOPPED);
      }, options.graceMs);
      while (threads.size > 0) await new Promise<void>((resolve) => bree.once('worker deleted', () => resolve()));
      clearTimeout(limit);
    },
  };
}

/** The thread went without a word: out of memory, `process.exit`, an error nobody caught. */
function died(error: unknown): Outcome {
  const outcome = failed(error ?? new Error('no reason given'));
  return { ...outcome, error: oneLine(`its thread died: ${outcome.error}`) };
}
