import type { Tally } from '../model.ts';
import type { Compared } from './cards.ts';
import { changeOf, type Standing } from './compare.ts';
import type { Reading } from './trend.ts';

/** Parts of a trend as values. Figures that are not known are null; rates are in %, changes of rates in points. */

/** Two decimals. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}

/** Where the line goes, and the band in which the figures usually are, place by place. */
export function lineData({ direction, strength, line, band }: NonNullable<Reading['trend']>) {
  return {
    direction,
    strength,
    line: line.map(rounded),
    band: band && { low: band.low.map(rounded), high: band.high.map(rounded) },
  };
}

/** Delivered per hour of work; `hours`: hours of the clock in which something was brought. */
export function productivityData({ completed }: Tally, hours: number | null) {
  return hours && completed > 0 ? { hours, per_hour: rounded(completed / hours) } : null;
}

/** @param before the time that is compared with */
export function comparisonData({ now, before, dsp }: Compared, range: object | undefined) {
  return {
    dsp: dsp && { name: dsp.name, ...standingData(dsp) },
    before: before && range ? { ...range, ...standingData(before), change: standingData(changeOf(now, before)) } : null,
  };
}

function standingData({ delivered, onTime, failed }: Standing) {
  return { delivered: rounded(delivered), on_time_rate: rounded(onTime), failed_rate: rounded(failed) };
}
