import { messageOf } from '../../core/errors.ts';
import { groupBy } from '../../core/group.ts';
import { type DeliveryTools, deliver, recover } from './deliver.ts';
import { dueLetters, postpone, requeueHeld } from './store.ts';

/** How often the outbox is looked at when nobody wakes it: letters may come from another process. */
const LOOK_MS = 1000;
const BATCH = 100;

/** Sends what is due, for ever. */
export interface Dispatcher {
  start(): Promise<void>;
  /** Something was queued. */
  wake(): void;
  /** Sends all that is due now; for tests and for the command line. Resolves when nothing more is due. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export function createDispatcher(tools: DeliveryTools, alive: (runner: string) => boolean): Dispatcher {
  let stopped = false;
  let running: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  async function round(): Promise<void> {
    do {
      again = false;
      for (;;) {
        const letters = await dueLetters(tools.db, tools.clock.now(), BATCH);
        if (letters.length === 0) break;
        // One line per destination: order is kept within it, and a slow one does not hold up the others.
        const lines = groupBy(letters, (letter) => letter.to);
        await Promise.all([...lines.values()].map(inOrder));
        if (stopped) return;
      }
    } while (again);
  }

  async function inOrder(letters: Awaited<ReturnType<typeof dueLetters>>): Promise<void> {
    for (const letter of letters) {
      if (stopped) return;
      const full = await deliver(letter, tools);
      if (!full) continue;
      const now = tools.clock.now();
      await postpone(tools.db, letter.to, now, new Date(now.getTime() + full.wait));
      return;
    }
  }

  function run(): Promise<void> {
    again = true;
    running ??= round()
      .catch((error: unknown) => tools.log.error({ err: error }, `the outbox stumbled: ${messageOf(error)}`))
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  return {
    async start() {
      await recover(tools, alive);
      await requeueHeld(tools.db);
      timer = setInterval(() => void run(), LOOK_MS);
      void run();
    },
    wake: () => void run(),
    drain: run,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
