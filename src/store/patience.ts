import { isBusy } from './sqlite-errors.ts';

/** For how long a write asks again for the lock that another connection holds. */
export const PATIENCE_MS = { main: 5_000, worker: 30_000 } as const;

/**
 * Tries again while the database is locked, leaving the thread to others in between. Gives up with SQLite's error. SQLite
 * could wait by itself, but it blocks the thread, and sleeps so long between its looks that of two busy writers one starves.
 */
export async function patiently<T>(attempt: () => T, forMs: number = PATIENCE_MS.main): Promise<T> {
  const deadline = performance.now() + forMs;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    // Jitter: two processes that wait for each other must not keep step.
    await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 4));
  }
}
