import type { Day } from '../../../core/time.ts';
import type { Db } from '../../../store/db.ts';
import type { Appeal } from '../../../store/generated/client.ts';

/** Questions about appeals to the database. */

/** Standing violations of an order since a day, with their appeals, the newest first. */
export function violationsOfOrder(db: Db, orderNum: string, since: Day) {
  return db.violation.findMany({
    where: { orderNum, day: { gte: since }, withdrawnAt: null },
    include: { appeals: true },
    orderBy: [{ day: 'desc' }, { id: 'asc' }],
  });
}

/** @returns the number of the appeal */
export async function addAppeal(
  db: Db,
  appeal: Pick<Appeal, 'violationId' | 'reason' | 'byId' | 'by' | 'at'>,
): Promise<number> {
  return (await db.appeal.create({ data: appeal })).id;
}

export function appealById(db: Db, id: number) {
  return db.appeal.findUnique({ where: { id }, include: { violation: true } });
}

export function appealsOpen(db: Db) {
  return db.appeal.findMany({ where: { state: 'open' }, include: { violation: true }, orderBy: { id: 'asc' } });
}

/** An accepted appeal withdraws its violation. @returns false where it was decided before */
export async function decideAppeal(
  db: Db,
  { id, violationId }: Pick<Appeal, 'id' | 'violationId'>,
  { accepted, by, at }: { accepted: boolean; by: string; at: Date },
): Promise<boolean> {
  const { count } = await db.appeal.updateMany({
    where: { id, state: 'open' },
    data: { state: accepted ? 'accepted' : 'rejected', decidedBy: by, decidedAt: at },
  });
  if (count === 1 && accepted) await db.violation.update({ where: { id: violationId }, data: { withdrawnAt: at } });
  return count === 1;
}
