import { crashPoint } from '../../../core/crash-point.ts';
import type { Clock } from '../../../core/time.ts';
import type { Database } from '../../../store/db.ts';
import { type Claim, type Departure, type Said, write } from './store.ts';

/** Writes of many senders, gathered: while one transaction is under way the next one fills. */
export interface Writer {
  /** What became of a letter, or how far it is; false where it is not ours any more, and nothing was changed. */
  say(said: Said, parcels?: { arrived?: { was: Date; at: Date } | undefined; leaving?: Departure[] }): Promise<boolean>;
  /** Takes a letter and counts its first parcel; false where it cannot be had. */
  claim(claim: Claim, leaving: readonly Departure[]): Promise<boolean>;
}

interface Batch {
  said: Said[];
  claims: Claim[];
  departures: Departure[];
  arrivals: { letter: number; was: Date; at: Date }[];
  written: Promise<{ said: Set<number>; claimed: Set<number> }>;
}

/** @param lease the token of the lease to dispatch that this process holds now */
export function createWriter(db: Database, clock: Clock, runner: string, lease: () => number): Writer {
  let last: Promise<unknown> = Promise.resolve();
  let filling: Batch | undefined;

  function batch(): Batch {
    if (filling) return filling;
    const fresh = { said: [], claims: [], departures: [], arrivals: [] };
    const written = last.then(async () => {
      // What is asked for in this round of the event loop goes together.
      await new Promise((resolve) => setImmediate(resolve));
      filling = undefined;
      crashPoint('before a write');
      const done = await write(db, { ...fresh, by: { runner, lease: lease(), now: clock.now() } });
      crashPoint('after a write');
      return done;
    });
    last = written.catch(() => {});
    filling = { ...fresh, written };
    return filling;
  }

  return {
    async say(said, { arrived, leaving = [] } = {}) {
      const mine = batch();
      mine.said.push(said);
      mine.departures.push(...leaving);
      if (arrived) mine.arrivals.push({ letter: said.seq, ...arrived });
      return (await mine.written).said.has(said.seq);
    },
    async claim(claim, leaving) {
      const mine = batch();
      mine.claims.push(claim);
      mine.departures.push(...leaving);
      return (await mine.written).claimed.has(claim.seq);
    },
  };
}
