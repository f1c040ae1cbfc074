import { crashPoint } from '../../core/crash-point.ts';
import { Message } from '../../core/message.ts';
import type { Letter, Outbox } from '../../core/outbox.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { storableText } from '../../store/sqlite-values.ts';
import { addLetter, addLetters, type NewLetter } from './store.ts';

/**
 * The outbox's front: a letter becomes a row, in the transaction of what caused it.
 * @param wake called after a letter was queued, so that it need not wait for the next look
 */
export function openOutbox(db: Database, clock: Clock, wake: () => void = () => {}): Outbox {
  const rowOf = (letter: Letter): NewLetter => {
    const now = clock.now();
    return {
      key: letter.key,
      to: letter.to,
      class: letter.class,
      message: JSON.stringify(Message.parse(letter.message)),
      notBefore: letter.notBefore ?? now,
      expires: letter.expires ?? null,
      createdAt: now,
      sample: letter.sample ?? false,
    };
  };
  // Letters that are posted at once, each by somebody else, are written together: one write to the disk for all.
  let gathering: { rows: Map<string, NewLetter>; added: Promise<Set<string>> } | undefined;
  async function gather(row: NewLetter): Promise<boolean> {
    if (!gathering) {
      const rows = new Map<string, NewLetter>();
      const added = new Promise((resolve) => setImmediate(resolve)).then(() => {
        gathering = undefined;
        return addLetters(db, [...rows.values()]);
      });
      gathering = { rows, added };
    }
    const { rows, added } = gathering;
    // Of several with one key the first counts.
    const first = !rows.has(row.key);
    if (first) rows.set(row.key, row);
    return (await added).has(storableText(row.key)) && first;
  }

  return {
    async post(letter, inTransaction) {
      const row = rowOf(letter);
      const added = inTransaction ? await addLetter(inTransaction, row) : await gather(row);
      crashPoint('letter posted');
      if (added) wake();
      return added ? 'queued' : 'duplicate';
    },
    async postAll(letters, inTransaction) {
      const rows = letters.map(rowOf);
      const added = inTransaction
        ? await addLetters(inTransaction, rows)
        : await db.$transaction((tx) => addLetters(tx, rows));
      if (added.size > 0) wake();
      return added.size;
    },
  };
}
