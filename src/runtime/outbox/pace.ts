import type { Address } from '../../core/platform.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { sentSince } from './store.ts';

const MINUTE = 60_000;

/** Keeps to the messages that an address takes in a minute (a sliding window), also across a restart. */
export interface Pace {
  /** Milliseconds until one more may be sent; 0: now. */
  wait(address: Address, perMinute: number | undefined): Promise<number>;
  sent(address: Address): void;
  /** The platform itself said: not for so long. */
  blocked(address: Address, ms: number): void;
}

export function createPace(db: Database, clock: Clock): Pace {
  const sent = new Map<Address, number[]>();
  const blockedUntil = new Map<Address, number>();
  return {
    async wait(address, perMinute) {
      const now = clock.now().getTime();
      const blocked = (blockedUntil.get(address) ?? 0) - now;
      if (blocked > 0) return blocked;
      if (!perMinute) return 0;
      let times = sent.get(address);
      if (!times) {
        times = (await sentSince(db, address, new Date(now - MINUTE))).map((at) => at.getTime());
        sent.set(address, times);
      }
      while (times[0] !== undefined && times[0] <= now - MINUTE) times.shift();
      const oldest = times[times.length - perMinute];
      return oldest === undefined ? 0 : oldest + MINUTE - now;
    },
    sent(address) {
      const times = sent.get(address);
      times?.push(clock.now().getTime());
    },
    blocked(address, ms) {
      blockedUntil.set(address, clock.now().getTime() + ms);
    },
  };
}
