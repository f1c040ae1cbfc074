import type { Context } from '../../core/context.ts';
import type { Saved } from '../../core/source.ts';
import type { Db } from '../../store/db.ts';
import type { FieldEvent, PendingOrder } from '../../store/generated/client.ts';
import { saveRows } from '../../store/save-rows.ts';
import type { EventRow, PendingRow } from './model.ts';

/** Questions about waiting orders and on-line changes to the database. */

export type { FieldEvent, PendingOrder };

/** Ids in one statement. */
const BATCH = 1_000;

/**
 * Keeps waiting orders.
 * @param options.whole the rows are all that wait: others are deactivated
 */
export async function savePending(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  rows: readonly PendingRow[],
  { sample = false, source, whole }: { sample?: boolean | undefined; source: string; whole: boolean },
): Promise<Saved & { deactivated: number }> {
  const now = clock.now();
  return db.$transaction(async (tx) => {
    const saved = await saveRows(
      tx,
      'PendingOrder',
      ['id'],
      rows.map((row) => ({ ...row, firstSeenAt: now, deactivatedAt: null, sample })),
      { keep: ['firstSeenAt', 'sample'] },
    );
    let deactivated = 0;
    if (whole) {
      const held = new Set(rows.map(({ id }) => id));
      const active = await tx.pendingOrder.findMany({ where: { sample, deactivatedAt: null }, select: { id: true } });
      const gone = active.map(({ id }) => id).filter((id) => !held.has(id));
      deactivated = gone.length;
      for (let from = 0; from < gone.length; from += BATCH) {
        await tx.pendingOrder.updateMany({
          where: { id: { in: gone.slice(from, from + BATCH) } },
          data: { deactivatedAt: now },
        });
      }
    }
    const feed = feedName(sample);
    const state = { asOf: now, source, completeness: whole ? 'complete' : 'unknown', rows: rows.length };
    await tx.feedState.upsert({ where: { feed }, create: { feed, ...state }, update: state });
    return { ...saved, deactivated };
  });
}

const feedName = (sample: boolean) => (sample ? 'orders.pending/sample' : 'orders.pending');

/** How old the waiting orders are; the sample stands in while there is nothing real. Null: nothing was ever read. */
export async function pendingState(db: Db) {
  const states = await db.feedState.findMany({ where: { feed: { in: [feedName(false), feedName(true)] } } });
  const state = states.find(({ feed }) => feed === feedName(false)) ?? states[0];
  return state ? { ...state, sample: state.feed === feedName(true) } : null;
}

/** Orders that wait, the oldest first. */
export function activeOrders(db: Db, sample: boolean): Promise<PendingOrder[]> {
  return db.pendingOrder.findMany({
    where: { sample, deactivatedAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

/** Orders that waited at an instant. */
export function waitingAt(db: Db, at: Date, sample: boolean): Promise<Pick<PendingOrder, 'orderNum' | 'provider'>[]> {
  return db.pendingOrder.findMany({
    where: { sample, firstSeenAt: { lte: at }, OR: [{ deactivatedAt: null }, { deactivatedAt: { gt: at } }] },
    select: { orderNum: true, provider: true },
  });
}

/** Whether waiting orders had been read by an instant. */
export async function pendingWasKnown(db: Db, at: Date, sample: boolean): Promise<boolean> {
  return (
    (await db.pendingOrder.findFirst({ where: { sample, firstSeenAt: { lte: at } }, select: { id: true } })) !== null
  );
}

export async function saveEvents(db: Db, rows: readonly EventRow[], now: Date): Promise<Saved> {
  return saveRows(
    db,
    'FieldEvent',
    ['id'],
    rows.map((row) => ({ ...row, firstSeenAt: now })),
    { keep: ['firstSeenAt'] },
  );
}

/** Events since an instant, not after `to`, that nobody was told of, in order of time. */
export function untoldEvents(db: Db, kind: EventRow['kind'], from: Date, to: Date): Promise<FieldEvent[]> {
  return db.fieldEvent.findMany({
    where: { kind, toldAt: null, at: { gte: from, lte: to } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
}

export async function markEventsTold(db: Db, ids: readonly string[], at: Date): Promise<void> {
  for (let from = 0; from < ids.length; from += BATCH) {
    await db.fieldEvent.updateMany({ where: { id: { in: ids.slice(from, from + BATCH) } }, data: { toldAt: at } });
  }
}

export async function removeSamplePending(db: Db): Promise<void> {
  await db.pendingOrder.deleteMany({ where: { sample: true } });
  await db.feedState.deleteMany({ where: { feed: feedName(true) } });
}
