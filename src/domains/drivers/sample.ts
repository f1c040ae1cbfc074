import type { Context } from '../../core/context.ts';
import type { Domain } from '../../core/domain.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import { addDays, type Day, dayOf, daysBetween, startOf, today, weekday } from '../../core/time.ts';
import type { DeliveryRow } from './model.ts';
import { type DriverRecord, driversWithIds, removeSample, sampleSpan, saveSample } from './store.ts';

/** Days that the sample begins before the day on which it is first filled. */
const DAYS = 45;

/** An invented driver: orders on an ordinary day, the share brought on time, and what is special about him. */
interface SampleDriver extends DriverRecord {
  perDay: number;
  onTime: number;
  /** Orders a day more, every day of the last fortnight before the first fill. */
  drift?: number;
  /** Days before the first fill on which he did not work. */
  off?: readonly number[];
}

const DSPS = { 'DSP-A': [19, 0.92], 'DSP-B': [16, 0.89], 'DSP-C': [13, 0.94] } as const;

function invented(id: string, name: string, dsp: keyof typeof DSPS, special: Partial<SampleDriver> = {}): SampleDriver {
  const [perDay, onTime] = DSPS[dsp];
  return { id, name, dsp, sample: true, perDay, onTime, ...special };
}

/** Two of them have one name, at different DSPs. */
export const SAMPLE_DRIVERS: readonly SampleDriver[] = [
  invented('D-1023', '王师傅', 'DSP-A', { perDay: 22, onTime: 0.94, drift: 1.7 }),
  invented('D-1031', '李伟', 'DSP-A', { perDay: 32, onTime: 0.86, drift: -1.2 }),
  invented('D-1056', '刘洋', 'DSP-A', { onTime: 0.9 }),
  invented('D-1088', '陈静', 'DSP-A', { perDay: 23, off: [3, 11, 25] }),
  invented('D-1107', '张三', 'DSP-A'),
  invented('D-2044', '张三', 'DSP-B', { perDay: 21 }),
  invented('D-2063', '赵磊', 'DSP-B', { onTime: 0.81 }),
  invented('D-2091', '周敏', 'DSP-B', { perDay: 14, off: [6, 13, 20, 27, 34, 41] }),
  invented('D-2210', '王师明', 'DSP-B'),
  invented('D-3005', '吴刚', 'DSP-C', { perDay: 16 }),
  invented('D-3012', '孙丽', 'DSP-C'),
  invented('D-3020', '马超', 'DSP-C', { perDay: 10, onTime: 0.97 }),
];

/** Orders by hour of the day from 8 to 22, as shares of the day's: two rushes. */
const HOURS = [2, 3, 4, 10, 13, 8, 4, 3, 4, 9, 14, 12, 8, 4, 2];
/** Monday to Sunday. */
const WEEKDAYS = [0.95, 0.94, 0.97, 0.99, 1.04, 1.07, 1.04];

/** Invented drivers and deliveries for the last weeks, up to now. */
export const sample: NonNullable<Domain['sample']> = { fill, remove: ({ db }) => removeSample(db) };

/**
 * Brings the sample up to now: the first time 45 days, afterwards what has ended since. A delivery depends on its driver,
 * its day and the day of the first fill alone, so that every fill makes the same ones. A real driver keeps his number.
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
  const deliveries = drivers
    .flatMap((driver) => days.flatMap((of) => deliveriesOf(driver, of)))
    .filter(({ deliveredAt }) => deliveredAt <= now && (!filledTo || deliveredAt > filledTo));
  await saveSample(db, drivers, deliveries, now);
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

/** An invented delivery: always one that has ended. */
type SampleDelivery = Omit<DeliveryRow, 'driverName' | 'dsp' | 'dueAt' | `${'store' | 'customer'}${'Lat' | 'Lng'}`> & {
  deliveredAt: Date;
};

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

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
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
