import { describe, expect, it } from 'vitest';
import { SetupError } from '../../core/errors.ts';
import type { ChatPlatform } from '../../core/platform.ts';
import { limitsFrom, withLimits } from './limits.ts';

const own = {
  name: 'telegram',
  draws: new Set(),
  deduplicates: false,
  limits: () => [{ count: 1, ms: 1000 }],
  limitsOfAll: [{ count: 30, ms: 1000 }],
  draw: () => ['drawn'],
  send: async () => ({}),
} satisfies ChatPlatform;
const read = (text: string) => limitsFrom([{ file: 'rules/limits.yaml', text }], ['telegram', 'slack']);

describe('rules/limits.yaml', () => {
  it('takes the place of all of a platform’s own figures', () => {
    const limits = read(
      'limits: { telegram: [{ per: all, count: 25, seconds: 1 }, { per: group, count: 15, seconds: 60 }, { per: address, count: 2, seconds: 1 }] }',
    );
    const platform = withLimits(own as ChatPlatform, limits);
    expect(platform.limitsOfAll).toEqual([{ count: 25, ms: 1000 }]);
    expect(platform.limits?.('telegram:1')).toEqual([{ count: 2, ms: 1000 }]);
    expect(platform.limits?.('telegram:-1')).toEqual([
      { count: 15, ms: 60_000 },
      { count: 2, ms: 1000 },
    ]);
    expect(platform.draw({ blocks: [], lang: 'zh' })).toEqual(['drawn']);
  });

  it('leaves platforms alone that it does not name', () => {
    expect(withLimits(own as ChatPlatform, read('limits: { slack: [] }'))).toBe(own);
  });

  it('is told where it is wrong', () => {
    expect(() => read('limits: { signal: [] }')).toThrow(/signal: no such platform/);
    expect(() => read('limits: { slack: [{ per: address, count: 0, seconds: 1 }] }')).toThrow(SetupError);
  });
});
