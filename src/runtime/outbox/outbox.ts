import { Message } from '../../core/message.ts';
import type { Outbox } from '../../core/outbox.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { addLetter } from './store.ts';

/**
 * The outbox's front: a letter becomes a row, in the transaction of what caused it.
 * @param wake called after a letter was queued, so that it need not wait for the next look
 */
export function openOutbox(db: Database, clock: Clock, wake: () => void = () => {}): Outbox {
  return {
    async post(letter, inTransaction = db) {
      const now = clock.now();
      const added = await addLetter(inTransaction, {
        key: letter.key,
        to: letter.to,
        class: letter.class,
        message: JSON.stringify(Message.parse(letter.message)),
        notBefore: letter.notBefore ?? now,
        expires: letter.expires ?? null,
        createdAt: now,
        sample: letter.sample ?? false,
      });
      if (added) wake();
      return added ? 'queued' : 'duplicate';
    },
  };
}
