import { addDays, type Day } from '../../../core/time.ts';
import { type DriverDay, figureOf, type Metric, sumOf, type Tally } from '../model.ts';

/** The mean of the known values; null where none is known. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/**
 * The trailing moving average: at each place the mean of the known values among the last `width` places, that place
 * included. Unknown values are left out of sum and count; where none is known the average is null. Give values that begin
 * `width - 1` places before the first that is shown, and cut them off afterwards.
 */
export function movingAverage(values: readonly (number | null)[], width = 7): (number | null)[] {
  return values.map((_, at) => meanOf(values.slice(Math.max(0, at + 1 - width), at + 1)));
}

/** A straight line: `at(i)` is its height over place `i`; `slope` is what it rises from one place to the next. */
interface Trend {
  slope: number;
  /** How much of the up and down the line explains, 0 to 1 (the correlation's size). */
  fit: number;
  at(place: number): number;
}

/**
 * The least-squares line through the known values: slope = Σ(x−x̄)(y−ȳ) / Σ(x−x̄)², through (x̄, ȳ), x being the place
 * (so that a gap keeps its width).
 * @returns null under three known values: a line through two says nothing
 */
export function trendOf(values: readonly (number | null)[]): Trend | null {
  const points = values.flatMap((y, x) => (y === null ? [] : [{ x, y }]));
  if (points.length < 3) return null;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const rise = points.reduce((sum, { y }) => sum + (y - meanY) ** 2, 0);
  const fit = rise === 0 ? 0 : Math.min(1, (Math.abs(slope) * Math.sqrt(spread)) / Math.sqrt(rise));
  return { slope, fit, at: (place) => meanY + slope * (place - meanX) };
}

type Direction = 'rising' | 'falling' | 'flat';
/** `strong`: the days keep to the line; `weak`: they go up and down more than it rises. */
type Strength = 'strong' | 'moderate' | 'weak';

function strengthOf({ fit }: Trend): Strength {
  return fit >= 0.7 ? 'strong' : fit >= 0.4 ? 'moderate' : 'weak';
}

/**
 * Where a trend goes. It is flat when, over all the places, it moves by less than a tenth of the mean or by less than one
 * delivery (counts), or by less than two percentage points (rates): too little to speak of.
 */
export function directionOf(trend: Trend, values: readonly (number | null)[], metric: Metric): Direction {
  const moved = trend.slope * (values.length - 1);
  const enough = metric === 'on_time' ? 2 : Math.max(1, Math.abs(meanOf(values) ?? 0) / 10);
  if (Math.abs(moved) < enough) return 'flat';
  return moved > 0 ? 'rising' : 'falling';
}

/** What is read off the figures of days or hours. */
export interface Reading {
  /** One figure per place; null is not known. */
  values: (number | null)[];
  /** The trailing moving average, which looks back before the first place shown. */
  average: (number | null)[];
  /** The mean of the places that count; of on-time rates, the rate of all their deliveries together. */
  mean: number | null;
  trend: Line | null;
  total: Tally;
}

interface Line {
  slope: number;
  direction: Direction;
  strength: Strength;
  line: number[];
  /** Where the figures usually are: two residual standard deviations about the line (19 of 20 days); null under four. */
  band: { low: number[]; high: number[] } | null;
}

/** A subject's days as they are shown. */
export interface DriverTrend extends Reading {
  days: DriverDay[];
  /** Days over of which nobody has data. */
  gaps: Day[];
  /** The last day shown is not over: it counts in the total, but in no mean and no trend. */
  running: boolean;
}

/**
 * @param days from `lookBack(from)` to the last day shown
 * @param now the day that is not over yet
 */
export function driverTrend(days: readonly DriverDay[], from: Day, now: Day, metric: Metric): DriverTrend {
  const figures = days.map(({ tally }) => figureOf(tally, metric));
  const settled = figures.map((figure, at) => (days[at]?.day === now ? null : figure));
  const first = days.findIndex(({ day }) => day === from);
  const shown = days.slice(first);
  const known = settled.slice(first);
  const over = shown.filter(({ day }) => day !== now);
  return {
    days: shown,
    values: figures.slice(first),
    average: movingAverage(settled).slice(first),
    mean: metric === 'on_time' ? figureOf(sumOf(over.map(({ tally }) => tally)), metric) : meanOf(known),
    trend: lineOf(known, metric),
    total: sumOf(shown.map(({ tally }) => tally)),
    gaps: over.filter(({ tally }) => tally === null).map(({ day }) => day),
    running: shown.at(-1)?.day === now && shown.at(-1)?.tally !== null,
  };
}

/** The places that an hourly moving average takes together. */
export const HOURS_AVERAGED = 3;

/**
 * A subject's hours. Those before the first and after the last with an order are off work: they are in no mean and no trend.
 * @param tallies of the hours shown, the oldest first
 */
export function hourTrend(tallies: readonly Tally[], metric: Metric): Reading {
  const values = tallies.map((tally) => figureOf(tally, metric));
  const worked = tallies.map((tally) => tally.completed + tally.failed > 0);
  const [first, last] = [worked.indexOf(true), worked.lastIndexOf(true)];
  const known = values.map((value, at) => (first >= 0 && at >= first && at <= last ? value : null));
  const total = sumOf(tallies);
  return {
    values,
    average: movingAverage(known, HOURS_AVERAGED),
    mean: metric === 'on_time' ? figureOf(total, metric) : meanOf(known),
    trend: lineOf(known, metric),
    total,
  };
}

function lineOf(known: readonly (number | null)[], metric: Metric): Line | null {
  const trend = trendOf(known);
  if (!trend) return null;
  const within = (value: number) => Math.min(metric === 'on_time' ? 100 : Number.POSITIVE_INFINITY, Math.max(0, value));
  const deviation = deviationFrom(trend, known);
  return {
    slope: trend.slope,
    direction: directionOf(trend, known, metric),
    strength: strengthOf(trend),
    line: known.map((_, at) => within(trend.at(at))),
    band:
      deviation === null
        ? null
        : {
            low: known.map((_, at) => within(trend.at(at) - 2 * deviation)),
            high: known.map((_, at) => within(trend.at(at) + 2 * deviation)),
          },
  };
}

/** The residual standard deviation √(Σ(y−ŷ)² / (n−2)); null under four known values, or where all are on the line. */
function deviationFrom(trend: Trend, values: readonly (number | null)[]): number | null {
  const residuals = values.flatMap((value, at) => (value === null ? [] : [value - trend.at(at)]));
  if (residuals.length < 4) return null;
  const squares = residuals.reduce((sum, residual) => sum + residual ** 2, 0);
  const deviation = Math.sqrt(squares / (residuals.length - 2));
  return deviation > 1e-9 ? deviation : null;
}

/** The first day that a 7-day average over days from `from` looks at. */
export function lookBack(from: Day): Day {
  return addDays(from, -6);
}
