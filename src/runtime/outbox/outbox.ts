import { crashPoint } from '../../core/crash-point.ts';
import type { Lang } from '../../core/message.ts';
import { Message } from '../../core/message.ts';
import type { Languages, Letter, Outbox } from '../../core/outbox.ts';
import type { Clock } from '../../core/time.ts';
import type { Database, Db } from '../../store/db.ts';
import { storableText } from '../../store/sqlite-values.ts';
import { addLetter, addLetters, countAdded, type NewLetter } from './store.ts';

/**
 * The outbox's front: a letter becomes a row, in the transaction of what caused it.
 * @param wake called after a letter was queued, so that it need not wait for the next look
 * @param languages of destinations; default: all are Chinese
 */
export function openOutbox(
  db: Database,
  clock: Clock,
  wake: () => void = () => {},
  languages: Languages = async () => new Map(),
): Outbox {
  const noneAsked: ReadonlyMap<string, Lang> = new Map();
  /** Nothing is asked for letters whose words are there already. */
  const languagesOf = (letters: readonly Letter[], tx: Db) => {
    const open = letters.filter(({ message }) => typeof message === 'function');
    return open.length === 0
      ? noneAsked
      : languages(
          open.map(({ to }) => to),
          tx,
        );
  };
  const rowOf = (letter: Letter, langs: ReadonlyMap<string, Lang>): NewLetter => {
    const { message } = letter;
    const words = typeof message === 'function' ? message(langs.get(letter.to) ?? 'zh') : message;
    const now = clock.now();
    return {
      key: letter.key,
      to: letter.to,
      class: letter.class,
      message: JSON.stringify(Message.parse(words)),
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
      const row = rowOf(letter, await languagesOf([letter], inTransaction ?? db));
      const added = inTransaction ? await addLetter(inTransaction, row) : await gather(row);
      crashPoint('letter posted');
      if (added) wake();
      return added ? 'queued' : 'duplicate';
    },
    async postAll(letters, inTransaction) {
      const langs = await languagesOf(letters, inTransaction ?? db);
      const rows = letters.map((letter) => rowOf(letter, langs));
      const added = inTransaction
        ? await countAdded(inTransaction, rows)
        : await db.$transaction((tx) => countAdded(tx, rows));
      if (added > 0) wake();
      return added;
    },
  };
}
