import type { Chart } from '../core/message.ts';
import type { Axis } from './chart-axis.ts';
import { frameOptions } from './chart-frame.ts';
import { notesOf, roomForNames, roomForValues } from './chart-labels.ts';
import { NOTE_AXIS, notesDataset } from './chart-notes.ts';
import { KEY_ROW, type Plot, plotOf } from './chart-plot.ts';
import { bandDatasets, barDataset, lineDataset } from './chart-series.ts';
import { type ChartJsConfig, font, type JsonObject, SIZE } from './chart-style.ts';
import { tickFormat } from './chart-text.ts';
import { inkOf, PALETTE } from './palette.ts';

/** Bars and lines over days or hours, with a right axis for rates where a series asks for one. */
export function columnsConfig(chart: Chart): ChartJsConfig {
  const full = plotOf(chart);
  const room = Math.max(roomForNames(full), full.right ? 0 : roomForValues(full) - SIZE.margin / 2);
  const plot = plotOf(chart, room);
  const notes = notesOf(plot);
  return {
    type: 'bar',
    data: {
      labels: plot.labels,
      datasets: [
        notesDataset(notes, chart.labels.length),
        ...plot.bars.map((series) => barDataset(plot, series)),
        ...plot.lines.map((series) => lineDataset(plot, series)),
        ...bandDatasets(chart),
      ],
    },
    options: { ...frameOptions(chart, notes.some((note) => note.y > 1) ? KEY_ROW : 0), scales: scalesOf(plot, room) },
  };
}

function scalesOf(plot: Plot, room: number): JsonObject {
  const { chart, left, right } = plot;
  return {
    x: {
      type: 'category',
      offset: true,
      grid: { display: false },
      border: { color: PALETTE.muted, width: 2 },
      ticks: { autoSkip: false, maxRotation: 0, color: PALETTE.text, font: font(SIZE.tick), padding: 6 },
    },
    left: valueAxis(left, 'left', chart.unit, PALETTE.muted, 12),
    ...(right && {
      right: valueAxis(right, 'right', chart.rightUnit, rightInk(chart), Math.max(12, roomForValues(plot) + 8)),
    }),
    ...(room > 0 && { room: spacer(room) }),
    notes: NOTE_AXIS,
  };
}

function valueAxis(axis: Axis, position: 'left' | 'right', unit: string, color: string, padding: number): JsonObject {
  return {
    type: 'linear',
    axis: 'y',
    position,
    min: axis.min,
    max: axis.max,
    grid: { display: position === 'left', color: PALETTE.grid, lineWidth: 2, drawTicks: false },
    border: { display: false },
    ticks: {
      stepSize: axis.step,
      color,
      padding,
      font: font(SIZE.tick),
      format: tickFormat(unit, axis.step, axis.max),
    },
  };
}

/** An axis with nothing but an empty title keeps room at the right; padding of the layout would move the footnote too. */
function spacer(room: number): JsonObject {
  return {
    type: 'linear',
    axis: 'y',
    position: 'right',
    min: 0,
    max: 1,
    grid: { display: false },
    border: { display: false },
    ticks: { display: false },
    title: { display: true, text: ' ', font: font(1), padding: { top: Math.round(room), bottom: 0 } },
  };
}

/** The axis of a single series wears its colour. */
function rightInk(chart: Chart): string {
  const [only, other] = chart.series.filter((series) => series.axis === 'right');
  return only && !other ? inkOf(only.role) : PALETTE.muted;
}
