import type { Context } from '../../core/context.ts';
import type { Saved } from '../../core/source.ts';
import { addDays, type Clock, type Day, dayOf, daysBetween, startOf } from '../../core/time.ts';
import type { Database, Db } from '../../store/db.ts';
import { saveRows } from '../../store/save-rows.ts';
import type { DeliveryGroup, DeliveryRow, TimedDelivery } from './model.ts';
import type { PersonRow } from './rows.ts';

/** Questions about drivers and deliveries to the database. Sample rows and real ones never meet in one answer. */

export interface DriverRecord {
  id: string;
  name: string;
  dsp: string | null;
  sample: boolean;
}

/** Drivers by one of these ids or names, written exactly so. */
export function driversCalled(db: Db, words: string[]): Promise<DriverRecord[]> {
  return db.driver.findMany({
    where: { OR: [{ id: { in: words } }, { name: { in: words } }] },
    orderBy: { id: 'asc' },
  });
}

export function driversWithIds(db: Db, ids: string[]): Promise<DriverRecord[]> {
  return db.driver.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' } });
}

export function allDrivers(db: Db): Promise<DriverRecord[]> {
  return db.driver.findMany({ orderBy: { id: 'asc' } });
}

/** The newest order day of each of the drivers that has one. */
export async function lastDays(db: Db, drivers: readonly DriverRecord[]): Promise<Map<string, Day>> {
  const last = new Map<string, Day>();
  for (const { id, sample } of drivers) {
    const newest = await db.delivery.aggregate({ where: { driverId: id, sample }, _max: { orderDay: true } });
    if (newest._max.orderDay) last.set(id, newest._max.orderDay);
  }
  return last;
}

/** The newest day of which there is any data. */
export async function newestDay(db: Db, sample: boolean): Promise<Day | null> {
  const newest = await db.delivery.findFirst({
    where: { sample },
    orderBy: { orderDay: 'desc' },
    select: { orderDay: true },
  });
  return newest?.orderDay ?? null;
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

/** A driver's deliveries of the days, counted. */
export function deliveriesByDay(db: Db, driver: DriverRecord, from: Day, to: Day): Promise<DeliveryGroup[]> {
  return groups(db, { driverId: driver.id, orderDay: { gte: from, lte: to }, sample: driver.sample });
}

/** Every driver's deliveries of the days, counted. */
export async function allDeliveriesByDay(db: Db, from: Day, to: Day): Promise<Map<string, DeliveryGroup[]>> {
  const rows = await db.delivery.groupBy({
    by: ['driverId', 'orderDay', 'status', 'onTime'],
    where: { orderDay: { gte: from, lte: to }, sample: false },
    _count: { _all: true },
  });
  const drivers = new Map<string, DeliveryGroup[]>();
  for (const { driverId, orderDay, status, onTime, _count } of rows) {
    const own = drivers.get(driverId) ?? [];
    own.push({ day: orderDay, status, onTime, count: _count._all });
    drivers.set(driverId, own);
  }
  return drivers;
}

/** What was missing since an instant, or is still. */
export function missingSince(db: Db, since: Date) {
  return db.missingUpdate.findMany({
    where: {
      sample: false,
      driverId: { not: '' },
      OR: [{ foundAt: { gte: since } }, { endedAt: null }, { endedAt: { gte: since } }],
    },
    orderBy: { id: 'asc' },
  });
}

/** What the drivers of a driver's DSP did together, and how many of them did anything. */
interface DspDeliveries {
  name: string;
  drivers: number;
  groups: DeliveryGroup[];
}

/** @returns null where the driver has no DSP, or is alone in it */
export async function dspByDay(db: Db, driver: DriverRecord, from: Day, to: Day): Promise<DspDeliveries | null> {
  const ids = await idsOfDsp(db, driver);
  if (!driver.dsp || ids.length < 2) return null;
  const where = { driverId: { in: ids }, orderDay: { gte: from, lte: to }, sample: driver.sample };
  const busy = await db.delivery.groupBy({ by: ['driverId'], where });
  return { name: driver.dsp, drivers: busy.length, groups: await groups(db, where) };
}

/** Hours of the clock in which a driver brought something: what productivity is counted by. Null: no times are known. */
export async function workingHours(db: Db, driver: DriverRecord, from: Day, to: Day): Promise<number | null> {
  const [row] = await db.$queryRaw<[{ hours: bigint }]>`
    SELECT count(DISTINCT substr("deliveredAt", 1, 13)) AS hours FROM "Delivery"
    WHERE "driverId" = ${driver.id} AND "orderDay" >= ${from} AND "orderDay" <= ${to} AND "sample" = ${driver.sample}
      AND "status" IN ('delivered', 'unknown')`;
  return Number(row.hours) || null;
}

type Where = NonNullable<NonNullable<Parameters<Db['delivery']['findMany']>[0]>['where']>;

async function groups(db: Db, where: Where): Promise<DeliveryGroup[]> {
  const rows = await db.delivery.groupBy({ by: ['orderDay', 'status', 'onTime'], where, _count: { _all: true } });
  return rows.map(({ orderDay, status, onTime, _count }) => ({ day: orderDay, status, onTime, count: _count._all }));
}

async function idsOfDsp(db: Db, { dsp, sample }: DriverRecord): Promise<string[]> {
  if (!dsp) return [];
  return (await db.driver.findMany({ where: { dsp, sample }, select: { id: true } })).map(({ id }) => id);
}

/** Deliveries ordered after `from` and not after `to`; `untimed`: those of these days whose order time is not known. */
export interface TimedDeliveries {
  mine: TimedDelivery[];
  untimed: number;
  /** When the DSP's drivers, the driver among them, had their orders; null where there is no DSP to compare with. */
  dsp: { name: string; drivers: number; orderedAt: Date[] } | null;
  /** Whether anybody has a delivery in this time. */
  known: boolean;
}

export async function timedDeliveries(
  db: Db,
  driver: DriverRecord,
  from: Date,
  to: Date,
  clock: Clock,
): Promise<TimedDeliveries> {
  const { sample } = driver;
  const orderDay = { gte: dayOf(from, clock.zone), lte: dayOf(to, clock.zone) };
  const where = { sample, orderDay, orderedAt: { gt: from, lte: to } };
  const ids = await idsOfDsp(db, driver);
  const brought = { ...where, driverId: { in: ids }, status: { in: ['delivered', 'unknown'] } };
  const [mine, untimed, others, any] = await Promise.all([
    db.delivery.findMany({
      where: { ...where, driverId: driver.id },
      select: { orderedAt: true, status: true, onTime: true },
    }),
    db.delivery.count({ where: { sample, orderDay, orderedAt: null, driverId: driver.id } }),
    ids.length < 2 ? [] : db.delivery.findMany({ where: brought, select: { orderedAt: true, driverId: true } }),
    db.delivery.findFirst({ where, select: { id: true } }),
  ]);
  return {
    mine: mine.flatMap((row) => (row.orderedAt ? [{ ...row, orderedAt: row.orderedAt }] : [])),
    untimed,
    dsp:
      driver.dsp && others.length > 0
        ? {
            name: driver.dsp,
            drivers: new Set(others.map((row) => row.driverId)).size,
            orderedAt: others.flatMap((row) => row.orderedAt ?? []),
          }
        : null,
    known: any !== null,
  };
}

/** How old the deliveries are and where they came from. The sample's own state stands apart from the real one. */
export interface DeliveriesAge {
  asOf: Date;
  source: string;
  completeness: string;
  note: string | null;
}

const feedName = (sample: boolean) => (sample ? 'drivers.deliveries/sample' : 'drivers.deliveries');

export function deliveriesAge(db: Db, sample: boolean): Promise<DeliveriesAge | null> {
  return db.feedState.findUnique({ where: { feed: feedName(sample) } });
}

async function writeAge(db: Db, sample: boolean, age: DeliveriesAge, rows: number): Promise<void> {
  const feed = feedName(sample);
  const state = { feed, ...age, rows };
  await db.feedState.upsert({ where: { feed }, create: state, update: state });
}

/**
 * Keeps imported deliveries, all or none, and makes drivers that are not known; a driver's name and DSP follow the source
 * where it tells them.
 */
export function saveDeliveries(
  { db, clock }: Context,
  rows: DeliveryRow[],
  { sample = false, source = 'import' }: { sample?: boolean; source?: string | undefined },
): Promise<Saved> {
  return db.$transaction(async (tx) => {
    if (rows.length === 0) return { added: 0, changed: 0, unchanged: 0 };
    await saveDrivers(tx, rows, sample);
    const deliveries = rows.map(({ driverName: _name, dsp: _dsp, ...delivery }) => ({ ...delivery, sample }));
    const saved = await saveRows(tx, 'Delivery', ['id'], deliveries);
    await reachFurther(tx, clock, sample, source, saved.added);
    return saved;
  });
}

/**
 * Imported data reaches to the newest order of its newest day, or to that day's end where no order of it has a time, and
 * never beyond now. An older file makes it no older. A file says nothing of what it leaves out: completeness is unknown.
 */
async function reachFurther(tx: Db, clock: Clock, sample: boolean, source: string, added: number): Promise<void> {
  const day = await newestDay(tx, sample);
  if (!day) return;
  const newest = await tx.delivery.aggregate({ where: { orderDay: day, sample }, _max: { orderedAt: true } });
  const reach = newest._max.orderedAt ?? startOf(addDays(day, 1), clock.zone);
  const asOf = new Date(Math.min(reach.getTime(), clock.now().getTime()));
  const before = await tx.feedState.findUnique({ where: { feed: feedName(sample) } });
  const age = { asOf, source, completeness: 'unknown', note: null };
  await writeAge(tx, sample, before && before.asOf >= asOf ? before : age, (before?.rows ?? 0) + added);
}

async function saveDrivers(tx: Db, rows: readonly DeliveryRow[], sample: boolean): Promise<void> {
  // A page of orders names few drivers, most of them often and in the same way.
  const distinct = new Map(rows.map((row) => [`${row.driverId}\n${row.driverName}\n${row.dsp}`, row]));
  const drivers = [...distinct.values()].map(({ driverId, driverName, dsp }) => ({
    id: driverId,
    name: driverName ?? driverId,
    dsp,
    sample,
  }));
  // An invented driver gives way to a real one of his number, name and all.
  if (!sample) {
    const invented = await tx.driver.findMany({ where: { sample: true }, select: { id: true } });
    const ids = invented.map(({ id }) => id).filter((id) => drivers.some((driver) => driver.id === id));
    if (ids.length > 0) await tx.driver.deleteMany({ where: { id: { in: ids } } });
  }
  await saveRows(tx, 'Driver', ['id'], drivers, { keep: ['name', 'dsp', 'sample'] });
  const named = drivers.filter(({ id, name }) => name !== id);
  await saveRows(tx, 'Driver', ['id'], named, { keep: ['dsp', 'sample'] });
  const withDsp = drivers.filter(({ dsp }) => dsp !== null);
  await saveRows(tx, 'Driver', ['id'], withDsp, { keep: ['name', 'sample'] });
}

/** Keeps the company's list of drivers: what it tells counts, also where it tells nothing of a shift. */
export async function saveDriverRows(db: Database, rows: readonly PersonRow[], sample: boolean): Promise<Saved> {
  return db.$transaction(async (tx) => {
    if (!sample) await tx.driver.deleteMany({ where: { sample: true, id: { in: rows.map(({ id }) => id) } } });
    const drivers = rows.map((row) => ({ ...row, sample }));
    return saveRows(tx, 'Driver', ['id'], drivers, { keep: ['sample'] });
  });
}

/** What a read of the upstream came to: up to now and whole, or in part, or failed; what is known stays. */
export async function deliveriesRead(
  db: Db,
  outcome: { at: Date; complete: boolean } | { failed: string },
): Promise<void> {
  const feed = feedName(false);
  if ('failed' in outcome) {
    await db.feedState.updateMany({ where: { feed }, data: { completeness: 'late', note: outcome.failed } });
    return;
  }
  const rows = (await db.feedState.findUnique({ where: { feed } }))?.rows ?? 0;
  const completeness = outcome.complete ? 'complete' : 'partial';
  await writeAge(db, false, { asOf: outcome.at, source: 'MySQL', completeness, note: null }, rows);
}

/** The first day of the sample and the instant up to which it was filled; nulls where there is none. */
export async function sampleSpan(db: Db): Promise<{ firstDay: Day | null; filledTo: Date | null }> {
  const first = await db.delivery.findFirst({
    where: { sample: true },
    orderBy: { orderDay: 'asc' },
    select: { orderDay: true },
  });
  const age = await deliveriesAge(db, true);
  return { firstDay: first?.orderDay ?? null, filledTo: first && age ? age.asOf : null };
}

export function saveSample(
  db: Database,
  drivers: readonly DriverRecord[],
  deliveries: readonly Pick<DeliveryRow, 'id' | 'driverId' | 'orderDay' | 'status' | 'facts'>[],
  now: Date,
): Promise<void> {
  return db.$transaction(async (tx) => {
    const people = drivers.map(({ id, name, dsp }) => ({ id, name, dsp, sample: true }));
    await saveRows(tx, 'Driver', ['id'], people, { keep: ['name', 'dsp', 'sample'] });
    const rows = deliveries.map((delivery) => ({ ...delivery, sample: true }));
    const { added } = await saveRows(tx, 'Delivery', ['id'], rows);
    const before = await tx.feedState.findUnique({ where: { feed: feedName(true) } });
    const age = { asOf: now, source: 'sample', completeness: 'complete', note: null };
    await writeAge(tx, true, age, (before?.rows ?? 0) + added);
  });
}

/** Takes away all that is invented, and nothing else. */
export async function removeSample(db: Database): Promise<void> {
  await db.$transaction([
    db.delivery.deleteMany({ where: { sample: true } }),
    db.driver.deleteMany({ where: { sample: true } }),
    db.feedState.deleteMany({ where: { feed: feedName(true) } }),
  ]);
}

/** How many orders there are of each day of a span. */
export async function deliveryDays(
  db: Database,
  { from, to }: { from: string; to: string },
): Promise<{ day: string; count: number }[]> {
  const rows = await db.delivery.groupBy({
    by: ['orderDay'],
    where: { orderDay: { gte: from, lte: to } },
    _count: true,
    orderBy: { orderDay: 'asc' },
  });
  return rows.map(({ orderDay, _count }) => ({ day: orderDay, count: _count }));
}
