import type { Leases } from '../../core/lease.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { giveUpLease, takeLease } from './store.ts';

/** Leases in the database, for a runner (a process). Clocks of machines that share a database must agree to within a lease. */
export function openLeases(db: Database, clock: Clock, runner: string): Leases {
  return {
    hold(name, ms) {
      const now = clock.now();
      return takeLease(db, { name, holder: runner, now, expiresAt: new Date(now.getTime() + ms) });
    },
    release: (name) => giveUpLease(db, name, runner),
  };
}
