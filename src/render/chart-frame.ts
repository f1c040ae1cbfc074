import type { Chart } from '../core/message.ts';
import { font, type JsonObject, SIZE } from './chart-style.ts';
import { localeOf } from './chart-text.ts';
import { PALETTE } from './palette.ts';
import { cutEms, ems, wrapEms } from './text-width.ts';

/**
 * What every chart has: title, footnote, margins, and nothing that moves.
 * @param above pixels between the title and the plot
 */
export function frameOptions(chart: Chart, above: number): JsonObject {
  const { lines, size } = titleLines(chart.title);
  return {
    responsive: false,
    maintainAspectRatio: false,
    animation: false,
    events: [],
    locale: localeOf(chart),
    layout: { padding: { top: 20, right: SIZE.margin, bottom: 14, left: SIZE.margin } },
    plugins: {
      title: {
        display: chart.title !== '',
        text: lines,
        align: 'start',
        color: PALETTE.text,
        font: font(size, 'bold'),
        padding: { top: 0, bottom: Math.max(26, 14 + above) },
      },
      subtitle: {
        display: chart.footnote !== '',
        text: cutEms(chart.footnote, (SIZE.width - 2 * SIZE.margin) / SIZE.foot),
        position: 'bottom',
        align: 'end',
        color: PALETTE.muted,
        font: font(SIZE.foot),
        padding: { top: 10, bottom: 0 },
      },
      legend: { display: false },
      tooltip: { enabled: false },
      datalabels: { display: false },
    },
  };
}

/** How many lines a title takes, and their size: a long one shrinks first and then breaks. */
export function titleLines(title: string): { lines: string[]; size: number } {
  const room = SIZE.width - 2 * SIZE.margin;
  const size = [SIZE.title, 42].find((one) => ems(title) * one <= room);
  return size ? { lines: [title], size } : { lines: wrapEms(title, room / 40, 2), size: 40 };
}
