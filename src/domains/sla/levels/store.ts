import type { Context } from '../../../core/context.ts';
import { groupBy } from '../../../core/group.ts';
import type { Saved } from '../../../core/source.ts';
import type { Db } from '../../../store/db.ts';
import type { LevelState, WorkOrder } from '../../../store/generated/client.ts';
import { saveRows } from '../../../store/save-rows.ts';
import type { StateChange } from './level.ts';
import { newestOf, type OrderRow } from './order-row.ts';

/** Questions about work orders to the database. */

export type { LevelState, WorkOrder };

/** Ids in one statement. */
const BATCH = 1_000;

/**
 * Keeps orders and the changes of their states. A row without a time for its state tells a change when it is first seen,
 * at the order's opening where the order is new.
 */
export async function saveOrders(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  rows: readonly OrderRow[],
  { sample = false }: { sample?: boolean | undefined },
): Promise<Saved> {
  const now = clock.now();
  return db.$transaction(async (tx) => {
    const known = new Map<string, string>();
    const ids = [...new Set(rows.map(({ id }) => id))];
    for (let from = 0; from < ids.length; from += BATCH) {
      const some = await tx.workOrder.findMany({
        where: { id: { in: ids.slice(from, from + BATCH) } },
        select: { id: true, state: true },
      });
      for (const { id, state } of some) known.set(id, state);
    }
    const changes = rows.flatMap(({ id, state, stateAt, openedAt }) => {
      if (stateAt) return [{ orderId: id, at: stateAt, state }];
      const before = known.get(id);
      return before === state ? [] : [{ orderId: id, at: before === undefined ? openedAt : now, state }];
    });
    const newest = [...groupBy(rows, ({ id }) => id).values()].map(newestOf);
    const saved = await saveRows(
      tx,
      'WorkOrder',
      ['id'],
      newest.map(({ stateAt: _at, ...order }) => ({ ...order, over: false, sample, changedAt: now })),
      { keep: ['sample'], touch: ['changedAt', 'over'] },
    );
    const told = await saveRows(tx, 'OrderState', ['orderId', 'at', 'state'], changes);
    if (told.added > 0) {
      const moved = [...new Set(changes.map(({ orderId }) => orderId))];
      for (let from = 0; from < moved.length; from += BATCH) {
        await tx.workOrder.updateMany({
          where: { id: { in: moved.slice(from, from + BATCH) } },
          data: { over: false },
        });
      }
    }
    return saved;
  });
}

/** Whether the house's orders were still kept up to date at an instant; the sample's do not count. */
export async function keptSince(db: Db, at: Date): Promise<boolean> {
  const where = { sample: false, changedAt: { gte: at } };
  return (await db.workOrder.findFirst({ where, select: { id: true } })) !== null;
}

/** An order whose levels may still change, with the changes of its state in order of time, and how it stood. */
export interface OpenOrder {
  order: WorkOrder;
  changes: readonly StateChange[];
  /** By level. */
  states: ReadonlyMap<string, LevelState>;
}

/** Open orders by their ids, from behind one on. */
export async function openOrders(db: Db, after: string, limit: number): Promise<OpenOrder[]> {
  const orders = await db.workOrder.findMany({
    where: { over: false, id: { gt: after } },
    orderBy: { id: 'asc' },
    take: limit,
  });
  const last = orders.at(-1);
  if (!last) return [];
  const own = { orderId: { gt: after, lte: last.id }, order: { over: false } };
  const changes = await db.orderState.findMany({
    where: own,
    orderBy: [{ at: 'asc' }, { seq: 'asc' }],
    select: { orderId: true, at: true, state: true },
  });
  const states = groupBy(await db.levelState.findMany({ where: own }), ({ orderId }) => orderId);
  const byOrder = groupBy(changes, ({ orderId }) => orderId);
  return orders.map((order) => ({
    order,
    changes: byOrder.get(order.id) ?? [],
    states: new Map((states.get(order.id) ?? []).map((row) => [row.level, row])),
  }));
}

/** Orders whose levels are all decided are looked at again. */
export async function reopenOrders(db: Db): Promise<void> {
  await db.workOrder.updateMany({ where: { over: true }, data: { over: false } });
}

export async function saveLevelStates(db: Db, rows: readonly LevelState[]): Promise<void> {
  await saveRows(db, 'LevelState', ['orderId', 'level'], rows as unknown as Record<string, unknown>[]);
}

/** Orders whose levels are all decided: they are not looked at any more until their state changes. */
export async function closeOrders(db: Db, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += BATCH) {
    await db.workOrder.updateMany({ where: { id: { in: ids.slice(from, from + BATCH) } }, data: { over: true } });
  }
}

/** The cities of orders, by number. */
export async function citiesOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const cities = new Map<string, string>();
  for (let from = 0; from < ids.length; from += BATCH) {
    const some = ids.slice(from, from + BATCH);
    const found = await db.workOrder.findMany({ where: { id: { in: some } }, select: { id: true, city: true } });
    for (const { id, city } of found) if (city) cities.set(id, city);
  }
  return cities;
}

/** Orders opened from an instant on and before another. */
export function dayOfOrders(db: Db, from: Date, to: Date, sample: boolean) {
  return db.workOrder.findMany({
    where: { sample, openedAt: { gte: from, lt: to } },
    select: { provider: true, city: true },
  });
}

export async function removeSampleOrders(db: Db): Promise<void> {
  await db.workOrder.deleteMany({ where: { sample: true } });
}
