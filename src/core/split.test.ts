import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Measure, splitText, utf8Length } from './split.ts';

const size = (text: string, measure: Measure) => (measure === 'bytes' ? utf8Length(text) : text.length);
const graphemes = (text: string) =>
  [...new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);
const bare = (text: string) => text.replace(/\s+/g, '');
/** Takes the marks off, and fails where one is missing or counts wrongly. */
const unmarked = (parts: string[]) =>
  parts.map((part, i) => {
    const mark = parts.length > 1 ? ` (${i + 1}/${parts.length})` : '';
    expect(part.endsWith(mark)).toBe(true);
    return part.slice(0, part.length - mark.length);
  });

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('北', '京', '单', '，', '。', '！', '接通率', '管家', '　') },
  { weight: 4, arbitrary: fc.constantFrom('a', 'word', '16.31%', '. ', ' ', '(1/2)', '\n', '\n\n', '  ') },
  { weight: 2, arbitrary: fc.constantFrom('👍🏽', '👨‍👩‍👧‍👦', '🇨🇳', 'e\u0301'.repeat(300), '½', '𠮷') },
);
const text = fc.array(piece, { maxLength: 400 }).map((pieces) => pieces.join(''));

describe('splitText', () => {
  it('keeps every part within the limit, loses nothing, doubles nothing, breaks no grapheme', () => {
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 60, max: 700 }),
        fc.constantFrom('bytes', 'characters'),
        (whole, limit, by) => {
          const parts = splitText(whole, limit, by as Measure);
          for (const part of parts) expect(size(part, by as Measure)).toBeLessThanOrEqual(limit);
          const words = unmarked(parts);
          expect(bare(words.join(''))).toBe(bare(whole));
          expect(words.flatMap((part) => graphemes(bare(part)))).toEqual(graphemes(bare(whole)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never makes half a surrogate pair, even where one grapheme is longer than a part', () => {
    const family = '👨‍👩‍👧‍👦'.repeat(3).replaceAll('👦👨', '👦‍👨');
    const parts = splitText(family.repeat(4), 24);
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) {
      expect(utf8Length(part)).toBeLessThanOrEqual(24);
      expect(Buffer.from(part).toString()).toBe(part);
    }
    expect(unmarked(parts).join('')).toBe(family.repeat(4));
  });

  it('leaves a text alone that fits exactly', () => {
    expect(splitText('单'.repeat(10), 30)).toEqual(['单'.repeat(10)]);
    expect(splitText('单'.repeat(10), 10, 'characters')).toEqual(['单'.repeat(10)]);
    expect(splitText('', 30)).toEqual(['']);
  });

  it('prefers a blank line to a line end, a line end to a sentence end, a sentence end to a word', () => {
    expect(splitText('one\ntwo and some more\n\nthree four five. six\nseven', 40)).toEqual([
      'one\ntwo and some more (1/2)',
      'three four five. six\nseven (2/2)',
    ]);
    expect(splitText('one two three\nfour. five six seven eight', 32)).toEqual([
      'one two three\nfour. (1/2)',
      'five six seven eight (2/2)',
    ]);
    expect(splitText('今日外呼一万五千通。接通率提高了，成单二十四', 50)).toEqual([
      '今日外呼一万五千通。 (1/2)',
      '接通率提高了，成单二十四 (2/2)',
    ]);
    expect(splitText('alpha beta gamma delta epsilon', 22)).toEqual(['alpha beta gamma (1/2)', 'delta epsilon (2/2)']);
  });

  it('keeps the indentation of the line that begins a part', () => {
    expect(splitText('0123456789abcdef\n  - indented line', 28)[1]).toBe('  - indented line (2/2)');
  });

  it('counts its marks when there are more than nine and more than ninety-nine parts', () => {
    for (const length of [1000, 10_000]) {
      const parts = splitText('字'.repeat(length), 90);
      for (const part of parts) expect(utf8Length(part)).toBeLessThanOrEqual(90);
      expect(unmarked(parts).join('')).toBe('字'.repeat(length));
    }
  });

  it('refuses a limit that has no room for text beside the mark', () => {
    expect(() => splitText('a text that is too long', 8)).toThrow(RangeError);
  });
});
