import type { LetterState } from '../../core/outbox.ts';
import type { Database, Db } from '../../store/db.ts';

/** Questions about letters to the database. */

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

export function letterByKey(db: Db, key: string) {
  return db.letter.findUnique({ where: { key } });
}

/** Letters that are due, oldest first. */
export function dueLetters(db: Database, now: Date, limit: number) {
  return db.letter.findMany({
    where: { state: 'queued', notBefore: { lte: now } },
    orderBy: { seq: 'asc' },
    take: limit,
  });
}

/** All that is due to a destination waits until an instant: its limit is reached. */
export async function postpone(db: Database, to: string, due: Date, until: Date): Promise<void> {
  await db.letter.updateMany({
    where: { to, state: 'queued', notBefore: { lte: due } },
    data: { notBefore: until, reason: 'rate limit' },
  });
}

/** Takes one letter for sending. False where somebody else took it. */
export async function claim(db: Database, seq: number, by: string, now: Date): Promise<boolean> {
  const claimed = await db.letter.updateMany({
    where: { seq, state: 'queued' },
    data: { state: 'sending', claimedAt: now, claimedBy: by },
  });
  return claimed.count === 1;
}

export interface LetterChange {
  state?: LetterState;
  reason?: string | null;
  attempts?: number;
  partsSent?: number;
  notBefore?: Date;
  sentAt?: Date;
  sentTo?: string;
  platformId?: string | null;
  claimedAt?: Date | null;
  claimedBy?: string | null;
}

export async function change(db: Db, seq: number, to: LetterChange): Promise<void> {
  await db.letter.update({ where: { seq }, data: to });
}

/** Letters that somebody was sending; whether that somebody still lives is the caller's to know. */
export function lettersInFlight(db: Database) {
  return db.letter.findMany({ where: { state: 'sending' }, orderBy: { seq: 'asc' } });
}

export async function requeueHeld(db: Database): Promise<number> {
  const { count } = await db.letter.updateMany({ where: { state: 'held' }, data: { state: 'queued', reason: null } });
  return count;
}

/** When letters went to an address since an instant: what a platform's limit per minute looks at. */
export async function sentSince(db: Database, address: string, since: Date): Promise<Date[]> {
  const rows = await db.letter.findMany({
    where: { sentTo: address, sentAt: { gt: since } },
    select: { sentAt: true },
    orderBy: { sentAt: 'asc' },
  });
  return rows.flatMap((row) => row.sentAt ?? []);
}

export function listLetters(db: Database, state: string | undefined, limit: number) {
  return db.letter.findMany({ where: state ? { state } : {}, orderBy: { seq: 'desc' }, take: limit });
}

export async function countByState(db: Database): Promise<Record<string, number>> {
  const groups = await db.letter.groupBy({ by: ['state'], _count: true });
  return Object.fromEntries(groups.map((group) => [group.state, group._count]));
}

export async function removeSampleLetters(db: Db): Promise<void> {
  await db.letter.deleteMany({ where: { sample: true } });
}
