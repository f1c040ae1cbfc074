import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Clock, clockTime } from '../../src/core/time.ts';
import { CallError } from './wire.ts';

/** Tries calls again for as long as it takes, and says how it stands. */
export interface Patience {
  /** The answer; undefined once told to stop, or where the token is wrong and trying is no use. */
  persist<T>(what: string, step: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined>;
  /** `ok`, or what is wrong. */
  state(): string;
  /** Another process of ours listens: this one sends, and that is well. */
  aside(): void;
  /** Resolves when the first try of anything has ended, well or not. */
  readonly tried: Promise<void>;
}

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Somebody else uses the bot. Both would push each other out for ever, so that we step back for longer and longer. */
const FIRST_CONFLICT_MS = 3000;
const LONGEST_CONFLICT_MS = 5 * 60_000;

/** @param stop is aborted from outside, or by us where the token is wrong */
export function createPatience(tools: { clock: Clock; log: Logger; stop: AbortController }): Patience {
  const { clock, log, stop } = tools;
  let state = 'not connected yet';
  let failures = 0;
  let conflicts = 0;
  let lastConflict = 0;
  let ended: () => void = () => {};
  const tried = new Promise<void>((resolve) => {
    ended = resolve;
  });

  /** How long to wait, having said why. */
  function judge(what: string, error: unknown): number {
    const failure = error instanceof CallError ? error : new CallError(String(error));
    const facts = { platform: 'telegram', call: what, why: failure.message };
    const since = clockTime(clock.now(), clock.zone);
    if (failure.code === 401 || failure.code === 404) {
      state = 'Telegram does not know the token: put the one that BotFather gave into TELEGRAM_BOT_TOKEN';
      log.error(facts, state);
      stop.abort();
      return 0;
    }
    if (failure.code === 409) {
      state = `another process uses this bot (since ${since}): stop it, or give this one a bot of its own`;
      log.error({ ...facts, alarm: true }, state);
      // Between two conflicts both get through now and then; only a long peace ends the quarrel.
      const now = clock.now().getTime();
      conflicts = now - lastConflict > 2 * LONGEST_CONFLICT_MS ? 0 : conflicts + 1;
      lastConflict = now;
      return growing(FIRST_CONFLICT_MS, conflicts, LONGEST_CONFLICT_MS);
    }
    if (failures === 0) state = `Telegram cannot be reached (since ${since}): ${failure.message}`;
    log.warn(facts, 'Telegram cannot be reached; trying again');
    return Math.max(failure.retryAfterMs ?? 0, growing(FIRST_MS, failures++, LONGEST_MS));
  }

  return {
    tried,
    state: () => state,
    aside() {
      state = 'ok';
      ended();
    },
    async persist(what, step, given) {
      const signal = given ? AbortSignal.any([given, stop.signal]) : stop.signal;
      while (!signal.aborted) {
        try {
          const answer = await step();
          state = 'ok';
          failures = 0;
          return answer;
        } catch (error) {
          if (signal.aborted) break;
          const ms = judge(what, error);
          ended();
          await sleep(ms, undefined, { signal }).catch(() => undefined);
        } finally {
          ended();
        }
      }
      return undefined;
    },
  };
}

/** Twice as long each time, and never the same for two processes. */
function growing(first: number, times: number, longest: number): number {
  return Math.min(longest, first * 2 ** times) * (0.5 + Math.random() / 2);
}
