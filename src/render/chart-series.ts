import type { Chart, Series } from '../core/message.ts';
import { allValues, inkIn, isLevel, isThin, lastIndex, type Plot, placeOf } from './chart-plot.ts';
import { font, HALO, type JsonObject, SIZE } from './chart-style.ts';
import { localeOf, short, unitOf } from './chart-text.ts';
import { inkOf, PALETTE } from './palette.ts';
import { ems } from './text-width.ts';

/** Bars of a series. Of two, the comparison stands wide and pale behind the subject. */
export function barDataset(plot: Plot, series: Series): JsonObject {
  const locale = localeOf(plot.chart);
  const unit = unitOf(plot.chart, series);
  const pair = plot.bars.length === 2 && plot.bars.some((bar) => bar.role === 'comparison');
  const behind = pair && series.role === 'comparison';
  const tinted = series.role === 'subject' && plot.lines.some((line) => line.axis === series.axis && !isLevel(line));
  const said = series.values.map((value) => (value === null ? '' : short(value, unit, locale)));
  const labelled = series.role === 'comparison' ? new Set<number>() : labelledBars(plot, series);
  const inside = series.values.map((value, index) => value !== null && hasRoom(plot, series, value, said[index] ?? ''));
  return {
    type: 'bar',
    label: series.name,
    yAxisID: series.axis,
    data: series.values.map((y, x) => ({ x, y, label: said[x] ?? '' })),
    backgroundColor: behind ? PALETTE.pale : tinted ? PALETTE['subject-tint'] : PALETTE[series.role],
    borderRadius: 4,
    grouped: !pair,
    categoryPercentage: 0.82,
    barPercentage: pair ? (behind ? 1 : 0.62) : 0.9,
    maxBarThickness: pair && !behind ? 62 : 100,
    order: behind ? 4 : 3,
    datalabels: {
      display: series.values.map((_, index) => labelled.has(index)),
      // Of a bar `start` is the lower end and `end` the upper one, below zero too.
      anchor: series.values.map((value, index) => (inside[index] || (value ?? 0) < 0 ? 'start' : 'end')),
      align: series.values.map((value) => ((value ?? 0) < 0 ? 'bottom' : 'top')),
      offset: inside.map((yes) => (yes ? 6 : 2)),
      padding: 0,
      color: inside.map((yes) => (!yes ? inkOf(series.role) : tinted ? PALETTE.text : PALETTE.background)),
      font: font(SIZE.tick, 'bold'),
      textStrokeColor: PALETTE.background,
      textStrokeWidth: inside.map((yes) => (yes ? 0 : (HALO['textStrokeWidth'] ?? 0))),
    },
  };
}

/** A line with its gaps; what it is compared with is thin and dashed. */
export function lineDataset(plot: Plot, series: Series): JsonObject {
  const thin = isThin(series);
  const dashed = thin || series.dashed;
  return {
    type: 'line',
    label: series.name,
    yAxisID: series.axis,
    data: [...series.values],
    borderColor: inkIn(plot, series),
    borderWidth: thin ? 4 : 7,
    borderDash: dashed ? [14, 10] : [],
    borderCapStyle: dashed ? 'butt' : 'round',
    borderJoinStyle: 'round',
    spanGaps: false,
    clip: false,
    pointRadius: radii(plot, series),
    pointBackgroundColor: inkIn(plot, series),
    pointBorderColor: PALETTE.background,
    pointBorderWidth: 3,
    order: thin ? 2 : 1,
  };
}

/** The lower edge, and the upper one, from which it is filled down to the lower. */
export function bandDatasets({ band }: Chart): JsonObject[] {
  if (!band) return [];
  const edge = {
    ...{ type: 'line', yAxisID: 'left', order: 2.5, borderWidth: 0, pointRadius: 0, spanGaps: false },
    backgroundColor: PALETTE.band,
  };
  return [
    { ...edge, label: band.name, data: [...band.low], fill: false },
    { ...edge, label: band.name, data: [...band.high], fill: '-1' },
  ];
}

/** Points where they say something: at the end, where a value stands alone between gaps, and at few values without bars. */
function radii(plot: Plot, series: Series): number[] {
  const { values } = series;
  const last = lastIndex(values);
  const each = values.length <= 12 && plot.bars.length === 0 && !isThin(series) && !series.dashed;
  return values.map((_, index) => {
    if (isLevel(series)) return 0;
    const alone = values[index - 1] == null && values[index + 1] == null;
    return index === last ? 10 : alone || each ? 8 : 0;
  });
}

/** Which bars carry their value: all of a few; else the last, unless it is named beside the plot, and the highest where no line crosses. */
function labelledBars(plot: Plot, series: Series): Set<number> {
  const { values } = series;
  if (allValues(plot)) return new Set(values.keys());
  const last = lastIndex(values);
  const ends = plot.direct && plot.lines.length > 0 ? [] : [last];
  const highest = values.indexOf(Math.max(...values.filter((value) => value !== null)));
  const words = placeOf(plot, series, values[highest] ?? 0) + (SIZE.tick * 0.6) / plot.height;
  const crossed = plot.lines.some((line) => {
    const value = line.values[highest];
    return value != null && Math.abs(placeOf(plot, line, value) - words) < SIZE.tick / plot.height;
  });
  return new Set(crossed || Math.abs(highest - last) <= 2 ? ends : [highest, ...ends]);
}

/** Where lines cross, a value stands at the foot of its bar, if it fits into it. */
function hasRoom(plot: Plot, series: Series, value: number, said: string): boolean {
  if (plot.lines.length === 0 || !allValues(plot) || plot.left.min < 0) return false;
  const width = Math.min(100, (plot.width / series.values.length) * 0.82 * 0.9) / plot.bars.length;
  return placeOf(plot, series, value) * plot.height > 60 && ems(said) * SIZE.tick < width;
}
