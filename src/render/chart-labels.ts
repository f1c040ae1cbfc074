import type { Series } from '../core/message.ts';
import { type Note, spread } from './chart-notes.ts';
import { allValues, inkIn, isLevel, isThin, KEY_ROW, lastIndex, type Plot, placeOf } from './chart-plot.ts';
import { SIZE } from './chart-style.ts';
import { localeOf, short, unitOf, withUnit } from './chart-text.ts';
import { PALETTE } from './palette.ts';
import { cutEms, ems } from './text-width.ts';

/** All words in the plot: units and names above it, names and last values at the lines, a dash where data is missing. */
export function notesOf(plot: Plot): Note[] {
  return [
    ...keyNotes(plot),
    ...(plot.direct ? directNotes(plot) : lastNotes(plot)),
    ...gapNotes(plot),
    ...emptyNotes(plot),
  ];
}

/** Pixels right of the plot that the names of lines need. */
export function roomForNames(plot: Plot): number {
  const over = (plot.direct ? directNotes(plot) : [])
    .filter((note) => note.align === 'right')
    .map((note) => ems(note.text) * SIZE.label + 14 - (1 - note.x) * plot.width);
  return Math.max(0, ...over);
}

/** Pixels by which the last bar's value reaches beyond the plot. */
export function roomForValues(plot: Plot): number {
  const half = plot.width / plot.chart.labels.length / 2;
  const locale = localeOf(plot.chart);
  const words = plot.bars.map((bar) => ems(short(bar.values.at(-1) ?? 0, unitOf(plot.chart, bar), locale)) * SIZE.tick);
  return Math.max(0, ...words.map((width) => width / 2 - half));
}

/** The row above the plot: the units over their axes, and between them the names that do not stand at their line. */
function keyNotes(plot: Plot): Note[] {
  const { chart, bars, lines } = plot;
  const y = 1 + (KEY_ROW - 22) / plot.height;
  const unit = { y, color: PALETTE.muted, size: SIZE.tick, weight: 'normal' } as const;
  const notes: Note[] = [];
  if (chart.unit && chart.unit !== '%') notes.push({ ...unit, x: 0, text: cutEms(chart.unit, 4), align: 'left' });
  if (plot.right && chart.rightUnit && chart.rightUnit !== '%') {
    notes.push({ ...unit, x: 1, text: cutEms(chart.rightUnit, 4), align: 'right' });
  }
  const keyed = plot.direct ? (lines.length > 0 && allValues(plot) ? bars : []) : chart.series;
  const room = plot.width / SIZE.tick / Math.max(1, keyed.length) - 2.5;
  let x = 0;
  for (const series of keyed) {
    const text = `${markOf(series)} ${cutEms(series.name, room)}`;
    notes.push({ x: x / plot.width, y, text, color: inkIn(plot, series), align: 'right', size: SIZE.tick });
    x += (ems(text) + 1) * SIZE.tick;
  }
  if (chart.band) {
    const place = { y, align: 'right' as const, size: SIZE.tick };
    notes.push({ ...place, x: x / plot.width, text: '■', color: PALETTE.band });
    const name = cutEms(chart.band.name, 8);
    notes.push({ ...place, x: (x + 1.5 * SIZE.tick) / plot.width, text: name, color: PALETTE.muted, weight: 'normal' });
  }
  return notes;
}

function markOf(series: Series): string {
  if (series.kind === 'bar') return '■';
  return isThin(series) || series.dashed ? '┅' : '━';
}

/**
 * The name and last value of each line where it ends, and of bars too many to carry their values; over a plot without bars,
 * levels are named at their line.
 */
function directNotes(plot: Plot): Note[] {
  const barsToo = plot.lines.length > 0 && !allValues(plot) ? plot.bars : [];
  const known = [...barsToo, ...plot.lines].filter((series) => lastIndex(series.values) >= 0);
  const levels = known.filter((series) => isLevel(series) && plot.bars.length === 0);
  const ends = endNotes(
    plot,
    known.filter((series) => !levels.includes(series)),
  );
  return [...ends, ...levels.map((series) => levelNote(plot, series, levels, ends))];
}

function endNotes(plot: Plot, series: readonly Series[]): Note[] {
  const last = series.map(({ values }) => values[lastIndex(values)] ?? 0);
  const places = spread(
    series.map((one, index) => placeOf(plot, one, last[index] ?? 0)),
    (SIZE.label * SIZE.line) / plot.height,
  );
  const count = plot.chart.labels.length;
  return series.map((one, index) => ({
    x: lastIndex(one.values) >= count - 1 ? 1 : (lastIndex(one.values) + 0.7) / count,
    y: places[index] ?? 0,
    text: saying(plot, one, last[index] ?? 0),
    color: inkIn(plot, one),
    align: 'right',
  }));
}

/**
 * Above its line, or below where another level is close above; at the left end, or at the right one where other lines and
 * their names leave more room.
 */
function levelNote(plot: Plot, series: Series, levels: readonly Series[], ends: readonly Note[]): Note {
  const value = levelOf(series);
  const text = saying(plot, series, value);
  const line = placeOf(plot, series, value);
  const height = (SIZE.tick * 0.72) / plot.height;
  const crowded = levels.some((other) => {
    const above = placeOf(plot, other, levelOf(other)) - line;
    return above > 0 && above < height * 2.2;
  });
  const y = crowded ? line - height : line + height;
  const share = Math.min(0.5, (ems(text) * SIZE.tick + 20) / plot.width);
  const atRight = clearance(plot, ends, y, 0, share) < 0.12 && clearance(plot, ends, y, 1 - share, 1) >= 0.12;
  const side = atRight ? ({ x: 1, align: 'left' } as const) : ({ x: 0, align: 'right' } as const);
  return { ...side, y, text, color: inkIn(plot, series), size: SIZE.tick };
}

function levelOf(series: Series): number {
  return series.values.find((value) => value !== null) ?? 0;
}

/** How far lines and names between two places of the x axis keep from a height. */
function clearance(plot: Plot, names: readonly Note[], y: number, from: number, to: number): number {
  const near = plot.lines
    .filter((line) => !isLevel(line))
    .flatMap((line) => {
      const count = line.values.length;
      const part = line.values.slice(Math.floor(from * count), Math.ceil(to * count));
      return part.flatMap((value) => (value === null ? [] : [placeOf(plot, line, value)]));
    });
  const written = names.filter((note) => to > note.x && from < note.x + (ems(note.text) * SIZE.label) / plot.width);
  return Math.min(1, ...[...near, ...written.map((note) => note.y)].map((other) => Math.abs(other - y)));
}

/** The last value of each line where names stand above the plot: beside, above or below its point, whichever is clear of the last bar's value. */
function lastNotes(plot: Plot): Note[] {
  const count = plot.chart.labels.length;
  const gap = (SIZE.label * SIZE.line) / plot.height;
  return plot.lines.flatMap((series): Note[] => {
    const last = lastIndex(series.values);
    const value = series.values[last];
    if (value == null || isThin(series) || isLevel(series)) return [];
    const text = withUnit(value, unitOf(plot.chart, series));
    const y = placeOf(plot, series, value);
    const taken = plot.bars.flatMap((bar) => {
      const height = bar.role === 'comparison' ? null : bar.values[last];
      return height == null ? [] : [placeOf(plot, bar, height) + gap / 2];
    });
    const roomBeside = ((count - last - 0.5) / count) * plot.width > ems(text) * SIZE.label + 20;
    const beside: Note['align'][] = roomBeside ? ['right'] : [];
    const shift = { right: 0, top: gap * 0.8, bottom: -gap * 0.8, left: 0, center: 0 };
    const clear = (align: Note['align']) => Math.min(1, ...taken.map((other) => Math.abs(other - y - shift[align])));
    const sides: Note['align'][] = [...beside, 'top', 'bottom'];
    const align =
      sides.find((side) => clear(side) >= gap) ??
      sides.reduce((best, side) => (clear(side) > clear(best) ? side : best));
    const edge = align === 'right' ? 1 : 1 - (ems(text) * SIZE.label) / 2 / plot.width;
    return [{ x: Math.min(edge, (last + 0.5) / count), y, text, color: inkIn(plot, series), align }];
  });
}

/** A dash where a bar is missing between others, because no bar could also mean zero. */
function gapNotes(plot: Plot): Note[] {
  const [bar] = plot.bars.filter((series) => series.role !== 'comparison');
  if (!bar) return [];
  const first = bar.values.findIndex((value) => value !== null);
  const last = lastIndex(bar.values);
  return bar.values.flatMap((value, index): Note[] => {
    if (value !== null || index < first || index > last) return [];
    const x = (index + 0.5) / bar.values.length;
    return [{ x, y: 0.03, text: '–', color: PALETTE.muted, align: 'center', size: SIZE.tick, weight: 'normal' }];
  });
}

/** A plot without a single value says so. */
function emptyNotes(plot: Plot): Note[] {
  if (plot.chart.series.some((series) => lastIndex(series.values) >= 0)) return [];
  const text = localeOf(plot.chart) === 'zh-CN' ? '暂无数据' : 'No data';
  return [{ x: 0.5, y: 0.5, text, color: PALETTE.muted, align: 'center', size: SIZE.title }];
}

function saying(plot: Plot, series: Series, value: number): string {
  const unit = unitOf(plot.chart, series);
  const said = withUnit(unit === '%' || Math.abs(value) < 10 ? value : Math.round(value * 10) / 10, unit);
  // A single line is what the title speaks of: its value is enough.
  return plot.chart.series.length === 1 ? said : `${cutEms(series.name, 8)} ${said}`;
}
