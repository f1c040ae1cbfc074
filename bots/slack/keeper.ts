import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 500;
const LONGEST_MS = 60_000;
/** What stood so long did not fail: the next pause is the first again. */
const PROVEN_MS = 30_000;

/** What is kept up. */
export interface Kept {
  /** Resolves when it ends, whoever ended it. */
  ended: Promise<void>;
  close(): Promise<void>;
}

export interface Keeper {
  /** Why it is down; undefined while it stands. */
  trouble(): string | undefined;
  /** Resolves after the first attempt, whatever came of it. */
  first: Promise<void>;
  /** Resolves when all is closed, after the signal. */
  closed: Promise<void>;
}

/**
 * Opens something again and again until the signal, after pauses that double up to a minute. Nothing that `open` throws
 * escapes.
 * @param down told at each failure, with the reason
 */
export function keepUp(
  open: () => Promise<Kept>,
  say: (error: unknown) => string,
  down: (reason: string) => void,
  signal: AbortSignal,
): Keeper {
  let trouble: string | undefined = 'not connected yet';
  let tried = () => {};
  const first = new Promise<void>((resolve) => {
    tried = resolve;
  });
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      let proven: NodeJS.Timeout | undefined;
      try {
        const kept = await unlessStopped(open(), stopped);
        if (!kept) break;
        trouble = undefined;
        tried();
        proven = setTimeout(() => {
          failures = 0;
        }, PROVEN_MS);
        await Promise.race([kept.ended, stopped]);
        if (signal.aborted) await kept.close();
        trouble = 'reconnecting';
      } catch (error) {
        trouble = say(error);
        down(trouble);
        tried();
      } finally {
        clearTimeout(proven);
      }
      const pause = Math.min(FIRST_MS * 2 ** failures, LONGEST_MS) * (0.5 + Math.random() / 2);
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
    trouble = 'stopped';
    tried();
  }

  return { trouble: () => trouble, first, closed: run() };
}

/** What is opened after all is closed again. */
async function unlessStopped(opening: Promise<Kept>, stopped: Promise<undefined>): Promise<Kept | undefined> {
  const kept = await Promise.race([opening, stopped]);
  if (!kept) opening.then((late) => late.close()).catch(() => {});
  return kept;
}
