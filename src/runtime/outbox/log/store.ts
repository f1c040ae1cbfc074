import type { Database, Db } from '../../../store/db.ts';
import type { LetterRow } from '../store.ts';

/** Questions of the delivery log to the database. */

export interface LogQuery {
  states?: readonly string[] | undefined;
  to?: string | undefined;
  class?: string | undefined;
  /** Within the key. */
  text?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  /** Letters older than this number. */
  before?: number | undefined;
  limit: number;
}

/** Letters, the newest first, without their messages; found by number, so that the last page is as fast as the first. */
export function letterPage(db: Database, query: LogQuery): Promise<LetterRow[]> {
  const { states, to, text, since, until, before, limit } = query;
  return db.letter.findMany({
    where: {
      ...(states && { state: { in: [...states] } }),
      ...(to !== undefined && { to }),
      ...(query.class !== undefined && { class: query.class }),
      ...(text !== undefined && { key: { contains: text } }),
      ...((since || until) && { createdAt: { ...(since && { gte: since }), ...(until && { lt: until }) } }),
      ...(before !== undefined && { seq: { lt: before } }),
    },
    orderBy: { seq: 'desc' },
    take: limit,
  });
}

export function letterStory(db: Database, letter: number) {
  return db.letterEvent.findMany({ where: { letter }, orderBy: { seq: 'asc' }, take: 200 });
}

export async function lastSentTo(db: Database, to: string): Promise<Date | null> {
  const last = await db.letter.findFirst({
    where: { to, state: 'sent' },
    orderBy: { seq: 'desc' },
    select: { sentAt: true },
  });
  return last?.sentAt ?? null;
}

/** What was held, or waits for its time, goes now. Returns whether there was such a letter. */
export async function releaseLetter(db: Db, key: string, now: Date): Promise<boolean> {
  const { count } = await db.letter.updateMany({
    where: { key, OR: [{ state: 'held' }, { state: 'queued', notBefore: { gt: now } }] },
    data: { state: 'queued', reason: 'released by hand', notBefore: now, address: null },
  });
  return count === 1;
}

/** What was not sent yet is not sent any more. Returns whether there was such a letter. */
export async function cancelLetter(db: Db, key: string, reason: string): Promise<boolean> {
  const { count } = await db.letter.updateMany({
    where: { key, state: { in: ['queued', 'held', 'dead', 'doubtful'] } },
    data: { state: 'expired', reason },
  });
  return count === 1;
}

export async function newestLetter(db: Database): Promise<number> {
  return (await db.letter.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true } }))?.seq ?? 0;
}

export function lettersAfter(db: Database, seq: number): Promise<LetterRow[]> {
  return db.letter.findMany({ where: { seq: { gt: seq } }, orderBy: { seq: 'asc' } });
}
