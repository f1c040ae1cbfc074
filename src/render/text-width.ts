/**
 * How wide text is. A terminal gives Chinese two columns and Latin one; a picture gives Chinese one em and Latin a little
 * more than half of one.
 */

type Measure = (grapheme: string) => number;

const SEGMENTS = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** The wide and full-width blocks of Unicode's East Asian Width (UAX #11), and emoji. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|^.\ufe0f/u;

/** Controls, format characters and marks without a letter take no room. */
const EMPTY = /^[\p{Cc}\p{Cf}\p{Mn}]+$/u;

/** Columns of a text in a terminal: 2 for Chinese and emoji, 1 for the rest. */
export function columns(text: string): number {
  return width(text, columnsOf);
}

/** Pads a text to `wanted` columns. */
export function pad(text: string, wanted: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, wanted - columns(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

/** The width of a text in em of its font size, a little on the wide side, so that what is planned fits. */
export function ems(text: string): number {
  return width(text, emsOf);
}

/** Cuts a text to `room` em; what was cut ends in `…`. */
export function cutEms(text: string, room: number): string {
  return ems(text) <= room ? text : `${text.slice(0, fitting(text, room - 1)).trimEnd()}…`;
}

/** Breaks a text into at most `lines` lines of `room` em, after a comma or a blank where one is near; the last is cut. */
export function wrapEms(text: string, room: number, lines: number): string[] {
  if (lines <= 1 || ems(text) <= room) return [cutEms(text, room)];
  const end = fitting(text, room);
  const pauses = ['，；。、', ' ·'].map(
    (marks) => 1 + Math.max(...Array.from(marks, (mark) => text.lastIndexOf(mark, end - 1))),
  );
  const at = pauses.find((pause) => pause > end / 2) ?? Math.max(1, end);
  return [text.slice(0, at).trimEnd(), ...wrapEms(text.slice(at).trimStart(), room, lines - 1)];
}

/** The end of the longest beginning of a text that fits into `room` em. */
function fitting(text: string, room: number): number {
  let used = 0;
  for (const { segment, index } of SEGMENTS.segment(text)) {
    used += emsOf(segment);
    if (used > room) return index;
  }
  return text.length;
}

function width(text: string, measure: Measure): number {
  let sum = 0;
  for (const { segment } of SEGMENTS.segment(text)) sum += measure(segment);
  return sum;
}

function columnsOf(grapheme: string): number {
  if (EMPTY.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Noto Sans SC: digits 0.56, most letters less, capitals more; bold a little wider. */
function emsOf(grapheme: string): number {
  if (EMPTY.test(grapheme)) return 0;
  if (WIDE.test(grapheme) || /^[…—▲▼→■●]/.test(grapheme)) return 1;
  if (/^[\s.,:;'|·!ijl()[\]]/.test(grapheme)) return 0.34;
  return /^[A-Zmw%@]/.test(grapheme) ? 0.78 : 0.59;
}
