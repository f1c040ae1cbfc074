import { setTimeout as sleep } from 'node:timers/promises';

/** What only one process may do at a time, agreed on in our database. */
export interface Leases {
  /**
   * Takes a lease that is free or has run out, or renews one's own.
   * @param ms how long it holds without being renewed
   * @returns its token, which grows with every change of holder; null while somebody else holds it
   */
  hold(name: string, ms: number): Promise<number | null>;
  /** Whether another process, that may still live, holds it. */
  heldElsewhere(name: string): Promise<boolean>;
  /** Gives up one's own. */
  release(name: string): Promise<void>;
}

/**
 * Does work for as long as a lease is ours: takes it, renews it three times as often as needed, and stops the work when
 * it has gone to somebody else; then waits for it again. Ends when `signal` is aborted.
 * @param work ends soon after its signal is aborted
 * @param aside told while somebody else holds it
 */
export async function whileHeld(
  leases: Leases,
  { name, ms }: { name: string; ms: number },
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
  aside: () => void = () => {},
): Promise<void> {
  const pause = (time: number) => sleep(time, undefined, { signal }).catch(() => undefined);
  while (!signal.aborted) {
    const token = await leases.hold(name, ms).catch(() => null);
    if (token === null) {
      aside();
      await pause(ms / 6);
      continue;
    }
    const lost = new AbortController();
    const ends = AbortSignal.any([signal, lost.signal]);
    const renew = async (): Promise<void> => {
      let until = performance.now() + ms;
      while (!ends.aborted) {
        await sleep(ms / 3, undefined, { signal: ends }).catch(() => undefined);
        if (ends.aborted) return;
        // A database that does not answer takes nothing away before the lease has run out.
        const held: number | null = await leases
          .hold(name, ms)
          .catch((): number | null => (performance.now() < until ? token : null));
        if (held !== token) lost.abort();
        else until = performance.now() + ms;
      }
    };
    const renewing = renew();
    await work(ends).finally(() => lost.abort());
    await renewing;
    if (signal.aborted) await leases.release(name).catch(() => undefined);
  }
}
