import type { Address } from '../../../core/platform.ts';
import type { Clock } from '../../../core/time.ts';
import type { Database } from '../../../store/db.ts';
import { type DestinationRow, noteDestination, unusualDestinations } from './store.ts';

/** What is known of destinations, kept in the database and at hand. */
export interface Destinations {
  load(): Promise<void>;
  /** Where an address has moved to, however often. */
  now(address: Address): Address;
  /** Why nothing can be sent there; undefined where something can. */
  gone(address: Address): string | undefined;
  /** Until when the platform wants to be left alone, in epoch milliseconds; 0: it does not. */
  pausedUntil(address: Address): number;
  pause(address: Address, ms: number): Promise<void>;
  move(address: Address, to: Address): Promise<void>;
  /** Returns whether it was not known yet. */
  disable(address: Address, reason: string): Promise<boolean>;
}

const MAX_MOVES = 10;

export function openDestinations(db: Database, clock: Clock): Destinations {
  let known = new Map<Address, DestinationRow>();
  async function note(address: Address, what: Partial<DestinationRow>): Promise<void> {
    const usual = { address, disabledAt: null, reason: null, pausedUntil: null, movedTo: null };
    known.set(address, { ...usual, ...known.get(address), ...what });
    const set = Object.fromEntries(Object.entries(what).filter(([, value]) => value !== null));
    await noteDestination(db, address, set);
  }
  return {
    async load() {
      known = new Map((await unusualDestinations(db, clock.now())).map((row) => [row.address, row]));
    },
    now(address) {
      let at = address;
      for (let moves = 0; moves < MAX_MOVES; moves++) {
        const next = known.get(at)?.movedTo;
        if (!next) return at;
        at = next;
      }
      return at;
    },
    gone(address) {
      const row = known.get(address);
      if (!row?.disabledAt) return undefined;
      return `the destination is gone (${row.reason ?? 'no reason given'}): mend it, then fieldbell outbox resend`;
    },
    pausedUntil: (address) => known.get(address)?.pausedUntil?.getTime() ?? 0,
    pause: (address, ms) => note(address, { pausedUntil: new Date(clock.now().getTime() + ms) }),
    move: (address, to) => note(address, { movedTo: to }),
    async disable(address, reason) {
      const fresh = !known.get(address)?.disabledAt;
      if (fresh) await note(address, { disabledAt: clock.now(), reason });
      return fresh;
    },
  };
}
