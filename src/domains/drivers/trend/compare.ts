import { figureOf, sumOf, type Tally } from '../model.ts';
import { meanOf } from './trend.ts';

/** What one stretch of time is held against another by. Null is not known. */
export interface Standing {
  /** Delivered per driver and day (or hour). */
  delivered: number | null;
  /** On time, in % of those of which it is known. */
  onTime: number | null;
  /** Failed, in % of those of which it is known. */
  failed: number | null;
}

/** @param drivers how many drivers brought these together */
export function standingOf(tallies: readonly (Tally | null)[], drivers = 1): Standing {
  const mean = meanOf(tallies.map((tally) => figureOf(tally, 'deliveries')));
  const sum = sumOf(tallies);
  return {
    delivered: mean === null ? null : mean / Math.max(1, drivers),
    onTime: figureOf(sum, 'on_time'),
    failed: failedShare(sum),
  };
}

/** Failed, in % of the deliveries of which it is known how they ended. */
export function failedShare(tally: Tally): number | null {
  return tally.statusKnown > 0 ? (100 * tally.failed) / tally.statusKnown : null;
}

/** By how much it differs: delivered in %, the rates in percentage points; null where either is not known or was nothing. */
export function changeOf(now: Standing, before: Standing): Standing {
  const points = (name: 'onTime' | 'failed') =>
    now[name] === null || before[name] === null ? null : now[name] - before[name];
  return {
    delivered: now.delivered === null || !before.delivered ? null : 100 * (now.delivered / before.delivered - 1),
    onTime: points('onTime'),
    failed: points('failed'),
  };
}
