import { type Day, dayOf, daysBetween } from '../../../core/time.ts';
import type { Db } from '../../../store/db.ts';
import { Prisma } from '../../../store/generated/client.ts';
import { instantText } from '../../../store/sqlite-values.ts';
import type { DeliveryGroup, HourGroup } from '../model.ts';
import type { DriverRecord } from '../store.ts';

/** Questions about drivers' deliveries to the database. Sample rows and real ones never meet in one answer. */

/** Drivers whose deliveries are counted together. */
export interface Drivers {
  ids: readonly string[];
  sample: boolean;
}

/** The newest order day of each of the drivers that has one. */
export async function lastDays(db: Db, drivers: readonly DriverRecord[]): Promise<Map<string, Day>> {
  const last = new Map<string, Day>();
  for (const { id, sample } of drivers) {
    const newest = await lastDay(db, { ids: [id], sample });
    if (newest) last.set(id, newest);
  }
  return last;
}

/** The newest order day of any of the drivers: days are gone through backwards until one has theirs. */
export async function lastDay(db: Db, { ids, sample }: Drivers): Promise<Day | null> {
  const [row] = await db.$queryRaw<{ day: Day | null }[]>`
    WITH RECURSIVE known(day) AS (SELECT max("orderDay") FROM "Delivery"
      UNION ALL SELECT (SELECT max("orderDay") FROM "Delivery" WHERE "orderDay" < day) FROM known WHERE day IS NOT NULL)
    SELECT day FROM known WHERE EXISTS (SELECT 1 FROM json_each(${JSON.stringify(ids)}) CROSS JOIN "Delivery"
      ON "orderDay" = day AND "driverId" = value AND "sample" = ${sample} AND "status" <> 'withdrawn') LIMIT 1`;
  return row?.day ?? null;
}

/** The days on which anybody has a delivery. */
export async function knownDays(db: Db, sample: boolean, from: Day, to: Day): Promise<Set<Day>> {
  const days = JSON.stringify(daysBetween(from, to));
  // One row of each day is enough: counting a million would take a second.
  const rows = await db.$queryRaw<{ day: Day }[]>`
    SELECT value AS day FROM json_each(${days})
    WHERE EXISTS (SELECT 1 FROM "Delivery" WHERE "orderDay" = value AND "sample" = ${sample})`;
  return new Set(rows.map(({ day }) => day));
}

interface Counted {
  status: string;
  onTime: bigint | boolean | null;
  count: bigint;
}

const counted = ({ status, onTime, count }: Counted) => ({
  status,
  onTime: onTime === null ? null : Boolean(Number(onTime)),
  count: Number(count),
});

/**
 * The drivers' deliveries of the days, for FROM. CROSS JOIN and INDEXED BY: each driver of each day is looked up; left to
 * choose, SQLite goes over all deliveries of the days.
 */
const deliveriesOf = (ids: readonly string[], from: Day, to: Day) => Prisma.sql`
  json_each(${JSON.stringify(daysBetween(from, to))}) AS d CROSS JOIN json_each(${JSON.stringify(ids)}) AS p
  CROSS JOIN "Delivery" INDEXED BY "Delivery_orderDay_driverId_status_onTime_sample_idx"
  ON "orderDay" = d.value AND "driverId" = p.value AND "status" <> 'withdrawn'`;

/** The drivers' deliveries of the days, counted: the index alone is read. */
export async function deliveriesByDay(db: Db, { ids, sample }: Drivers, from: Day, to: Day): Promise<DeliveryGroup[]> {
  const rows = await db.$queryRaw<(Counted & { day: Day })[]>`
    SELECT "orderDay" AS day, "status", "onTime", count(*) AS count
    FROM ${deliveriesOf(ids, from, to)}
    WHERE "sample" = ${sample}
    GROUP BY "orderDay", "status", "onTime"`;
  return rows.map((row) => ({ day: row.day, ...counted(row) }));
}

/** Every driver's deliveries of the days, counted. */
export async function allDeliveriesByDay(db: Db, from: Day, to: Day): Promise<Map<string, DeliveryGroup[]>> {
  const rows = await db.$queryRaw<(Counted & { driverId: string; day: Day })[]>`
    SELECT "driverId", "orderDay" AS day, "status", "onTime", count(*) AS count FROM "Delivery"
    WHERE "orderDay" >= ${from} AND "orderDay" <= ${to} AND NOT "sample" AND "status" <> 'withdrawn'
    GROUP BY "driverId", "orderDay", "status", "onTime"`;
  const drivers = new Map<string, DeliveryGroup[]>();
  for (const row of rows) {
    const own = drivers.get(row.driverId) ?? [];
    own.push({ day: row.day, ...counted(row) });
    drivers.set(row.driverId, own);
  }
  return drivers;
}

/** How many of the drivers have a delivery on one of the days. */
export async function busyDrivers(db: Db, { ids, sample }: Drivers, from: Day, to: Day): Promise<number> {
  const [row] = await db.$queryRaw<[{ busy: bigint }]>`
    SELECT count(*) AS busy FROM json_each(${JSON.stringify(ids)}) AS p
    WHERE EXISTS (SELECT 1 FROM json_each(${JSON.stringify(daysBetween(from, to))}) AS d CROSS JOIN "Delivery"
      ON "orderDay" = d.value AND "driverId" = p.value WHERE "sample" = ${sample} AND "status" <> 'withdrawn')`;
  return Number(row.busy);
}

/**
 * Hours of the clock in which a driver brought something, summed over the drivers: what productivity is counted by.
 * Null: no times are known.
 */
export async function workingHours(db: Db, { ids, sample }: Drivers, from: Day, to: Day): Promise<number | null> {
  const [row] = await db.$queryRaw<[{ hours: bigint }]>`
    SELECT count(DISTINCT p.value || substr("deliveredAt", 1, 13)) AS hours
    FROM ${deliveriesOf(ids, from, to)}
    WHERE "sample" = ${sample} AND "status" IN ('delivered', 'unknown')`;
  return Number(row.hours) || null;
}

/** For how many updates of the drivers somebody had to wait, found on one of the days. */
export async function missedUpdates(db: Db, { ids, sample }: Drivers, from: Date, to: Date): Promise<number> {
  const [row] = await db.$queryRaw<[{ missed: bigint }]>`
    SELECT count(*) AS missed FROM json_each(${JSON.stringify(ids)}) CROSS JOIN "MissingUpdate" ON "driverId" = value
    WHERE "foundAt" >= ${instantText(from)} AND "foundAt" < ${instantText(to)} AND "sample" = ${sample}`;
  return Number(row.missed);
}

/** Deliveries of the drivers by the hour of their order, counted back from `end`: hour 0 is the `hours`th before it. */
export async function deliveriesByHour(
  db: Db,
  { ids, sample }: Drivers,
  end: Date,
  hours: number,
  zone: string,
): Promise<HourGroup[]> {
  const start = new Date(end.getTime() - hours * 3_600_000);
  const rows = await db.$queryRaw<(Counted & { back: bigint })[]>`
    SELECT CAST((${end.getTime() / 1000} - unixepoch("orderedAt", 'subsec')) / 3600 AS INTEGER) AS back, "status", "onTime",
      count(*) AS count
    FROM ${deliveriesOf(ids, dayOf(start, zone), dayOf(end, zone))}
    WHERE "sample" = ${sample} AND "orderedAt" > ${instantText(start)} AND "orderedAt" <= ${instantText(end)}
    GROUP BY back, "status", "onTime"`;
  return rows.map((row) => ({ hour: hours - 1 - Number(row.back), ...counted(row) }));
}

/** How many of the drivers' deliveries of the days have no order time. */
export async function untimedDeliveries(db: Db, { ids, sample }: Drivers, from: Day, to: Day): Promise<number> {
  const [row] = await db.$queryRaw<[{ untimed: bigint }]>`
    SELECT count(*) AS untimed FROM ${deliveriesOf(ids, from, to)}
    WHERE "sample" = ${sample} AND "orderedAt" IS NULL`;
  return Number(row.untimed);
}

/** Whether anybody has a delivery that was ordered after `from` and not after `to`. */
export async function anyOrdered(db: Db, sample: boolean, from: Date, to: Date, zone: string): Promise<boolean> {
  const found = await db.delivery.findFirst({
    where: {
      sample,
      orderDay: { gte: dayOf(from, zone), lte: dayOf(to, zone) },
      orderedAt: { gt: from, lte: to },
    },
    select: { id: true },
  });
  return found !== null;
}
