import type { Context } from '../../core/context.ts';
import type { Domain } from '../../core/domain.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import { addDays, type Day, dayOf, daysBetween, startOf, today, weekday } from '../../core/time.ts';
import type { DeliveryRow } from './model.ts';
import { savePictures } from './pod/store.ts';
import type { PictureRow, ScanRow } from './rows.ts';
import { SAMPLE_DRIVERS, type SampleDriver } from './sample-drivers.ts';
import { saveScans } from './scans/store.ts';
import { driversWithIds, removeSample, sampleSpan, saveSample } from './store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Days that the sample begins before the day on which it is first filled. */
const DAYS = 45;

/** Orders by hour of the day from 8 to 22, as shares of the day's: two rushes. */
const HOURS = [2, 3, 4, 10, 13, 8, 4, 3, 4, 9, 14, 12, 8, 4, 2];
/** Monday to Sunday. */
const WEEKDAYS = [0.95, 0.94, 0.97, 0.99, 1.04, 1.07, 1.04];

/** Invented drivers and deliveries for the last weeks, up to now. */
export const sample: NonNullable<Domain['sample']> = { fill, remove: ({ db }) => removeSample(db) };

/** Of these drivers nothing has been heard for a while. */
const SILENT = ['D-3020'];
const SILENT_FOR = 70 * MINUTE;
/** This driver's newest order that should have ended has no result. */
const STUCK = 'D-2063';
const DUE_AFTER = 45 * MINUTE;
/** Of so many days orders have pictures. */
const PICTURED = 7;

/**
 * Brings the sample up to now: the first time 45 days, afterwards what has changed since. A delivery depends on its driver,
 * its day and the day of the first fill alone, so that every fill makes the same ones; what is under way depends on now,
 * too. A real driver keeps his number.
 */
async function fill({ db, clock }: Context): Promise<void> {
  const now = clock.now();
  const day = today(clock);
  const { firstDay, filledTo } = await sampleSpan(db);
  const anchor = firstDay ? addDays(firstDay, DAYS - 1) : day;
  const oldest = addDays(day, 1 - DAYS);
  // The last orders of a day may end after midnight.
  const resumed = filledTo ? addDays(dayOf(filledTo, clock.zone), -1) : oldest;
  const days = daysBetween(oldest, day)
    .filter((of) => of >= resumed)
    .map((of) => sampleDay(of, anchor, clock.zone));
  const ids = SAMPLE_DRIVERS.map(({ id }) => id);
  const real = (await driversWithIds(db, ids)).filter((driver) => !driver.sample).map(({ id }) => id);
  const drivers = SAMPLE_DRIVERS.filter(({ id }) => !real.includes(id));
  const deliveries = drivers.flatMap((driver) => {
    const known = days.flatMap((of) => deliveriesOf(driver, of)).filter(({ orderedAt }) => orderedAt <= now);
    return known.map((delivery) => asOf(delivery, now, known));
  });
  await saveSample(db, drivers, deliveries, now);
  await saveScans(db, lastSigns(deliveries), true);
  const pictured = addDays(day, 1 - PICTURED);
  await savePictures(db, deliveries.filter(({ orderDay }) => orderDay >= pictured).flatMap(picturesOf), true);
}

/** What of a delivery is known at an instant: one that has not ended is open. */
function asOf(whole: SampleDelivery, now: Date, known: readonly SampleDelivery[]): Open {
  const heard = now.getTime() - (SILENT.includes(whole.driverId) ? SILENT_FOR : 0);
  const dueAt = new Date(whole.orderedAt.getTime() + DUE_AFTER);
  const stuck = whole.driverId === STUCK && whole === newestEnded(known, now.getTime() - 2 * HOUR);
  if (whole.deliveredAt.getTime() <= heard && !stuck) return { ...whole, dueAt };
  const pickedUpAt = whole.pickedUpAt && whole.pickedUpAt.getTime() <= heard ? whole.pickedUpAt : null;
  return { ...whole, dueAt, pickedUpAt, deliveredAt: null, status: 'open', onTime: null };
}

function newestEnded(deliveries: readonly SampleDelivery[], before: number): SampleDelivery | undefined {
  return deliveries
    .filter(({ deliveredAt }) => deliveredAt.getTime() < before)
    .toSorted((a, b) => a.orderedAt.getTime() - b.orderedAt.getTime())
    .at(-1);
}

/** The last that each driver did, as a scan. */
function lastSigns(deliveries: readonly Open[]): ScanRow[] {
  const last = new Map<string, ScanRow>();
  for (const { driverId, id, pickedUpAt, deliveredAt } of deliveries) {
    const at = deliveredAt ?? pickedUpAt;
    const before = last.get(driverId);
    if (at && (!before || before.at < at)) last.set(driverId, { driverId, at, orderId: id });
  }
  return [...last.values()];
}

/** Files below the sample's folder of pictures; the last is not there, as happens. */
const PICTURES = ['door-mat', 'door-number', 'hand-over', 'signature', 'locker', 'shop-shelf', 'lost'];
const PLACES = [
  '人民路 12 号',
  '建设街 3 号 2 单元',
  '幸福小区 6 幢',
  '滨江花园 1203',
  '科技园 B 座前台',
  '学院路便利店',
];

/** One to three pictures of an order that was brought. */
function picturesOf({ id, driverId, deliveredAt, status }: Open): PictureRow[] {
  if (!deliveredAt || status !== 'delivered') return [];
  const random = seededRandom(`${id} pictures`);
  const place = PLACES[Math.floor(random() * PLACES.length)] ?? null;
  const first = Math.floor(random() * PICTURES.length);
  const takenBy = SAMPLE_DRIVERS.find((driver) => driver.id === driverId)?.name ?? null;
  return Array.from({ length: 1 + Math.floor(3 * random()) }, (_, n) => ({
    id: `${id}/${n}`,
    orderId: id,
    address: `sample:${PICTURES[(first + n) % PICTURES.length]}.jpg`,
    takenAt: new Date(deliveredAt.getTime() - (2 - n) * 20_000),
    ...{ takenBy, place },
  }));
}

interface SampleDay {
  day: Day;
  start: number;
  /** Days before the first fill; negative after it. */
  age: number;
  /** How busy such a weekday is; 1 is usual. */
  busy: number;
}

function sampleDay(day: Day, anchor: Day, zone: string): SampleDay {
  const start = startOf(day, zone).getTime();
  const age = Math.round((startOf(anchor, zone).getTime() - start) / (24 * HOUR));
  return { day, start, age, busy: WEEKDAYS[weekday(day) - 1] ?? 1 };
}

/** An invented delivery, as it will have ended. */
type SampleDelivery = Omit<DeliveryRow, 'driverName' | 'dsp' | 'dueAt' | `${'store' | 'customer'}${'Lat' | 'Lng'}`> & {
  orderedAt: Date;
  deliveredAt: Date;
};

/** As it is known at an instant. */
type Open = Omit<SampleDelivery, 'deliveredAt'> & Pick<DeliveryRow, 'deliveredAt' | 'dueAt'>;

/** All deliveries of a driver on a day, from the first to the last hour. */
function deliveriesOf(driver: SampleDriver, { day, start, age, busy }: SampleDay): SampleDelivery[] {
  if (driver.off?.includes(age)) return [];
  const random = seededRandom(`${driver.id} ${day}`);
  const level = driver.perDay + (driver.drift ?? 0) * Math.min(14, Math.max(0, 14 - age));
  const count = Math.round(level * busy * (0.95 + 0.1 * random()));
  return Array.from({ length: count }, (_, n) => {
    const ordered = start + (8 + hourBy(random()) + random()) * HOUR;
    const picked = ordered + (5 + 10 * random()) * MINUTE;
    const failed = random() < 0.03;
    const onTime = random() < driver.onTime;
    const delivered = picked + (12 + 20 * random() + (onTime && !failed ? 0 : 15 + 20 * random())) * MINUTE;
    return {
      id: `sample/${driver.id}/${day}/${String(n).padStart(2, '0')}`,
      driverId: driver.id,
      orderDay: day,
      orderedAt: new Date(ordered),
      pickedUpAt: new Date(picked),
      deliveredAt: new Date(delivered),
      status: failed ? 'failed' : 'delivered',
      onTime: failed ? null : onTime,
      facts: '{}',
    };
  });
}

const SHARES = HOURS.reduce((sum, share) => sum + share, 0);

function hourBy(chance: number): number {
  let left = chance * SHARES;
  let hour = 0;
  for (const share of HOURS) {
    left -= share;
    if (left < 0) break;
    hour++;
  }
  return hour;
}
