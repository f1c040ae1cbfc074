import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactJson } from './json.ts';

describe('exact JSON', () => {
  it('keeps numbers that a double cannot hold as text, and leaves alone what only looks like one', () => {
    const inner = String.raw`{\"lead\":3781366465270000001,\\\"x\\\":[1]}`;
    const text = `[{"id":3781366465270000001,"n":-9007199254740993,"ok":12.5,"e":1e3},"${inner}",[1234567890123456789]]`;
    expect(exactJson(text)).toEqual([
      { id: '3781366465270000001', n: '-9007199254740993', ok: 12.5, e: 1000 },
      String.raw`{"lead":3781366465270000001,\"x\":[1]}`,
      ['1234567890123456789'],
    ]);
    for (const broken of ['{"id":37813664652700000012', '{"a":"x:1234567890123456789', '[1234567890123456789,']) {
      expect(() => exactJson(broken)).toThrow(SyntaxError);
    }
  });

  it('is what JSON.parse gives where every number is exact', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('object')),
      list: fc.array(tie('any'), { maxLength: 4 }),
      object: fc.dictionary(fc.string(), tie('any'), { maxKeys: 4 }),
    })).any;
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1), (given, indent) => {
        const text = `[1234567890123456789,${JSON.stringify(given, null, indent)}]`;
        expect(exactJson(text)).toEqual(['1234567890123456789', JSON.parse(JSON.stringify(given))]);
      }),
    );
  });
});
