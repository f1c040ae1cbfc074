import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { AskerError } from '../core/errors.ts';

/** How the bytes of a text file are to be read. */
export interface TextForm {
  encoding: 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';
  newline: '\n' | '\r';
  /** The beginning of the text, at most a megabyte of it. */
  beginning: string;
}

/** What a decoder puts in the place of bytes that are no text. */
export const DAMAGED = '\uFFFD';

const SAMPLE_BYTES = 1_000_000;
const LONGEST_LINE = 10_000_000;

/**
 * Looks at a file's beginning. Chinese Excel writes GBK without saying so: bytes that are no UTF-8 but flawless
 * GB 18030 are taken as that; UTF-16 is told by its byte order mark.
 * @throws AskerError where there is no such file, or it is empty, unreadable, or no text
 */
export async function textForm(path: string): Promise<TextForm> {
  const bytes = await beginningOf(path);
  if (bytes.length === 0) throw new AskerError(`文件是空的：${path} (the file is empty)`);
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') {
    throw new AskerError(
      `这是旧式 Excel 文件（.xls），请另存为 .xlsx 或 CSV：${path} (an old .xls workbook: save it as .xlsx or CSV)`,
    );
  }
  const encoding = encodingOf(bytes);
  const beginning = new TextDecoder(encoding).decode(bytes);
  if (beginning.includes('\0')) throw new AskerError(`这不是文本文件：${path} (this is not a text file)`);
  if (beginning.trim() === '') throw new AskerError(`文件是空的：${path} (the file is empty)`);
  return { encoding, beginning, newline: !beginning.includes('\n') && beginning.includes('\r') ? '\r' : '\n' };
}

/**
 * The lines of a file, a chunk at a time, without their ends; memory does not grow with the file.
 * @throws AskerError where a line has more than ten million characters: then it is no table
 */
export async function* linesOf(path: string, form: TextForm, signal: AbortSignal): AsyncGenerator<string[]> {
  const decoder = new TextDecoder(form.encoding);
  let rest = '';
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 262_144 })) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split(form.newline);
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) {
      throw new AskerError(`有一行超过一千万字，不是表格：${path} (a line of over ten million characters: no table)`);
    }
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  rest += decoder.decode();
  if (rest !== '') yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

async function beginningOf(path: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    if ((await stat(path)).isDirectory()) {
      throw new AskerError(`这是文件夹，请给出文件：${path} (this is a folder: name a file)`);
    }
    file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof AskerError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new AskerError(`找不到文件：${path} (no such file)`);
    throw new AskerError(`文件读不了（${code}）：${path} (the file cannot be read)`);
  } finally {
    await file?.close();
  }
}

function encodingOf(bytes: Buffer): TextForm['encoding'] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Up to the last whole line, so that no character is cut in two.
  const lastNewline = bytes.lastIndexOf(0x0a);
  const whole = bytes.length < SAMPLE_BYTES || lastNewline < 0 ? bytes : bytes.subarray(0, lastNewline);
  const asUtf8 = new TextDecoder('utf-8').decode(whole);
  const damaged = asUtf8.split(DAMAGED).length - 1;
  // A UTF-8 file with a few damaged bytes still has more whole characters than broken ones.
  if (damaged <= nonAscii(asUtf8) - damaged) return 'utf-8';
  return new TextDecoder('gb18030').decode(whole).includes(DAMAGED) ? 'utf-8' : 'gb18030';
}

function nonAscii(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) count++;
  return count;
}
