import { isSafeNumber } from 'lossless-json';
import { messageOf } from '../core/errors.ts';
import type { Page, RawRow } from '../core/source.ts';
import { DAMAGED_TEXT } from './csv.ts';
import { DAMAGED } from './text.ts';

const PAGE = 1_000;

/** Text of one row, with the line on which it begins. */
interface JsonRow {
  line: number;
  text: string;
}

/** Rows of JSON lines; a broken line is bad, the others go on. Blank lines are passed over. */
export async function* jsonLinePages(chunks: AsyncIterable<string[]>): AsyncGenerator<Page> {
  let line = 0;
  let waiting: JsonRow[] = [];
  for await (const lines of chunks) {
    for (const text of lines) {
      line++;
      if (text.trim() !== '') waiting.push({ line, text });
      if (waiting.length < PAGE) continue;
      yield pageOf(waiting);
      waiting = [];
    }
  }
  if (waiting.length > 0) yield pageOf(waiting);
}

/** Rows of a JSON array, each with the line on which it begins. */
export function* jsonArrayPages(text: string): Generator<Page> {
  let waiting: JsonRow[] = [];
  for (const row of elementsOf(text)) {
    waiting.push(row);
    if (waiting.length < PAGE) continue;
    yield pageOf(waiting);
    waiting = [];
  }
  if (waiting.length > 0) yield pageOf(waiting);
}

function pageOf(texts: readonly JsonRow[]): Page {
  const rows: RawRow[] = [];
  const bad: { line: number; reason: string }[] = [];
  for (const { line, text } of texts) {
    const values = objectOf(text);
    if (typeof values === 'string') bad.push({ line, reason: values });
    else rows.push({ line, values });
  }
  return bad.length > 0 ? { rows, bad } : { rows };
}

/** The row's values, or the reason for which it cannot be read. */
function objectOf(text: string): Record<string, unknown> | string {
  if (text.includes(DAMAGED)) return DAMAGED_TEXT;
  try {
    const value = exactJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    return '不是 JSON 对象 (not a JSON object)';
  } catch (error) {
    return `JSON 有误 (broken JSON): ${messageOf(error).slice(0, 100)}`;
  }
}

/** JSON as values; a number that a double cannot hold exactly (a 19-digit id) stays text. @throws SyntaxError */
export function exactJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(
      text.replace(PERHAPS_LONG, (whole, before, token) => (isSafeNumber(token) ? whole : `${before}"${token}"`)),
    );
  } catch {
    // What looked like a number stood within a string: a quote before a digit ends it, which is no JSON. Slower, with care.
    return JSON.parse(withLongNumbersQuoted(text));
  }
}

/** Not after `\\"`, which stands within a string: JSON in JSON is what such strings mostly are. */
const PERHAPS_LONG = /(?<!\\")([:,[]\s*)(-?(?:[\d.]{16,}(?:[eE][-+]?\d+)?|[\d.]+[eE][-+]?\d+))/g;

/** Numbers of up to 15 digits are exact as doubles: a text without longer ones is read as it is. */
const LONG_NUMBER = /[:,[]\s*-?[\d.]{16}|\d[eE][-+\d]/;
const LONG = 6;
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Puts quotes around numbers that a double cannot hold. What looks like a number within a string is left alone: strings
 * are jumped over. One pass by character codes.
 */
function withLongNumbersQuoted(text: string): string {
  const parts: string[] = [];
  let done = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (isDigit(code)) {
      const start = text[at - 1] === '-' ? at - 1 : at;
      do at++;
      while (isPartOfNumber(text.charCodeAt(at)));
      if (at - start >= LONG) {
        const token = text.slice(start, at);
        if (!isSafeNumber(token)) {
          parts.push(text.slice(done, start), '"', token, '"');
          done = at;
        }
      }
      at--;
    }
  }
  if (done === 0) return text;
  parts.push(text.slice(done));
  return parts.join('');
}

/** Where a string that begins at a quote ends; the end of the text where it does not. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Digits, `.`, `e`, `E`, `+` and `-`. */
function isPartOfNumber(code: number): boolean {
  return isDigit(code) || code === 46 || code === 101 || code === 69 || code === 43 || code === 45;
}

/**
 * The elements of an array, found by counting brackets, so that a broken one does not take the others with it. A string
 * cannot go over a line end: one that seems to has lost its quote, and reading goes on with the next line that begins
 * with `{` or `]`.
 */
function* elementsOf(text: string): Generator<JsonRow> {
  let line = 1;
  let depth = 0;
  let quoted = false;
  let start = -1;
  let startLine = 1;
  for (let at = 0; at < text.length; at++) {
    const mark = text[at] as string;
    if (mark === '\n') {
      line++;
      if (!quoted) continue;
      yield { line: startLine, text: text.slice(start, at) };
      const skipped = linesUpToElement(text, at + 1);
      line += skipped.lines;
      at += skipped.characters;
      quoted = false;
      depth = 1;
      start = -1;
    } else if (quoted) {
      if (mark === '\\') at++;
      else if (mark === '"') quoted = false;
    } else if (depth === 1 && (mark === ',' || mark === ']')) {
      if (start >= 0) yield { line: startLine, text: text.slice(start, at) };
      start = -1;
      if (mark === ']') depth = 0;
    } else if (depth === 0 && mark !== '[' && mark.trim() !== '') {
      yield { line, text: text.slice(at) };
      return;
    } else if (mark.trim() !== '') {
      if (depth === 1 && start < 0) {
        start = at;
        startLine = line;
      }
      if (mark === '"') quoted = true;
      else if (mark === '{' || mark === '[') depth++;
      else if (mark === '}' || mark === ']') depth--;
    }
  }
  if (depth > 0) yield { line: start >= 0 ? startLine : line, text: start >= 0 ? text.slice(start) : '[' };
}

function linesUpToElement(text: string, from: number): { lines: number; characters: number } {
  const next = /^[^\S\n]*[{\]]/gm;
  next.lastIndex = from;
  const to = next.exec(text)?.index ?? text.length;
  return { lines: text.slice(from, to).split('\n').length - 1, characters: to - from };
}
