import type { Context } from '../../core/context.ts';
import type { Saved } from '../../core/source.ts';
import { addDays, type Clock, type Day, startOf } from '../../core/time.ts';
import type { Database, Db } from '../../store/db.ts';
import { saveRows } from '../../store/save-rows.ts';
import type { DeliveryRow } from './model.ts';
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

export async function driversWithIds(db: Db, ids: string[]): Promise<DriverRecord[]> {
  const found: DriverRecord[] = [];
  for (let from = 0; from < ids.length; from += 500) {
    const some = ids.slice(from, from + 500);
    found.push(...(await db.driver.findMany({ where: { id: { in: some } }, orderBy: { id: 'asc' } })));
  }
  return found;
}

export function allDrivers(db: Db): Promise<DriverRecord[]> {
  return db.driver.findMany({ orderBy: { id: 'asc' } });
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

/** A DSP as its drivers name it. */
export interface DspRecord {
  name: string;
  sample: boolean;
}

/** The DSP of one of these names, written exactly so; a real one before the sample's. */
export async function dspCalled(db: Db, words: string[]): Promise<DspRecord | null> {
  const found = await db.driver.findFirst({
    where: { dsp: { in: words } },
    orderBy: { sample: 'asc' },
    select: { dsp: true, sample: true },
  });
  return found?.dsp ? { name: found.dsp, sample: found.sample } : null;
}

export async function allDsps(db: Db): Promise<DspRecord[]> {
  const found = await db.driver.findMany({
    where: { dsp: { not: null } },
    distinct: ['dsp', 'sample'],
    select: { dsp: true, sample: true },
    orderBy: { dsp: 'asc' },
  });
  return found.flatMap(({ dsp, sample }) => (dsp ? [{ name: dsp, sample }] : []));
}

/** DSPs with how many drivers they have, by name. */
export async function dspSizes(db: Db): Promise<{ name: string; drivers: number }[]> {
  const rows = await db.driver.groupBy({ by: ['dsp'], where: { dsp: { not: null } }, _count: { _all: true } });
  const collator = new Intl.Collator('zh-CN', { numeric: true });
  return rows
    .map(({ dsp, _count }) => ({ name: dsp ?? '', drivers: _count._all }))
    .toSorted((a, b) => collator.compare(a.name, b.name));
}

/**
 * Drivers by a part of id or name, in the order of their ids.
 * @param ids only these
 */
export async function driversLike(
  db: Db,
  { text, dsp, ids }: { text?: string | undefined; dsp?: string | undefined; ids: string[] | null },
  take: number,
): Promise<{ drivers: DriverRecord[]; total: number }> {
  const where = {
    ...(dsp !== undefined && { dsp }),
    ...(ids && { id: { in: ids } }),
    ...(text !== undefined && { OR: [{ id: { contains: text } }, { name: { contains: text } }] }),
  };
  const [drivers, total] = await Promise.all([
    db.driver.findMany({ where, orderBy: { id: 'asc' }, take }),
    db.driver.count({ where }),
  ]);
  return { drivers, total };
}

/** The drivers of a DSP. */
export async function idsOfDsp(db: Db, { name, sample }: DspRecord): Promise<string[]> {
  return (await db.driver.findMany({ where: { dsp: name, sample }, select: { id: true } })).map(({ id }) => id);
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
    const saved = await saveRows(
      tx,
      'Delivery',
      ['id'],
      // A file that has an order too says nothing of whether it stands in the database.
      rows.map((row) =>
        source === 'MySQL' ? Object.assign(stored(row, sample), { mysql: true }) : stored(row, sample),
      ),
    );
    await reachFurther(tx, clock, sample, source, saved.added);
    return saved;
  });
}

/** A delivery as its table has it. Written out: a copy of everything but two columns takes much longer. */
function stored(row: DeliveryRow, sample: boolean): Omit<DeliveryRow, 'driverName' | 'dsp'> & { sample: boolean } {
  return {
    id: row.id,
    driverId: row.driverId,
    orderDay: row.orderDay,
    orderedAt: row.orderedAt,
    pickedUpAt: row.pickedUpAt,
    deliveredAt: row.deliveredAt,
    dueAt: row.dueAt,
    status: row.status,
    onTime: row.onTime,
    storeLat: row.storeLat,
    storeLng: row.storeLng,
    customerLat: row.customerLat,
    customerLng: row.customerLng,
    facts: row.facts,
    sample,
  };
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
  const latest = new Map<string, DeliveryRow>();
  const distinct = rows.filter((row) => {
    const before = latest.get(row.driverId);
    latest.set(row.driverId, row);
    return before?.driverName !== row.driverName || before.dsp !== row.dsp;
  });
  const drivers = distinct.map(({ driverId, driverName, dsp }) => ({
    id: driverId,
    name: driverName ?? driverId,
    dsp,
    sample,
  }));
  // An invented driver gives way to a real one of his number, name and all.
  if (!sample) {
    const invented = await tx.driver.findMany({ where: { sample: true }, select: { id: true } });
    const named = new Set(drivers.map(({ id }) => id));
    const ids = invented.map(({ id }) => id).filter((id) => named.has(id));
    if (ids.length > 0) await tx.driver.deleteMany({ where: { id: { in: ids } } });
  }
  const unknown = await unknownDrivers(tx, [...new Set(drivers.map(({ id }) => id))]);
  await saveRows(
    tx,
    'Driver',
    ['id'],
    drivers.filter(({ id }) => unknown.has(id)),
    { keep: ['name', 'dsp', 'sample'] },
  );
  const named = drivers.filter(({ id, name }) => name !== id);
  await saveRows(tx, 'Driver', ['id'], named, { keep: ['dsp', 'sample'] });
  const withDsp = drivers.filter(({ dsp }) => dsp !== null);
  await saveRows(tx, 'Driver', ['id'], withDsp, { keep: ['name', 'sample'] });
}

async function unknownDrivers(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT value AS id FROM json_each(${JSON.stringify(ids)})
    WHERE NOT EXISTS (SELECT 1 FROM "Driver" WHERE "Driver"."id" = value)`;
  return new Set(rows.map(({ id }) => id));
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
    db.driverScan.deleteMany({ where: { sample: true } }),
    db.podPicture.deleteMany({ where: { sample: true } }),
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
    where: { orderDay: { gte: from, lte: to }, status: { not: 'withdrawn' } },
    _count: true,
    orderBy: { orderDay: 'asc' },
  });
  return rows.map(({ orderDay, _count }) => ({ day: orderDay, count: _count }));
}
