import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../core/errors.ts';
import { textMessage } from '../../core/message.ts';
import type { ChatPlatform } from '../../core/platform.ts';
import { createSay } from './say.ts';

/** A platform on which one call after another goes wrong in the ways given. */
function platformWith(troubles: (DeliveryError | undefined)[], sent: unknown[]): ChatPlatform {
  return {
    name: 'test',
    draws: new Set(),
    deduplicates: false,
    draw: () => [],
    async send(_to, parcel) {
      const trouble = troubles.shift();
      if (trouble) throw trouble;
      sent.push(parcel);
      return {};
    },
  };
}

const say = (leave = async () => ({ arrived() {} }) as { arrived(): void } | { wait: number }) =>
  createSay({ parcels: async () => ['one', 'two'], leave, signal: new AbortController().signal });

describe('an answer', () => {
  it('that a platform does not take now is said when it does', async () => {
    const sent: unknown[] = [];
    const platform = platformWith([undefined, new DeliveryError('wait', 'too often', 10)], sent);
    await say()(platform, 'test:1', textMessage('hello'));
    expect(sent).toEqual(['one', 'two']);
  });

  it('that may have arrived is not repeated', async () => {
    const sent: unknown[] = [];
    const platform = platformWith([new DeliveryError('doubtful', 'no answer')], sent);
    await expect(say()(platform, 'test:1', textMessage('hello'))).rejects.toThrow('no answer');
    expect(sent).toEqual([]);
  });

  it('waits for the limit, and is given up where that takes too long', async () => {
    const sent: unknown[] = [];
    const waits = [{ wait: 10 }, { arrived() {} }, { arrived() {} }];
    await say(async () => waits.shift() ?? { wait: 1 })(platformWith([], sent), 'test:1', textMessage('hello'));
    expect(sent).toEqual(['one', 'two']);
    const never = say(async () => ({ wait: 3_600_000 }));
    await expect(never(platformWith([], sent), 'test:1', textMessage('hello'))).rejects.toThrow('limit');
  });
});
