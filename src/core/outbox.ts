import type { Db } from '../store/db.ts';
import type { Lang, Worded } from './message.ts';
import type { Address } from './platform.ts';

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
  /** A function: said in the language of the channel or of the person, Chinese where neither says. */
  message: Worded;
  notBefore?: Date;
  /** After this instant it is no longer worth sending. */
  expires?: Date;
  class: 'notice' | 'broadcast';
  sample?: boolean;
}

/** The language of each destination as `Letter.to` names it; one that is not in the answer is Chinese. */
export type Languages = (to: readonly string[], db: Db) => Promise<ReadonlyMap<string, Lang>>;

export interface Outbox {
  /** Within `db`, the caller's transaction. A key that is already there changes nothing. */
  post(letter: Letter, db?: Db): Promise<'queued' | 'duplicate'>;
  /** Many at once, in their order; all or none of them. Returns how many keys were new. */
  postAll(letters: readonly Letter[], db?: Db): Promise<number>;
}

/**
 * - `queued`: waits for its turn, its time, its destination's limits, or the next try.
 * - `held`: nobody to send it to (no linked address, destination gone); sent once there is, or by `resend`.
 * - `doubtful`: a broadcast that may have arrived; shown, and never repeated by itself.
 * - `dead`: given up; `resend` tries again.
 * - `merged`: said by the digest that `mergedInto` names.
 * - `expired`: too late to be worth sending.
 */
export const LETTER_STATES = ['queued', 'sending', 'sent', 'held', 'doubtful', 'dead', 'merged', 'expired'] as const;
export type LetterState = (typeof LETTER_STATES)[number];

/** How the outbox stands; `eta` is when the last letter that waits will be out, null where none waits. */
export interface OutboxStats extends Record<LetterState, number> {
  /** Sends again after doubt, each marked （重发）. */
  repeated: number;
  eta: Date | null;
  byDestination: { to: Address; waiting: number; eta: Date }[];
}
