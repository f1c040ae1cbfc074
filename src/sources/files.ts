import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { AskerError } from '../core/errors.ts';
import type { Page, Source } from '../core/source.ts';
import { csvPages } from './csv.ts';
import { jsonArrayPages, jsonLinePages } from './json.ts';
import { linesOf, textForm } from './text.ts';
import { isWorkbook, workbookPages } from './workbook.ts';

const LARGEST_ARRAY_BYTES = 200_000_000;

/**
 * The rows of a file: an Excel workbook (.xlsx, its first sheet), CSV (`,` `;` or tab), JSON lines or one JSON array, told
 * by its beginning; UTF-8, GBK, or UTF-16 with a byte order mark. Pages hold at most 1,000 rows; only a JSON array is held
 * in memory as a whole.
 * @throws AskerError (while reading) where the file is missing, empty, unreadable, no text, or has a wrong heading
 */
export function fileSource(path: string): Source {
  return { name: basename(path), snapshot: (signal) => pagesOf(path, signal) };
}

async function* pagesOf(path: string, signal: AbortSignal): AsyncGenerator<Page> {
  if (await isWorkbook(path)) return yield* workbookPages(path, signal);
  const form = await textForm(path);
  const first = form.beginning.trimStart()[0];
  const table = ['.csv', '.tsv'].includes(extname(path).toLowerCase());
  if (!table && first === '[') {
    if ((await stat(path)).size > LARGEST_ARRAY_BYTES) {
      throw new AskerError(`文件太大，请改用每行一个 JSON 对象：${path} (over 200 MB: use JSON lines)`);
    }
    yield* jsonArrayPages(new TextDecoder(form.encoding).decode(await readFile(path, { signal })));
  } else if (!table && first === '{') yield* jsonLinePages(linesOf(path, form, signal));
  else yield* csvPages(linesOf(path, form, signal));
}
