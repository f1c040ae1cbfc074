/** How a platform counts a text: UTF-8 bytes (WeCom), or characters as UTF-16 units (Slack, Telegram). */
export type Measure = 'bytes' | 'characters';

/** Bytes of a text in UTF-8: a Chinese character has 3, most emoji 4. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

const GRAPHEMES = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const WORDS = new Intl.Segmenter('zh', { granularity: 'word' });
const SENTENCE_END = /[。！？；…][”’」』）]*|[.!?;]["')]*(?=\s)/g;
/** UTF-16 units looked at beyond a cut, to know whether it falls inside a word or a grapheme. */
const LOOKAHEAD = 64;

/**
 * A long text as parts that each fit, in order. It is cut where a reader would pause: at a blank line, else a line end,
 * a sentence end, a word; never inside a grapheme that fits. Where it is cut, white space becomes the border between the
 * parts; all else is kept. Two parts or more are marked ` (i/n)` at their end.
 * @param limit the most that a part may measure, its mark included
 * @throws RangeError where the limit leaves no room for text beside the mark
 */
export function splitText(text: string, limit: number, measure: Measure = 'bytes'): string[] {
  const size = measure === 'bytes' ? utf8Length : (part: string) => part.length;
  if (size(text) <= limit) return [text];
  for (let digits = 1; ; digits++) {
    const room = limit - size(mark('9'.repeat(digits), '9'.repeat(digits)));
    if (room < 4) throw new RangeError(`a limit of ${limit} ${measure} leaves no room to split a text into parts`);
    const parts = cutAll(text, room, size);
    if (parts.length === 1) return parts;
    if (String(parts.length).length <= digits) return parts.map((part, i) => part + mark(i + 1, parts.length));
  }
}

function mark(part: number | string, parts: number | string): string {
  return ` (${part}/${parts})`;
}

type Size = (text: string) => number;

function cutAll(text: string, room: number, size: Size): string[] {
  const parts: string[] = [];
  let rest = text.trimEnd();
  while (size(rest) > room) {
    const at = border(rest, fitting(rest, room, size));
    parts.push(rest.slice(0, at).trimEnd());
    // Cut at a line end, the next line keeps its indentation.
    rest = rest.slice(at).replace(/^\s*\n|^\s+/, '');
  }
  return [...parts, rest].filter((part) => part !== '');
}

/** The longest beginning that fits, in UTF-16 units; not inside a surrogate pair. */
function fitting(text: string, room: number, size: Size): number {
  let end = 0;
  let used = 0;
  for (const character of text) {
    used += size(character);
    if (used > room) return end;
    end += character.length;
  }
  return end;
}

/** Where to cut at or before `end`. A pause in the first half of a part is passed over: parts would become too many. */
function border(text: string, end: number): number {
  const half = end / 2;
  const candidates = [
    () => text.slice(0, end + 2).lastIndexOf('\n\n'),
    () => text.slice(0, end + 1).lastIndexOf('\n'),
    () => lastSentenceEnd(text, end),
    () => segmentStart(WORDS, text, end),
  ];
  for (const candidate of candidates) {
    const at = candidate();
    if (at > half) return at;
  }
  return segmentStart(GRAPHEMES, text, end) || end;
}

function lastSentenceEnd(text: string, end: number): number {
  let last = 0;
  for (const found of text.slice(0, end + 1).matchAll(SENTENCE_END)) {
    const at = found.index + found[0].length;
    if (at <= end) last = at;
  }
  return last;
}

function segmentStart(segmenter: Intl.Segmenter, text: string, end: number): number {
  return segmenter.segment(text.slice(0, end + LOOKAHEAD)).containing(end)?.index ?? end;
}
