import type { Clock } from '../core/time.ts';

/** Wrong tries that one address, or one name, has in ten minutes. */
const TRIES = 10;
const WINDOW_MS = 600_000;
/** Keys that are remembered; beyond it the oldest are forgotten, so that guessing names fills no memory. */
const KEYS = 10_000;

/** Counts tries by a key. */
export function wrongTries(clock: Clock) {
  const tries = new Map<string, number[]>();
  const recent = (key: string) => (tries.get(key) ?? []).filter((at) => at > clock.now().getTime() - WINDOW_MS);
  return {
    tooMany: (key: string): boolean => recent(key).length >= TRIES,
    note(key: string): void {
      const kept = [...recent(key), clock.now().getTime()];
      tries.delete(key);
      tries.set(key, kept);
      const oldest = tries.size > KEYS ? tries.keys().next().value : undefined;
      if (oldest !== undefined) tries.delete(oldest);
    },
    /** It was right after all. */
    forget: (key: string): void => void tries.delete(key),
  };
}
