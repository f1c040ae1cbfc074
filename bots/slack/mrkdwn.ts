import { splitText } from '../../src/core/split.ts';

/** Characters that one text of a section or a context may have. */
export const SECTION_CHARACTERS = 3000;
/** Cells of a monospaced line that a desktop shows without breaking it. */
const TABLE_CELLS = 64;

/**
 * What Slack's mrkdwn gives a meaning at the border of a word: bold, italic, strike-through, code; a quote at the
 * beginning of a line; the name of an emoji between colons.
 */
const MARKUP =
  /[*`~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|(?<=^\s*)>|:(?=(?:100|1234|[\p{L}\p{N}+'-]*[\p{L}_][\p{L}\p{N}_+'-]*):)/gmu;
/** From a printable ASCII character to its full-width twin. */
const FULL_WIDTH = 0xfee0;

/**
 * What people typed, as mrkdwn that shows it as it is. Mentions and links cannot come of it, since `& < >` are escaped.
 * mrkdwn has no escape for the rest, so that is written full-width where it could be markup: people read `＊` as `*`,
 * and copied back into a command it becomes `*` again (NFKC).
 */
export function write(text: string): string {
  return escapeEntities(clean(text).replace(MARKUP, fullWidth));
}

/** For `plain_text`: no markup there, but it is not documented whether entities are decoded and ids looked up. */
export function writePlain(text: string): string {
  return oneLine(clean(text)).replace(/[<>]|&(?=#?\w+;)/g, fullWidth);
}

function escapeEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function fullWidth(character: string): string {
  return String.fromCodePoint((character.codePointAt(0) ?? 0) + FULL_WIDTH);
}

/** Without control characters and halves of surrogate pairs. */
export function clean(text: string): string {
  return Buffer.from(text)
    .toString()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '');
}

export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\t]\s*/g, ' ').trim();
}

/**
 * A text as pieces of mrkdwn that each fit, without marks: they stand below each other. It is cut before it is
 * escaped, so that no entity is cut in two.
 */
export function writeAll(text: string, limit = SECTION_CHARACTERS): string[] {
  const trimmed = clean(text).replace(/^\s*\n|\s+$/g, '');
  if (trimmed === '') return [];
  return cut(trimmed, limit).flatMap((piece) => {
    const written = write(piece);
    return written.length <= SECTION_CHARACTERS ? [written] : writeAll(piece, Math.ceil(limit / 2));
  });
}

/** `splitText` without its marks. */
export function cut(text: string, limit: number): string[] {
  const parts = splitText(text, limit, 'characters');
  if (parts.length === 1) return parts;
  return parts.map((part, i) => part.slice(0, -` (${i + 1}/${parts.length})`.length));
}

/** A table as code sections with its columns aligned by display width; as lines where it is wider than a screen. */
export function writeTable(
  columns: readonly { label: string; align: 'left' | 'right' }[],
  rows: readonly (readonly string[])[],
): string[] {
  const inCode = (text: string) => oneLine(clean(text)).replaceAll('`', fullWidth);
  const head = columns.map(({ label }) => inCode(label));
  const body = rows.map((row) => row.map(inCode));
  const widths = head.map((label, i) => Math.max(...[label, ...body.map((row) => row[i] ?? '')].map(cells)));
  if (widths.reduce((sum, width) => sum + width + 2, -2) > TABLE_CELLS) {
    return writeAll([head, ...body].map((row) => row.join(' · ')).join('\n'));
  }
  const line = (row: readonly string[]) =>
    escapeEntities(
      widths
        .map((width, i) => pad(row[i] ?? '', width, columns[i]?.align ?? 'left'))
        .join('  ')
        .trimEnd(),
    );
  const first = line(head);
  const sections: string[] = [];
  let current = first;
  for (const row of body.map(line)) {
    if (current.length + row.length + 9 > SECTION_CHARACTERS) {
      sections.push(current);
      current = first;
    }
    current += `\n${row}`;
  }
  return [...sections, current].map((code) => `\`\`\`\n${code}\n\`\`\``);
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(width - cells(text));
  return align === 'right' ? blanks + text : text + blanks;
}

const GRAPHEMES = new Intl.Segmenter('zh', { granularity: 'grapheme' });
/** East Asian wide and full-width characters, and emoji: two cells of a monospaced line. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f1e6}-\u{1faff}\u{20000}-\u{3fffd}]/u;

function cells(text: string): number {
  let count = 0;
  for (const { segment } of GRAPHEMES.segment(text)) count += WIDE.test(segment) ? 2 : 1;
  return count;
}
