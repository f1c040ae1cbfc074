import { CsvError, parse } from 'csv-parse/sync';
import { AskerError } from '../core/errors.ts';
import type { Page, RawRow } from '../core/source.ts';
import { DAMAGED } from './text.ts';

/** A record that stays open for more lines than this has lost a quote. */
const LONGEST_RECORD = 500;
const PAGE = 1_000;

interface CsvRecord {
  line: number;
  text: string;
}

/**
 * Turns the lines of a CSV file into pages of rows. The first record is the heading (line 1 as a rule); the delimiter is
 * the one of `,` `;` tab that the heading holds most often. Row numbers are the file's own lines, also after quoted line
 * breaks. Wholly blank rows are passed over. A row with a broken quote costs that line alone: reading goes on with the
 * next line; a row with another number of cells than the heading is bad, too.
 * @throws AskerError where the heading cannot be read or names a column twice
 */
export async function* csvPages(chunks: AsyncIterable<string[]>): AsyncGenerator<Page> {
  const table = new CsvTable();
  for await (const lines of chunks) {
    table.take(lines);
    yield* table.pages(false);
  }
  table.end();
  yield* table.pages(true);
}

class CsvTable {
  private line = 0;
  /** Lines of a record whose quotes are not closed yet. */
  private open: string[] = [];
  private openLine = 0;
  private records: CsvRecord[] = [];
  private bad: { line: number; reason: string }[] = [];
  private heading: { names: string[]; delimiter: string } | undefined;

  take(lines: readonly string[]): void {
    for (const text of lines) this.place(++this.line, text);
  }

  end(): void {
    while (this.open.length > 0) this.giveUpOpen();
  }

  /** Full pages, at the end also the last one. */
  *pages(last: boolean): Generator<Page> {
    while (
      Math.max(this.records.length, this.bad.length) >= PAGE ||
      (last && this.records.length + this.bad.length > 0)
    ) {
      const page = this.read(this.records.splice(0, PAGE));
      if (page.rows.length + (page.bad?.length ?? 0) > 0) yield page;
    }
  }

  /** Quotes come in pairs in a whole record: an odd number so far means that it goes on in the next line. */
  private place(line: number, text: string): void {
    const odd = hasOddQuotes(text);
    if (this.open.length === 0) {
      if (odd) {
        this.open = [text];
        this.openLine = line;
      } else if (text.trim() !== '') this.add({ line, text });
      return;
    }
    this.open.push(text);
    if (!odd) {
      if (this.open.length > LONGEST_RECORD) this.giveUpOpen();
      return;
    }
    const record = { line: this.openLine, text: this.open.join('\n') };
    if (typeof cellsOf(record, this.heading?.delimiter ?? delimiterOf(record.text)) === 'string') {
      this.giveUpOpen();
    } else {
      this.open = [];
      this.add(record);
    }
  }

  /** The open record's first line is broken; its other lines are looked at afresh. */
  private giveUpOpen(): void {
    const [, ...others] = this.open;
    const line = this.openLine;
    if (!this.heading) throw badHeading('引号没有配对 (its quotes do not match)');
    this.bad.push({ line, reason: BROKEN_QUOTE });
    this.open = [];
    others.forEach((text, index) => {
      this.place(line + 1 + index, text);
    });
  }

  private add(record: CsvRecord): void {
    if (this.heading) this.records.push(record);
    else this.heading = headingOf(record);
  }

  private read(records: CsvRecord[]): Page {
    const { names, delimiter } = this.heading ?? { names: [], delimiter: ',' };
    const rows: RawRow[] = [];
    const bad = this.bad.splice(0);
    const together = cellsOfAll(records, delimiter);
    records.forEach((record, index) => {
      const cells = together?.[index] ?? cellsOf(record, delimiter);
      if (typeof cells === 'string') bad.push({ line: record.line, reason: cells });
      else if (cells.every((cell) => cell.trim() === '')) return;
      else if (cells.length !== names.length) bad.push({ line: record.line, reason: wrongCells(cells.length, names) });
      else if (record.text.includes(DAMAGED)) bad.push({ line: record.line, reason: DAMAGED_TEXT });
      else rows.push({ line: record.line, values: valuesOf(names, cells) });
    });
    return bad.length > 0 ? { rows, bad: bad.sort((a, b) => a.line - b.line) } : { rows };
  }
}

const BROKEN_QUOTE = '引号没有配对 (broken quote)';
export const DAMAGED_TEXT = '有无法识别的字节，文字已损坏 (damaged text: bytes that are no characters)';

export function wrongCells(cells: number, names: readonly string[]): string {
  return `有 ${cells} 格，表头有 ${names.length} 格 (${cells} cells, the heading has ${names.length})`;
}

function valuesOf(names: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (let at = 0; at < names.length; at++) {
    const name = names[at];
    if (name) values[name] = cells[at];
  }
  return values;
}

function headingOf(record: CsvRecord): { names: string[]; delimiter: string } {
  const delimiter = delimiterOf(record.text);
  const cells = cellsOf(record, delimiter);
  if (typeof cells === 'string') throw badHeading(cells);
  return { names: headingFrom(cells), delimiter };
}

/** The names of columns. @throws AskerError where one stands there twice */
export function headingFrom(cells: readonly string[]): string[] {
  const names = cells.map((cell) => cell.trim());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice) throw badHeading(`「${twice}」列出现两次 (column “${twice}” stands there twice)`);
  return names;
}

function badHeading(reason: string): AskerError {
  return new AskerError(`表头（第 1 行）有误：${reason} (the heading, line 1, is wrong)`);
}

function delimiterOf(heading: string): string {
  const bare = heading.replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: bare.split(mark).length - 1 }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

/** The cells of one record, or the reason for which it cannot be read. */
function cellsOf(record: CsvRecord, delimiter: string): string[] | string {
  try {
    return parse(record.text, options(delimiter))[0] ?? [];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return error.code === 'CSV_MAX_RECORD_SIZE' ? '这一行太长 (the row is too long)' : BROKEN_QUOTE;
  }
}

/** All records in one go, as is much faster; nothing where one of them is broken: then each is read by itself. */
function cellsOfAll(records: readonly CsvRecord[], delimiter: string): string[][] | undefined {
  try {
    const all = parse(records.map((record) => record.text).join('\n'), options(delimiter));
    return all.length === records.length ? all : undefined;
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

function options(delimiter: string) {
  return { delimiter, record_delimiter: '\n', relax_column_count: true } as const;
}
