import type { Chart, Series } from '../core/message.ts';
import { type Axis, type AxisOptions, axisFor } from './chart-axis.ts';
import { titleLines } from './chart-frame.ts';
import { type JsonObject, SIZE } from './chart-style.ts';
import { localeOf, tickFormat } from './chart-text.ts';
import { thinned } from './chart-ticks.ts';
import { inkOf, PALETTE } from './palette.ts';
import { ems } from './text-width.ts';

/** What the parts of a columns chart need to know of each other. Widths and heights are pixels, close to what will be drawn. */
export interface Plot {
  chart: Chart;
  left: Axis;
  right: Axis | null;
  bars: Series[];
  lines: Series[];
  /** Names stand where lines end; otherwise all names stand in a row above the plot. */
  direct: boolean;
  labels: (string | string[])[];
  width: number;
  height: number;
}

/** Height of the row above the plot for units and names. */
export const KEY_ROW = 62;
/** A series is drawn from zero unless it moves less than this part of its highest value. */
const FLAT = 0.25;

/** @param room pixels kept free at the right of the plot */
export function plotOf(chart: Chart, room = 0): Plot {
  const onLeft = chart.series.filter((series) => series.axis === 'left');
  const onRight = chart.series.filter((series) => series.axis === 'right');
  const bars = chart.series.filter((series) => series.kind === 'bar');
  // Bars keep below a line of rates.
  const left = axisOver(onLeft, chart.unit, onRight.length > 0 ? { intervals: [4, 5], headroom: 0.3 } : {}, [
    ...(chart.band?.low ?? []),
    ...(chart.band?.high ?? []),
  ]);
  const steps = Math.round((left.max - left.min) / left.step);
  // Over bars a zoomed line would cross them up and down.
  const overBars = bars.length > 0 ? { fromZero: true } : {};
  const right = onRight.length > 0 ? axisOver(onRight, chart.rightUnit, { intervals: [steps], ...overBars }) : null;
  const width =
    SIZE.width -
    2 * SIZE.margin -
    room -
    tickWidth(chart, left, chart.unit) -
    (right ? tickWidth(chart, right, chart.rightUnit) : 0);
  const labels = thinned(chart.labels, width);
  const { lines, size } = titleLines(chart.title);
  const above = 20 + 14 + lines.length * size * SIZE.line + KEY_ROW;
  const below =
    28 +
    (labels.some(Array.isArray) ? 2 : 1) * SIZE.tick * SIZE.line +
    (chart.footnote ? SIZE.foot * SIZE.line + 10 : 0);
  return {
    chart,
    left,
    right,
    bars,
    lines: chart.series.filter((series) => series.kind === 'line'),
    direct: !right && bars.length <= 1,
    labels,
    width,
    height: SIZE.height - above - below,
  };
}

/** Where a value lies on its series' axis: 0 at the bottom of the plot, 1 at the top. */
export function placeOf(plot: Plot, series: Series, value: number): number {
  const { min, max } = (series.axis === 'right' && plot.right) || plot.left;
  return (value - min) / (max - min);
}

/** The last value that is known; -1 where none is. */
export function lastIndex(values: readonly (number | null)[]): number {
  return values.findLastIndex((value) => value !== null);
}

/** Up to this many bars each carries its value; above it the highest and the last do. */
const ALL_VALUES = 10;

export function allValues(plot: Plot): boolean {
  return plot.chart.labels.length <= ALL_VALUES;
}

/** A line that says one number: a target, a tier, an average. */
export function isLevel(series: Series): boolean {
  const known = series.values.filter((value) => value !== null);
  const beside = series.dashed || series.role === 'comparison' || series.role === 'target';
  return beside && known.length > 1 && known.every((value) => value === known[0]);
}

/** What the subject is compared with is drawn thin and dashed. */
export function isThin(series: Series): boolean {
  return series.role === 'comparison' || series.role === 'target' || isLevel(series);
}

/** The colour of a line and of its words: over the subject's own blue bars a second blue must be dark. */
export function inkIn(plot: Plot, series: Series): string {
  const over = series.kind === 'line' && series.axis === 'left' && plot.bars.length > 0;
  return over && series.role === 'subject-2' ? PALETTE['subject-dark'] : inkOf(series.role);
}

function axisOver(
  series: readonly Series[],
  unit: string,
  wishes: Partial<AxisOptions>,
  more: readonly (number | null)[] = [],
): Axis {
  const values = [...series.flatMap((one) => one.values), ...more].filter((value) => value !== null);
  const high = Math.max(...values);
  const flat = values.length > 0 && high - Math.min(...values) < high * FLAT;
  const fromZero = !flat || series.some((one) => one.kind === 'bar');
  return axisFor(values, { fromZero, ...wishes, ...(unit === '%' && { cap: 100 }) });
}

function tickWidth(chart: Chart, axis: Axis, unit: string): number {
  const format = new Intl.NumberFormat(
    localeOf(chart),
    tickFormat(unit, axis.step, axis.max) as JsonObject & Intl.NumberFormatOptions,
  );
  const said = [axis.min, axis.min + axis.step, axis.max].map((tick) => ems(format.format(tick)));
  return Math.max(...said) * SIZE.tick + 14;
}
