import type { Database, Db } from '../../store/db.ts';
import { type ChannelEdits, WrittenChannel } from '../rules.ts';

/** Questions about edited channels to the database. */

export type ChannelEditRow = NonNullable<Awaited<ReturnType<typeof channelEdit>>>;

export function channelEdit(db: Db, name: string) {
  return db.channelEdit.findUnique({ where: { name } });
}

export function channelEdits(db: Database): Promise<ChannelEditRow[]> {
  return db.channelEdit.findMany({ orderBy: { name: 'asc' } });
}

export async function readChannelEdits(db: Database): Promise<ChannelEdits> {
  const rows = await channelEdits(db);
  return {
    edited: rows.filter((row) => !row.removed).map((row) => WrittenChannel.parse(JSON.parse(row.channel))),
    removed: rows.filter((row) => row.removed).map((row) => row.name),
  };
}

/** What changes whenever a channel is edited, by whatever process. */
export async function channelsStamp(db: Database): Promise<string> {
  const { _sum, _count } = await db.channelEdit.aggregate({ _sum: { version: true }, _count: true });
  return `${_count}/${_sum.version ?? 0}`;
}

/**
 * Saves an edit, if nobody else has saved one since `version`, which is 0 for a channel that was never edited.
 * @param channel null: it is removed
 */
export async function saveChannelEdit(
  db: Db,
  name: string,
  version: number,
  channel: WrittenChannel | null,
  by: { editedAt: Date; editedBy: string },
): Promise<boolean> {
  const data = { removed: channel === null, ...(channel && { channel: JSON.stringify(channel) }), ...by };
  if (version > 0) {
    const { count } = await db.channelEdit.updateMany({
      where: { name, version },
      data: { ...data, version: { increment: 1 } },
    });
    return count === 1;
  }
  if (await channelEdit(db, name)) return false;
  await db.channelEdit.create({ data: { name, version: 1, channel: '{}', ...data } });
  return true;
}
