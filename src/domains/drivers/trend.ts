import { addDays, type Day } from '../../core/time.ts';
import { type DriverDay, figureOf, type Metric, sumOf, type Tally } from './model.ts';

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

/** A driver's days as they are shown, with what is read off them. */
export interface DriverTrend {
  days: DriverDay[];
  /** One figure per day; null is not known. */
  values: (number | null)[];
  /** The 7-day moving average, which looks back before the first day shown. */
  average: (number | null)[];
  /** The mean of the days; of on-time rates, the rate of all deliveries together. */
  mean: number | null;
  trend: { slope: number; direction: Direction; strength: Strength; line: number[] } | null;
  total: Tally;
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
  const line = trendOf(known);
  return {
    days: shown,
    values: figures.slice(first),
    average: movingAverage(settled).slice(first),
    mean: metric === 'on_time' ? figureOf(sumOf(over.map(({ tally }) => tally)), metric) : meanOf(known),
    trend: line && {
      slope: line.slope,
      direction: directionOf(line, known, metric),
      strength: strengthOf(line),
      line: shown.map((_, at) => Math.max(0, line.at(at))),
    },
    total: sumOf(shown.map(({ tally }) => tally)),
    gaps: over.filter(({ tally }) => tally === null).map(({ day }) => day),
    running: shown.at(-1)?.day === now && shown.at(-1)?.tally !== null,
  };
}

/** The first day that a 7-day average over days from `from` looks at. */
export function lookBack(from: Day): Day {
  return addDays(from, -6);
}
