import type { Db } from '../store/db.ts';
import type { MessageDraft } from './message.ts';

/**
 * A message that the system decided to send. It is a row in the outbox before it is anything else, in the transaction of
 * what caused it, under a key that names the event and not the text.
 */
export interface Letter {
  /** Names the event, e.g. `rewards/BJ-2025-10/good-news/1000…`; one letter per key, for ever. */
  key: string;
  /**
   * A channel's name (`channel:beijing-sales`), an address (`console:…`), a person (`person:ID`) or whom a person is
   * upstream (`housekeeper:ID`). A person without a linked address: the letter is held until one is linked.
   */
  to: string;
  message: MessageDraft;
  notBefore?: Date;
  /** After this instant it is no longer worth sending. */
  expires?: Date;
  class: 'notice' | 'broadcast';
  sample?: boolean;
}

export interface Outbox {
  /** Within `db`, the caller's transaction. A key that is already there changes nothing. */
  post(letter: Letter, db?: Db): Promise<'queued' | 'duplicate'>;
}

/**
 * - `held`: nobody to send it to yet (no linked address); sent once linked.
 * - `doubtful`: it may have arrived; shown, and never repeated by itself.
 * - `dead`: given up; `resend` tries again.
 */
export const LETTER_STATES = ['queued', 'sending', 'sent', 'held', 'doubtful', 'dead', 'expired'] as const;
export type LetterState = (typeof LETTER_STATES)[number];
