import { font, HALO, type JsonObject, SIZE } from './chart-style.ts';

/** Words at a place of the plot: x and y go from 0 (left, bottom) to 1 (right, top), and beyond. */
export interface Note {
  x: number;
  y: number;
  text: string;
  color: string;
  /** Where the words lie as seen from the place. */
  align: 'left' | 'right' | 'top' | 'bottom' | 'center';
  size?: number;
  weight?: 'normal' | 'bold';
}

/** The hidden axis of notes, 0 at the bottom of the plot and 1 at its top. */
export const NOTE_AXIS: JsonObject = { type: 'linear', axis: 'y', min: 0, max: 1, display: false, position: 'left' };

/**
 * Notes as a data set without a line: Chart.js has no other way to write into a plot without code.
 * It lies on the labels' own axis, unparsed, because Chart.js leaves room beside bars for any second x axis.
 */
export function notesDataset(notes: readonly Note[], labels: number): JsonObject {
  return {
    type: 'line',
    label: '',
    yAxisID: 'notes',
    parsing: false,
    data: notes.map(({ x, y, text }) => ({ x: x * labels - 0.5, y, label: text })),
    showLine: false,
    pointRadius: 0,
    clip: false,
    datalabels: {
      display: true,
      anchor: 'center',
      align: notes.map((note) => note.align),
      color: notes.map((note) => note.color),
      font: notes.map((note) => font(note.size ?? SIZE.label, note.weight ?? 'bold')),
      offset: notes.map((note) => (note.align === 'center' ? 0 : 10)),
      padding: 0,
      ...HALO,
    },
  };
}

/** Moves places on a line apart until they are `gap` from each other, as little as possible, within 0 and 1. */
export function spread(places: readonly number[], gap: number): number[] {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  for (let round = 0; round < 60; round++) {
    for (const [index, above] of order.entries()) {
      const below = order[index - 1];
      const missing = below ? gap - (above.place - below.place) : 0;
      if (!below || missing <= 0) continue;
      below.place -= missing / 2;
      above.place += missing / 2;
    }
    for (const one of order) one.place = Math.min(1, Math.max(0, one.place));
  }
  return order.sort((a, b) => a.index - b.index).map(({ place }) => place);
}
