import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenFromYuan, yuan, yuanShort, yuanWhole } from './money.ts';

describe('money', () => {
  it.each([
    [100000, 10_000_000],
    [0.1 + 0.2, 30],
    [99999.99999999999, 10_000_000],
    [43461.119999999995, 4_346_112],
    ['1,234.5', 123_450],
    ['￥１２.３０ 元', 1230],
    ['-0.01', -1],
    [1.005, 101],
    ['.5', 50],
    [1e21 / 1e18, 100_000],
  ])('%s yuan is %i fen', (amount, fen) => {
    expect(fenFromYuan(amount)).toBe(fen);
  });

  it.each(['', 'abc', '1.2.3', Number.NaN, Number.POSITIVE_INFINITY, 1e20, '--1', '12e3'])(
    '%s is no amount',
    (amount) => {
      expect(() => fenFromYuan(amount)).toThrow(RangeError);
    },
  );

  it('reads back what it writes, and what a double holds of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000_000, max: 10_000_000_000 }), (fen) => {
        expect(fenFromYuan(yuan(fen))).toBe(fen === 0 ? 0 : fen);
        expect(fenFromYuan(fen / 100)).toBe(fen === 0 ? 0 : fen);
      }),
    );
  });

  it('is written with separators, cents where there are any, or cut to yuan', () => {
    expect(yuan(6_160_000)).toBe('61,600.00');
    expect(yuanShort(6_160_000)).toBe('61,600');
    expect(yuanShort(-6_160_050)).toBe('-61,600.50');
    expect(yuanWhole(6_160_099)).toBe('61,600');
    expect(yuanWhole(-99)).toBe('0');
  });
});
