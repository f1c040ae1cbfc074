import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/store/db.ts';
import type { FastClock } from './clock.ts';

/** Sees how long it takes after a restart until nothing is left that the dead process had in hand. */
export interface RecoveryWatch {
  /** The process was killed: looks what it had in hand. */
  killed(pid: number): Promise<void>;
  /** It was started again; `ready` tells when it was up. */
  started(ready: Promise<number | null>): void;
  recoveriesMs(): number[];
  late(): readonly { ms: number; what: string }[];
  stop(): Promise<void>;
}

/**
 * Times are those of the service's clock: what the machine takes counts `speed` times, so that the truth is better.
 * @param limitMs what a recovery may take
 */
export function createRecoveryWatch(db: Database, clock: FastClock, limitMs: number): RecoveryWatch {
  const recoveries: number[] = [];
  const late: { ms: number; what: string }[] = [];
  let inHand: number[] = [];
  let generation = 0;
  let watching: Promise<void> = Promise.resolve();

  const held = () => db.letter.findMany({ where: { state: 'sending' }, select: { seq: true, claimedBy: true } });

  async function watch(
    ready: Promise<number | null>,
    letters: readonly number[],
    by: ReadonlySet<string | null>,
    own: number,
  ) {
    const up = await ready;
    if (up === null) return;
    for (;;) {
      const rows = await held();
      const ms = (performance.now() - up) * clock.speed;
      const left = rows.filter(({ seq, claimedBy }) => letters.includes(seq) && by.has(claimedBy));
      if (own !== generation) return;
      if (left.length === 0) return void recoveries.push(ms);
      if (ms > limitMs * 4)
        return void late.push({ ms, what: `${left.length} of ${letters.length} letters are still in a dead hand` });
      await sleep(5);
    }
  }

  let hands: ReadonlySet<string | null> = new Set();
  return {
    async killed(pid) {
      generation++;
      await watching;
      const rows = (await held()).filter(({ claimedBy }) => claimedBy?.split('/')[1] === String(pid));
      inHand = rows.map(({ seq }) => seq);
      hands = new Set(rows.map(({ claimedBy }) => claimedBy));
    },
    started(ready) {
      if (inHand.length > 0) watching = watch(ready, inHand, hands, generation);
    },
    recoveriesMs: () => recoveries,
    late: () => [...late, ...recoveries.filter((ms) => ms > limitMs).map((ms) => ({ ms, what: 'recovered' }))],
    async stop() {
      generation++;
      await watching;
    },
  };
}
