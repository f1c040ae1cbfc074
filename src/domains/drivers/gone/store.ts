import type { Day } from '../../../core/time.ts';
import type { Db } from '../../../store/db.ts';

/** Orders that stood in the company's database, by day. */
export async function ordersFromMysql(db: Db, { from, to }: { from: Day; to: Day }): Promise<Map<Day, string[]>> {
  const rows = await db.$queryRaw<{ id: string; day: Day }[]>`
    SELECT "id", "orderDay" AS day FROM "Delivery"
    WHERE "orderDay" >= ${from} AND "orderDay" <= ${to} AND "mysql" AND NOT "sample" AND "status" <> 'withdrawn'`;
  const days = new Map<Day, string[]>();
  for (const { id, day } of rows) {
    const ids = days.get(day);
    if (ids) ids.push(id);
    else days.set(day, [id]);
  }
  return days;
}

/** Orders count nowhere from now on. */
export async function withdraw(db: Db, ids: readonly string[]): Promise<void> {
  await db.$executeRaw`UPDATE "Delivery" SET "status" = 'withdrawn' WHERE "id" IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}
