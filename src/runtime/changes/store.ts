import type { Database } from '../../store/db.ts';

/** A number or text per thing that pages watch; another one means that it has changed. */
export async function changeStamps(db: Database): Promise<Record<'outbox' | 'jobs' | 'audit' | 'channels', string>> {
  const newest = { orderBy: { seq: 'desc' }, select: { seq: true } } as const;
  const [letter, event, sending, runs, audit, channels] = await Promise.all([
    db.letter.findFirst(newest),
    db.letterEvent.findFirst(newest),
    db.letter.count({ where: { state: 'sending' } }),
    db.jobRun.findMany({ orderBy: { id: 'desc' }, take: 20, select: { id: true, state: true } }),
    db.audit.findFirst(newest),
    db.channelEdit.aggregate({ _sum: { version: true } }),
  ]);
  return {
    outbox: `${letter?.seq ?? 0}/${event?.seq ?? 0}/${sending}`,
    jobs: runs.map(({ id, state }) => `${id}${state}`).join(' '),
    audit: String(audit?.seq ?? 0),
    channels: String(channels._sum.version ?? 0),
  };
}
