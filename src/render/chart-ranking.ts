import type { Chart, Series } from '../core/message.ts';
import { frameOptions, titleLines } from './chart-frame.ts';
import { type ChartJsConfig, font, type JsonObject, SIZE } from './chart-style.ts';
import { unitOf, withUnit } from './chart-text.ts';
import { inkOf, PALETTE } from './palette.ts';
import { cutEms, ems } from './text-width.ts';

/** More than this many names are no picture; the first ones are shown. */
const MOST_ROWS = 20;
/** Names are cut at this width, in em. */
const NAME = 10;

/** Horizontal bars in the order given, each with its name and its value; no axis, because every value is written. */
export function rankingConfig(chart: Chart): ChartJsConfig {
  const rows = Math.min(chart.labels.length, MOST_ROWS);
  const labels = chart.labels.slice(0, rows).map((label) => cutEms(label, NAME));
  const values = chart.series.flatMap((series) => series.values.slice(0, rows)).filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  // The values' words stand beyond the ends of the bars: the axis is as much longer.
  const words = Math.max(
    0,
    ...chart.series.flatMap((series) => series.values.map((value) => ems(said(chart, series, value)))),
  );
  const plot = SIZE.width - 2 * SIZE.margin - Math.max(0, ...labels.map(ems)) * SIZE.label - 20;
  const share = Math.min(0.3, (words * SIZE.label + 10) / plot);
  const length = (high - low || 1) / (1 - share * (low < 0 ? 2 : 1));
  return {
    type: 'bar',
    data: { labels, datasets: chart.series.map((series) => dataset(chart, series, rows)) },
    options: {
      ...frameOptions(shown(chart, rows), 0),
      indexAxis: 'y',
      scales: {
        x: { display: false, min: low < 0 ? low - share * length : 0, max: high + share * length },
        y: {
          grid: { display: false },
          border: { display: false },
          ticks: { autoSkip: false, color: PALETTE.text, font: font(SIZE.label), padding: 12, crossAlign: 'far' },
        },
      },
    },
  };
}

/** Rows keep the height at which names are legible; a long ranking makes a higher picture. */
export function rankingHeight(chart: Chart): number {
  const rows = Math.min(chart.labels.length, MOST_ROWS);
  const around = 60 + titleLines(chart.title).lines.length * 56 + 42;
  return Math.max(SIZE.height, around + rows * (chart.series.length > 1 ? 76 : 50));
}

function dataset(chart: Chart, series: Series, rows: number): JsonObject {
  return {
    label: series.name,
    data: series.values
      .slice(0, rows)
      .map((value, index) => ({ x: value, y: index, label: said(chart, series, value) })),
    backgroundColor: PALETTE[series.role],
    borderRadius: 5,
    maxBarThickness: 40,
    categoryPercentage: 0.8,
    barPercentage: 0.95,
    skipNull: true,
    datalabels: {
      display: true,
      anchor: series.values.map((value) => ((value ?? 0) < 0 ? 'start' : 'end')),
      align: series.values.map((value) => ((value ?? 0) < 0 ? 'left' : 'right')),
      offset: 8,
      padding: 0,
      color: inkOf(series.role),
      font: font(SIZE.label, 'bold'),
    },
  };
}

/** With several series each value says which it is: a legend would be far from it. */
function said(chart: Chart, series: Series, value: number | null): string {
  if (value === null) return '';
  const words = withUnit(value, unitOf(chart, series));
  return chart.series.length > 1 ? `${cutEms(series.name, 4)} ${words}` : words;
}

/** Says in the corner that names are missing. */
function shown(chart: Chart, rows: number): Chart {
  if (rows === chart.labels.length) return chart;
  const count = `1–${rows} / ${chart.labels.length}`;
  return { ...chart, footnote: chart.footnote ? `${count} · ${chart.footnote}` : count };
}
