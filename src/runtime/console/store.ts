import type { Database, Db } from '../../store/db.ts';

/** Questions about the console's messages to the database. */

export interface NewConsoleMessage {
  room: string;
  at: Date;
  fromKind: 'person' | 'bot';
  fromName: string;
  fromId?: string | null;
  text?: string | null;
  message?: string | null;
  key?: string | null;
  sample?: boolean;
}

export type ConsoleRow = Awaited<ReturnType<typeof addMessage>>;

export function addMessage(db: Database, message: NewConsoleMessage) {
  return db.consoleMessage.create({ data: message });
}

export function messageByKey(db: Database, key: string) {
  return db.consoleMessage.findUnique({ where: { key } });
}

/** Another message in the place of the bot's; null where it is not there. */
export async function replaceMessage(db: Database, room: string, seq: number, message: string) {
  if (!Number.isSafeInteger(seq)) return null;
  const { count } = await db.consoleMessage.updateMany({ where: { seq, room, fromKind: 'bot' }, data: { message } });
  return count === 0 ? null : db.consoleMessage.findUnique({ where: { seq } });
}

/** The newest messages of a room before a number, oldest first. */
export async function messagesOf(db: Database, room: string, before: number, limit: number) {
  const rows = await db.consoleMessage.findMany({
    where: { room, seq: { lt: before } },
    orderBy: { seq: 'desc' },
    take: limit,
  });
  return rows.reverse();
}

export function messagesAfter(db: Database, rooms: string[], after: number, limit: number) {
  return db.consoleMessage.findMany({
    where: { room: { in: rooms }, seq: { gt: after } },
    orderBy: { seq: 'asc' },
    take: limit,
  });
}

export function lastOf(db: Database, room: string) {
  return db.consoleMessage.findFirst({ where: { room }, orderBy: { seq: 'desc' } });
}

export async function newestSeq(db: Database): Promise<number> {
  const newest = await db.consoleMessage.aggregate({ _max: { seq: true } });
  return newest._max.seq ?? 0;
}

export async function removeSampleMessages(db: Db): Promise<void> {
  await db.consoleMessage.deleteMany({ where: { sample: true } });
}
