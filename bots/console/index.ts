import { DeliveryError } from '../../src/core/errors.ts';
import type { Address, ChatPlatform, DrawnMessage, Inbound, Receive } from '../../src/core/platform.ts';
import { restOf, schemeOf } from '../../src/core/platform.ts';

/** What the console keeps and shows; the app gives it a table and the open browsers. */
export interface ConsoleLog {
  /** Keeps a message of the bot. The same key again changes nothing. Returns its number in the log. */
  append(room: string, message: DrawnMessage, key: string | undefined): Promise<string>;
  /** Puts a message in the place of the bot's own with this number. False where there is none in the room. */
  replace(room: string, number: string, message: DrawnMessage): Promise<boolean>;
}

/** A console message is drawn by the web page; here it is carried whole. */
export type ConsoleParcel = DrawnMessage;

export interface Console extends ChatPlatform<ConsoleParcel> {
  /** Something was typed or pressed in the web chat. */
  hear(inbound: Inbound): Promise<void>;
}

/**
 * The platform of our own: the web chat. A room is a group (`console:sales`) or a person's direct chat
 * (`console:@PERSON`).
 */
export function createConsole(log: ConsoleLog): Console {
  let receive: Receive | undefined;
  return {
    name: 'console',
    draws: new Set(['table', 'pictures', 'actions']),
    deduplicates: true,
    async start(receiver) {
      receive = receiver;
    },
    draw: (message) => [message],
    async send(to: Address, parcel, options) {
      if (options?.signal?.aborted) throw new DeliveryError('retry', 'stopped before it was sent');
      const room = restOf(to);
      if (schemeOf(to) !== 'console' || !/^@?[\p{L}\p{N}_.-]{1,64}$/u.test(room)) {
        throw new DeliveryError(
          'refused',
          `not a console room: ${room || '(empty)'}. Use console:NAME or console:@PERSON`,
        );
      }
      return { id: await log.append(room, parcel, options?.key) };
    },
    async update(to, [parcel], { inReplyTo }) {
      if (!parcel || !inReplyTo?.pressed || inReplyTo.room !== to) return false;
      return log.replace(restOf(to), inReplyTo.pressed, parcel);
    },
    async hear(inbound) {
      if (!receive) throw new Error('the console is not started');
      await receive(inbound);
    },
  };
}
