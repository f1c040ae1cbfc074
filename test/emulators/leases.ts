import type { Leases } from '../../src/core/lease.ts';

/** Leases that several "processes" of one test agree on, in memory. They run out by the machine's own time. */
export function leasesInMemory(): {
  of(process: string): Leases;
  /** Takes a lease away from who holds it, as if it had run out, and gives it to another process. */
  give(name: string, process: string, ms: number): void;
} {
  const held = new Map<string, { by: string; until: number; token: number }>();
  const take = (name: string, by: string, ms: number): number => {
    const old = held.get(name);
    const token = old?.by === by ? old.token : (old?.token ?? 0) + 1;
    held.set(name, { by, until: performance.now() + ms, token });
    return token;
  };
  return {
    of: (process) => ({
      async hold(name, ms) {
        const old = held.get(name);
        if (old && old.by !== process && old.until > performance.now()) return null;
        return take(name, process, ms);
      },
      async heldElsewhere(name) {
        const old = held.get(name);
        return old !== undefined && old.by !== process && old.until > performance.now();
      },
      async release(name) {
        const old = held.get(name);
        if (old?.by === process) held.set(name, { ...old, until: 0 });
      },
    }),
    give: (name, process, ms) => void take(name, process, ms),
  };
}
