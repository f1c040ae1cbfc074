import type { Day } from '../../../core/time.ts';
import { addNewRows } from '../../../store/add-rows.ts';
import type { Db } from '../../../store/db.ts';
import { instantText } from '../../../store/sqlite-values.ts';
import type { Ongoing, Watched } from './missing.ts';

interface WatchedRow extends Omit<Watched, 'onShift' | 'open' | 'oldest' | 'overdue' | 'due' | 'last'> {
  onShift: number | bigint | null;
  open: bigint;
  overdue: bigint;
  oldest: string | null;
  due: string | null;
  last: string | null;
}

/**
 * Drivers with open orders of the days since `from` (an older one that is still open was forgotten, not missed).
 * @param dueBefore orders whose window ended before this are overdue
 */
export async function watchedDrivers(db: Db, from: Day, dueBefore: Date, sample: boolean): Promise<Watched[]> {
  const due = instantText(dueBefore);
  const rows = await db.$queryRawUnsafe<WatchedRow[]>(
    `SELECT d."id" AS "driverId", d."name", d."dsp", d."onShift", d."shiftFrom", d."shiftTo",
       o."open", o."oldest", o."overdue", o."due", max(coalesce(s."at", ''), coalesce(l."last", '')) AS "last"
     FROM (SELECT "driverId", count(*) AS "open", min("orderedAt") AS "oldest", count(CASE WHEN "dueAt" < ? THEN 1 END) AS "overdue",
             min(CASE WHEN "dueAt" < ? THEN "dueAt" END) AS "due"
           FROM "Delivery" WHERE "status" = 'open' AND "sample" = ? AND "orderDay" >= ? GROUP BY "driverId") o
     JOIN "Driver" d ON d."id" = o."driverId"
     LEFT JOIN "DriverScan" s ON s."driverId" = d."id" AND s."sample" = d."sample"
     LEFT JOIN (SELECT "driverId", max(max(coalesce("pickedUpAt", ''), coalesce("deliveredAt", ''))) AS "last"
           FROM "Delivery" WHERE "sample" = ? AND "orderDay" >= ? GROUP BY "driverId") l ON l."driverId" = d."id"
     ORDER BY d."id"`,
    ...[due, due, sample, from],
    ...[sample, from],
  );
  const at = (text: string | null) => (text ? new Date(text) : null);
  return rows.map((row) => ({
    ...row,
    onShift: row.onShift === null ? null : Boolean(Number(row.onShift)),
    open: Number(row.open),
    overdue: Number(row.overdue),
    oldest: at(row.oldest),
    due: at(row.due),
    last: at(row.last),
  }));
}

export function ongoingMissing(db: Db): Promise<Ongoing[]> {
  return db.missingUpdate.findMany({ where: { endedAt: null, sample: false }, orderBy: { id: 'asc' } });
}

export async function addMissing(
  db: Db,
  rows: readonly (Omit<Ongoing, 'id'> & { orders: number; foundAt: Date })[],
): Promise<void> {
  await addNewRows(db, 'MissingUpdate', [...rows]);
}

export async function endMissing(db: Db, ids: readonly number[], at: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE "MissingUpdate" SET "endedAt" = ${instantText(at)}
    WHERE "id" IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}

/** When each driver scanned last. */
export async function lastScans(db: Db): Promise<Map<string, Date>> {
  const rows = await db.driverScan.findMany({ where: { sample: false } });
  return new Map(rows.map(({ driverId, at }) => [driverId, at]));
}
