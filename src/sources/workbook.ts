import { open, readFile, stat } from 'node:fs/promises';
import { readSheet } from 'read-excel-file/node';
import { AskerError, messageOf } from '../core/errors.ts';
import type { Page, RawRow } from '../core/source.ts';
import { headingFrom, wrongCells } from './csv.ts';

const LARGEST_BYTES = 30 * 1024 * 1024;
/** Of all parts together: a workbook of a million cells has a fifth of it. */
const LARGEST_UNPACKED = 400 * 1024 * 1024;
const PAGE = 1_000;

/** Whether a file begins as a workbook (.xlsx) does, whatever it is called. */
export async function isWorkbook(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  try {
    const { buffer, bytesRead } = (await file?.read(Buffer.alloc(4), 0, 4, 0)) ?? {
      buffer: Buffer.alloc(0),
      bytesRead: 0,
    };
    return bytesRead === 4 && buffer.readUInt32LE(0) === LOCAL_FILE;
  } catch {
    return false;
  } finally {
    await file?.close();
  }
}

/**
 * The rows of a workbook's first sheet, under the headings of its first row that is not blank. Numbers keep the digits that
 * the file has, dates and times are as they are shown: wall times without a zone. Row numbers are the sheet's own.
 * @throws AskerError where it is no workbook, too large, or its heading names a column twice
 */
export async function* workbookPages(path: string, signal: AbortSignal): AsyncGenerator<Page> {
  if ((await stat(path)).size > LARGEST_BYTES) throw tooLarge(path);
  const bytes = await readFile(path, { signal });
  if (unpackedBytes(bytes) > LARGEST_UNPACKED) throw tooLarge(path);
  const sheet = await readSheet<string>(bytes, { parseNumber: (digits) => digits }).catch((error: unknown) => {
    throw new AskerError(
      `这不是能读的 Excel 工作簿（.xlsx）：${path} (not a workbook that can be read: ${messageOf(error).slice(0, 100)})`,
    );
  });
  let names: string[] | undefined;
  let page: Page & { bad: { line: number; reason: string }[] } = { rows: [], bad: [] };
  for (const [at, row] of sheet.entries()) {
    const cells = row.map(cellText);
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (!names) {
      names = headingFrom(cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1));
      continue;
    }
    const used = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
    if (used > names.length) page.bad.push({ line: at + 1, reason: wrongCells(used, names) });
    else page.rows.push(rowOf(at + 1, names, cells));
    if (page.rows.length + page.bad.length >= PAGE) {
      yield page;
      page = { rows: [], bad: [] };
    }
  }
  if (!names) throw new AskerError(`文件是空的：${path} (the file is empty)`);
  if (page.rows.length + page.bad.length > 0) yield page;
}

function rowOf(line: number, names: readonly string[], cells: readonly string[]): RawRow {
  const values: Record<string, unknown> = {};
  names.forEach((name, at) => {
    if (name) values[name] = cells[at] ?? '';
  });
  return { line, values };
}

/** What a cell shows; a date is a `Date` whose UTC clock has the wall time, and a time alone is on the last day of 1899. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (!(cell instanceof Date)) return String(cell);
  if (Number.isNaN(cell.getTime())) return '';
  // Fractions of a day that are no whole milliseconds are rounding.
  const [day = '', time = ''] = new Date(Math.round(cell.getTime() / 1000) * 1000)
    .toISOString()
    .slice(0, 19)
    .split('T');
  if (day < '1900-01-02') return time;
  return time === '00:00:00' ? day : `${day} ${time}`;
}

function tooLarge(path: string): AskerError {
  return new AskerError(`工作簿太大，请另存为 CSV：${path} (the workbook is too large: save it as CSV)`);
}

const LOCAL_FILE = 0x04034b50;
const CENTRAL_ENTRY = 0x02014b50;

/** What a zip's directory says that its parts have when they are unpacked. */
function unpackedBytes(zip: Buffer): number {
  let sum = 0;
  for (let at = zip.indexOf('PK\u0001\u0002', 0, 'latin1'); at >= 0 && at + 46 <= zip.length; ) {
    if (zip.readUInt32LE(at) !== CENTRAL_ENTRY) break;
    sum += zip.readUInt32LE(at + 24);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return sum;
}
