import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '../../core/errors.ts';
import type { Message } from '../../core/message.ts';
import type { Address, ChatPlatform, SendOptions } from '../../core/platform.ts';
import type { Leave } from '../outbox/pace.ts';

/** Makes a message into parcels of a platform and sends them one after the other, or puts them in a message's place. */
export type Say = (platform: ChatPlatform, to: Address, message: Message, options?: SendOptions) => Promise<void>;

/** Somebody waits for the answer: it is tried again for so long, in ms, while the platform says that nothing arrived. */
const PATIENCE_MS = 90_000;
const FIRST_PAUSE_MS = 500;

export interface SayTools {
  parcels(platform: ChatPlatform, message: Message): Promise<unknown[]>;
  /**
   * Leave to send one parcel, or how long until one may ask again. Answers count against the platform's limits like
   * letters do; `arrived` must follow.
   */
  leave(platform: ChatPlatform, to: Address): Promise<Leave | { wait: number }>;
  signal: AbortSignal;
}

/** Says answers. An answer is no letter: what cannot be said within a minute and a half is given up. */
export function createSay({ parcels, leave, signal }: SayTools): Say {
  return async (platform, to, message, options = {}) => {
    const drawn = await parcels(platform, message);
    const until = performance.now() + PATIENCE_MS;
    const patiently = <T>(act: () => Promise<T>) => tryAgain(act, until, signal);
    if (message.replaces && options.inReplyTo?.pressed) {
      const replaced = await patiently(async () => platform.update?.(to, drawn, options));
      if (replaced) return;
    }
    for (const parcel of drawn) {
      await patiently(async () => {
        const left = await leave(platform, to);
        if ('wait' in left) throw new DeliveryError('wait', "over the platform's limit", left.wait);
        await platform.send(to, parcel, options).finally(left.arrived);
      });
    }
  };
}

/** Again where nothing arrived: when the platform says, else with growing pauses. What may have arrived is not repeated. */
async function tryAgain<T>(act: () => Promise<T>, until: number, signal: AbortSignal): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DeliveryError) || (error.kind !== 'wait' && error.kind !== 'retry')) throw error;
      const ms = error.retryAfterMs ?? pause;
      if (signal.aborted || performance.now() + ms > until) throw error;
      await sleep(ms, undefined, { signal });
    }
  }
}
