import { addNewRows, addNewRowsReturning } from '../../store/add-rows.ts';
import type { Database, Db } from '../../store/db.ts';
import { storableText } from '../../store/sqlite-values.ts';

/** Questions about letters to the database. What changes them while they are sent is in `writes/store.ts`. */

export type LetterRow = NonNullable<Awaited<ReturnType<typeof letterByKey>>>;

export interface NewLetter {
  key: string;
  to: string;
  class: string;
  message: string;
  notBefore: Date;
  expires: Date | null;
  createdAt: Date;
  sample: boolean;
}

/** Whether the key was free. One statement that never fails on a known key, since a failure would end a transaction. */
export async function addLetter(db: Db, letter: NewLetter): Promise<boolean> {
  const { key, to, message, notBefore, expires, createdAt, sample } = letter;
  const added = await db.$executeRaw`
    INSERT INTO "Letter" ("key", "to", "class", "message", "notBefore", "expires", "createdAt", "sample")
    VALUES (${key}, ${to}, ${letter.class}, ${message}, ${notBefore}, ${expires}, ${createdAt}, ${sample})
    ON CONFLICT ("key") DO NOTHING`;
  return added === 1;
}

/** Adds those whose key is free, in their order. Returns their keys. Many statements: call it in a transaction. */
export async function addLetters(db: Db, letters: readonly NewLetter[]): Promise<Set<string>> {
  const added = await addNewRowsReturning<{ key: string }>(db, 'Letter', letters, ['key']);
  return new Set(added.map(({ key }) => key));
}

/** The same, and returns how many: the keys of thousands would take as long as writing them. */
export function countAdded(db: Db, letters: readonly NewLetter[]): Promise<number> {
  return addNewRows(db, 'Letter', letters);
}

export function letterByKey(db: Db, key: string) {
  return db.letter.findUnique({ where: { key } });
}

/** Names of letters that nobody has looked up yet. */
export async function unresolvedNames(db: Database, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ to: string }[]>`
    SELECT DISTINCT "to" FROM "Letter" WHERE "state" = 'queued' AND "address" IS NULL LIMIT ${limit}`;
  return rows.map(({ to }) => to);
}

/** What a name was found to stand for: a line, or why it has to wait. */
export type Found = { line: string } | { held: string };

/** The letters of each name belong to its line from now on, or wait for somebody to be there. */
export async function resolveNames(db: Database, names: readonly { to: string; found: Found }[]): Promise<void> {
  const rows = names.map(({ to, found }) => ({
    to: storableText(to),
    line: 'line' in found ? found.line : null,
    state: 'line' in found ? 'queued' : 'held',
    reason: 'held' in found ? storableText(found.held) : null,
  }));
  await db.$executeRaw`
    WITH given(v) AS MATERIALIZED (SELECT value FROM json_each(${JSON.stringify(rows)}))
    UPDATE "Letter" SET "address" = v ->> 'line', "state" = v ->> 'state', "reason" = coalesce(v ->> 'reason', "reason")
    FROM given WHERE "Letter"."to" = v ->> 'to' AND "Letter"."state" = 'queued' AND "Letter"."address" IS NULL`;
}

/** What a name stands for has changed: its waiting letters are looked up again. */
export async function forgetLine(db: Db, where: { to?: string; address?: string }): Promise<void> {
  await db.letter.updateMany({ where: { ...where, state: 'queued' }, data: { address: null } });
}

/** Every line with a letter that waits, found by jumping from one to the next in the index. */
export async function waitingLines(db: Database): Promise<string[]> {
  const rows = await db.$queryRaw<{ address: string }[]>`
    WITH RECURSIVE line("address") AS (
      SELECT min("address") FROM "Letter" WHERE "state" = 'queued' AND "address" > ''
      UNION ALL
      SELECT (SELECT min("address") FROM "Letter" WHERE "state" = 'queued' AND "address" > line."address")
      FROM line WHERE line."address" IS NOT NULL)
    SELECT "address" FROM line WHERE "address" IS NOT NULL`;
  return rows.map(({ address }) => address);
}

/**
 * The next letters of a line. Notices go first, each class in the order of `seq`. One whose time has not come is passed
 * over; one that was tried and waits for its next try is not: it holds back those behind it.
 */
export async function nextLetters(db: Database, line: string, now: Date, limit: number): Promise<LetterRow[]> {
  for (const letterClass of ['notice', 'broadcast']) {
    const letters = await db.letter.findMany({
      where: {
        state: 'queued',
        address: line,
        class: letterClass,
        OR: [{ notBefore: { lte: now } }, { attempts: { gt: 0 } }],
      },
      orderBy: { seq: 'asc' },
      take: limit,
    });
    if (letters.length > 0) return letters;
  }
  return [];
}

/** When the first letter of a line that is not due yet becomes so. */
export async function nextDue(db: Database, line: string, now: Date): Promise<Date | null> {
  const { _min } = await db.letter.aggregate({
    where: { state: 'queued', address: line, notBefore: { gt: now } },
    _min: { notBefore: true },
  });
  return _min.notBefore;
}

/** Of whatever may have arrived, whole or in part, `triedAt`, `partsSent` or `repeats` is set. */
const MAY_HAVE_ARRIVED = { OR: [{ triedAt: { not: null } }, { partsSent: { gt: 0 } }, { repeats: { gt: 0 } }] };

/** Letters whose time is over. What may have arrived stays in doubt: nobody is to believe that it was not said. */
export async function expireLetters(db: Database, now: Date): Promise<void> {
  const late = { state: { in: ['queued', 'held'] }, expires: { lte: now } };
  await db.letter.updateMany({
    where: { ...late, ...MAY_HAVE_ARRIVED },
    data: { state: 'doubtful', reason: 'too late to be worth sending again; it may have arrived, whole or in part' },
  });
  await db.letter.updateMany({
    where: { ...late, NOT: MAY_HAVE_ARRIVED },
    data: { state: 'expired', reason: 'too late to be worth sending' },
  });
}

/** Letters that somebody was sending; whether that somebody still lives is the caller's to know. */
export function lettersInFlight(db: Database): Promise<LetterRow[]> {
  return db.letter.findMany({ where: { state: 'sending' }, orderBy: { seq: 'asc' } });
}

export async function requeueHeld(db: Database): Promise<number> {
  const { count } = await db.letter.updateMany({
    where: { state: 'held' },
    data: { state: 'queued', reason: null, address: null },
  });
  return count;
}

/** Channels were edited: letters that go to one are looked up again, also those that were held for want of it. */
export async function requeueHeldForChannels(db: Database): Promise<void> {
  const to = { startsWith: 'channel:' };
  await db.letter.updateMany({ where: { state: 'queued', to }, data: { address: null } });
  await db.letter.updateMany({ where: { state: 'held', to }, data: { state: 'queued', reason: null, address: null } });
}

/** Broadcasts of a line that may be merged: due, certainly not said yet, and no digests themselves. */
function mergeable(line: string, now: Date) {
  return {
    state: 'queued',
    address: line,
    class: 'broadcast',
    attempts: 0,
    partsSent: 0,
    repeats: 0,
    triedAt: null,
    notBefore: { lte: now },
    NOT: { key: { startsWith: DIGEST } },
  };
}

/** What the keys of digests begin with. */
export const DIGEST = 'digest/';

export function countMergeable(db: Database, line: string, now: Date): Promise<number> {
  return db.letter.count({ where: mergeable(line, now) });
}

/** Those after the first `skip`, which go alone; after `from`, the number of one looked at before. */
export function mergeableLetters(
  db: Db,
  line: string,
  now: Date,
  { skip, from, limit }: { skip: number; from: number; limit: number },
): Promise<LetterRow[]> {
  const where = { ...mergeable(line, now), seq: { gt: from } };
  return db.letter.findMany({ where, orderBy: { seq: 'asc' }, skip, take: limit });
}

/** The digest stands for the letters from now on. Call it in a transaction: both happen, or neither. */
export async function mergeInto(
  tx: Db,
  digest: NewLetter & { address: string },
  merged: readonly LetterRow[],
): Promise<void> {
  const seqs = merged.map(({ seq }) => seq);
  const { count } = await tx.letter.updateMany({
    where: { seq: { in: seqs }, state: 'queued' },
    data: { state: 'merged', mergedInto: digest.key, reason: null },
  });
  if (count !== seqs.length) throw new Error(`${digest.key}: a letter that it was to say has changed meanwhile`);
  await tx.letter.create({ data: digest });
}

export function listLetters(db: Database, state: string | undefined, limit: number): Promise<LetterRow[]> {
  return db.letter.findMany({ where: state ? { state } : {}, orderBy: { seq: 'desc' }, take: limit });
}

export async function countByState(db: Database): Promise<Record<string, number>> {
  const groups = await db.letter.groupBy({ by: ['state'], _count: true });
  return Object.fromEntries(groups.map((group) => [group.state, group._count]));
}

export async function countRepeats(db: Database): Promise<number> {
  const { _sum } = await db.letter.aggregate({ where: { repeats: { gt: 0 } }, _sum: { repeats: true } });
  return _sum.repeats ?? 0;
}

/** How many letters wait, and until when at the latest: by line, or by name where nobody has looked it up. */
export async function waitingByDestination(
  db: Database,
): Promise<{ line: string | null; to: string; notices: number; broadcasts: number; latest: Date }[]> {
  const groups = await db.letter.groupBy({
    by: ['address', 'to', 'class'],
    where: { state: { in: ['queued', 'sending'] } },
    _count: true,
    _max: { notBefore: true },
  });
  return groups.map(({ address, to, class: letterClass, _count, _max }) => ({
    line: address,
    to,
    notices: letterClass === 'notice' ? _count : 0,
    broadcasts: letterClass === 'notice' ? 0 : _count,
    latest: _max.notBefore ?? new Date(0),
  }));
}

export async function removeSampleLetters(db: Db): Promise<void> {
  await db.letter.deleteMany({ where: { sample: true } });
}

/** What is to be sent again: a key, or what fits all that is given. */
export interface Chosen {
  key?: string | undefined;
  to?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  states: readonly string[];
}

/**
 * Puts letters back into the queue. What has arrived, or may have, is sent whole and marked （重发）; what is being sent
 * right now is left alone. Returns the names and addresses that they go to.
 */
export async function requeue(db: Database, chosen: Chosen, now: Date): Promise<{ count: number; names: string[] }> {
  const where = {
    state: { in: chosen.states.filter((state) => state !== 'sending') },
    ...(chosen.key !== undefined && { key: chosen.key }),
    ...(chosen.to !== undefined && { to: chosen.to }),
    createdAt: { ...(chosen.since && { gte: chosen.since }), ...(chosen.until && { lt: chosen.until }) },
  };
  return db.$transaction(async (tx) => {
    const names = await tx.letter.groupBy({ by: ['to', 'address'], where });
    const fresh = {
      state: 'queued',
      attempts: 0,
      partsSent: 0,
      notBefore: now,
      expires: null,
      triedAt: null,
      address: null,
    };
    const reason = 'sent again by hand';
    const arrived = {
      OR: [{ state: { in: ['sent', 'doubtful', 'merged'] } }, { partsSent: { gt: 0 } }, { triedAt: { not: null } }],
    };
    const marked = await tx.letter.updateMany({
      where: { AND: [where, arrived] },
      data: { ...fresh, reason, mergedInto: null, repeats: { increment: 1 } },
    });
    const others = await tx.letter.updateMany({
      where: { AND: [where, { NOT: arrived }, { state: { not: 'queued' } }] },
      data: { ...fresh, reason },
    });
    return {
      count: marked.count + others.count,
      names: names.flatMap(({ to, address }) => [to, ...(address ? [address] : [])]),
    };
  });
}
