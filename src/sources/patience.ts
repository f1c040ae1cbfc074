import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamError } from '../core/errors.ts';

/** An answer that may be better the next time. */
export class Unwell extends UpstreamError {
  /** When the other side wants to be asked again; milliseconds. */
  readonly retryAfterMs: number | undefined;
  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Patience {
  tries: number;
  /** The pause after the first failure; it doubles with each, and varies by half of it. */
  firstPauseMs: number;
  /** Longer than this nobody is waited for. */
  longestPauseMs: number;
}

const PATIENCE: Patience = { tries: 4, firstPauseMs: 500, longestPauseMs: 60_000 };

/**
 * Asks again while the other side is unwell.
 * @param again told before each further try
 * @throws what the last try threw
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  signal: AbortSignal,
  patience = PATIENCE,
  again: (error: Unwell) => void = () => {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unwell) || attempt >= patience.tries) throw error;
      const backOff = patience.firstPauseMs * 2 ** (attempt - 1);
      const pause = Math.max(error.retryAfterMs ?? 0, backOff * (0.5 + Math.random()));
      if (pause > patience.longestPauseMs) throw error;
      again(error);
      await sleep(pause, undefined, { signal });
    }
  }
}
