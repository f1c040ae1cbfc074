import type { Chart, Series } from '../core/message.ts';
import { frameOptions } from './chart-frame.ts';
import { type ChartJsConfig, font, type JsonObject, SIZE } from './chart-style.ts';
import { PALETTE } from './palette.ts';
import { cutEms, ems } from './text-width.ts';

/** From almost nothing to the most. */
const LIGHT = [232, 241, 255] as const;
const DARK = [11, 77, 168] as const;
/** From this share of the most on, words on a cell are white. */
const WHITE_FROM = 0.45;

/**
 * Rows (series) and columns (labels) as a field of squares: the darker, the larger the value; what is written in a square
 * are the series' texts, else the values. A gap stays white. Columns are stacked bars of one length, so that it is plain
 * data like every other chart; the first row holds the columns' names.
 */
export function heatmapConfig(chart: Chart): ChartJsConfig {
  const rows = chart.series.map(({ name }) => cutEms(name, 5));
  const most = Math.max(0, ...chart.series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const room = (SIZE.width - 2 * SIZE.margin - Math.max(0, ...rows.map(ems)) * SIZE.label - 20) / chart.labels.length;
  return {
    type: 'bar',
    data: { labels: ['', ...rows], datasets: chart.labels.map((_, column) => columnOf(chart, column, most, room)) },
    options: {
      ...frameOptions(chart, 0),
      indexAxis: 'y',
      scales: {
        x: { display: false, stacked: true, min: 0, max: chart.labels.length },
        y: {
          stacked: true,
          grid: { display: false },
          border: { display: false },
          ticks: { autoSkip: false, color: PALETTE.text, font: font(SIZE.label), padding: 12, crossAlign: 'far' },
        },
      },
    },
  };
}

function columnOf({ labels, series }: Chart, column: number, most: number, room: number): JsonObject {
  const name = labels[column] ?? '';
  const texts = series.map((row) => textOf(row, column));
  const widest = Math.max(1, ...[name, ...texts].map(ems));
  const size = Math.max(18, Math.min(SIZE.tick, Math.floor((room - 4) / widest)));
  const shares = series.map(({ values }) => {
    const value = values[column];
    return value === null || value === undefined || most <= 0 ? null : Math.max(0, value) / most;
  });
  return {
    label: name,
    data: [name, ...texts].map((label, row) => ({ x: 1, y: row, label })),
    backgroundColor: [
      PALETTE.background,
      ...shares.map((share) => (share === null ? PALETTE.background : shade(share))),
    ],
    borderColor: PALETTE.background,
    borderWidth: 3,
    borderSkipped: false,
    categoryPercentage: 1,
    barPercentage: 1,
    datalabels: {
      display: true,
      anchor: 'center',
      align: 'center',
      offset: 0,
      padding: 0,
      color: [
        PALETTE.muted,
        ...shares.map((share) => ((share ?? 0) >= WHITE_FROM ? PALETTE.background : PALETTE.text)),
      ],
      font: font(size),
    },
  };
}

function textOf({ values, texts }: Series, column: number): string {
  const value = values[column] ?? null;
  if (value === null) return '';
  return texts?.[column] ?? String(value);
}

function shade(share: number): string {
  const mixed = LIGHT.map((from, at) => Math.round(from + ((DARK[at] ?? 0) - from) * share));
  return `rgb(${mixed.join(', ')})`;
}
