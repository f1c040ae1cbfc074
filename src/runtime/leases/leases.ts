import type { Leases } from '../../core/lease.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { giveUpLease, holderOf, takeLease } from './store.ts';

/**
 * Leases in the database, for a runner (a process). Clocks of machines that share a database must agree to within a lease.
 * @param alive whether another runner may still live: the lease of one that surely does not is free at once
 */
export function openLeases(
  db: Database,
  clock: Clock,
  runner: string,
  alive: (runner: string) => boolean = () => true,
): Leases {
  return {
    async hold(name, ms) {
      const now = clock.now();
      const lease = { name, holder: runner, now, expiresAt: new Date(now.getTime() + ms) };
      const token = await takeLease(db, lease);
      if (token !== null) return token;
      const holder = await holderOf(db, name);
      if (!holder || alive(holder)) return null;
      await giveUpLease(db, name, holder);
      return takeLease(db, lease);
    },
    async heldElsewhere(name) {
      const holder = await holderOf(db, name, clock.now());
      return !!holder && holder !== runner && alive(holder);
    },
    release: (name) => giveUpLease(db, name, runner),
  };
}
