import { z } from 'zod';
import { type Day, daysBetween } from '../../core/time.ts';

/** `open`: not finished yet. `unknown`: the source does not say; it then counts as brought, and failures are not known. */
const DELIVERY_STATUSES = ['delivered', 'failed', 'open', 'unknown'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One order brought to a customer, as a source tells it. What is not known is null, never zero. */
export const DeliveryRow = z.object({
  id: z.string().min(1),
  driverId: z.string().min(1),
  /** The day that the order counts for, house zone. */
  orderDay: z.iso.date(),
  orderedAt: z.date().nullable(),
  pickedUpAt: z.date().nullable(),
  deliveredAt: z.date().nullable(),
  /** Until when it should have a final status. */
  dueAt: z.date().nullable(),
  status: z.enum(DELIVERY_STATUSES),
  onTime: z.boolean().nullable(),
  /** Degrees. */
  storeLat: z.number().nullable(),
  storeLng: z.number().nullable(),
  customerLat: z.number().nullable(),
  customerLng: z.number().nullable(),
  /** The source's other columns, as JSON text with sorted names. */
  facts: z.string(),
  /** What the source says about the driver, if anything. */
  driverName: z.string().nullable(),
  dsp: z.string().nullable(),
});
export type DeliveryRow = z.output<typeof DeliveryRow>;

export const METRICS = ['deliveries', 'on_time', 'failed'] as const;
/** `deliveries` and `failed` are counts, `on_time` is a rate in %. */
export type Metric = (typeof METRICS)[number];

/** Deliveries counted together: of a day, or of a range. */
export interface Tally {
  /** Brought: everything that did not fail and is not open. */
  completed: number;
  failed: number;
  /** Of how many it is known whether they failed. */
  statusKnown: number;
  onTime: number;
  /** Of how many it is known whether they were on time. */
  onTimeKnown: number;
}

/** Deliveries of one day that are alike. */
export interface DeliveryGroup {
  day: Day;
  status: string;
  onTime: boolean | null;
  count: number;
}

const NOTHING: Tally = { completed: 0, failed: 0, statusKnown: 0, onTime: 0, onTimeKnown: 0 };

export function tallyOf(groups: readonly Omit<DeliveryGroup, 'day'>[]): Tally {
  const tally = { ...NOTHING };
  for (const { status, onTime, count } of groups) {
    if (status === 'delivered' || status === 'unknown') tally.completed += count;
    if (status === 'failed') tally.failed += count;
    if (status === 'delivered' || status === 'failed') tally.statusKnown += count;
    if (onTime !== null) tally.onTimeKnown += count;
    if (onTime === true) tally.onTime += count;
  }
  return tally;
}

/** A day of a driver. `tally` null: nobody has data for the day, so nothing is known about it. */
export interface DriverDay {
  day: Day;
  tally: Tally | null;
}

/**
 * A driver's days from `from` to `to`. A day on which others have data and the driver none is 0; a day for which there is
 * no data at all is a gap.
 * @param known the days on which anybody has a delivery
 */
export function driverDays(from: Day, to: Day, groups: readonly DeliveryGroup[], known: ReadonlySet<Day>): DriverDay[] {
  const byDay = new Map<Day, DeliveryGroup[]>();
  for (const group of groups) byDay.set(group.day, [...(byDay.get(group.day) ?? []), group]);
  return daysBetween(from, to).map((day) => ({
    day,
    tally: known.has(day) ? tallyOf(byDay.get(day) ?? []) : null,
  }));
}

/** A figure of a tally; null where it is not known. */
export function figureOf(tally: Tally | null, metric: Metric): number | null {
  if (!tally) return null;
  switch (metric) {
    case 'deliveries':
      return tally.completed;
    case 'failed':
      return tally.statusKnown > 0 || tally.completed === 0 ? tally.failed : null;
    case 'on_time':
      return tally.onTimeKnown > 0 ? (100 * tally.onTime) / tally.onTimeKnown : null;
  }
}

export function sumOf(tallies: readonly (Tally | null)[]): Tally {
  const sum = { ...NOTHING };
  for (const tally of tallies) {
    for (const name of Object.keys(sum) as (keyof Tally)[]) sum[name] += tally?.[name] ?? 0;
  }
  return sum;
}

/** A DSP's figure of each day: its mean per driver, or the on-time rate of all its deliveries. */
export function perDriver(days: readonly DriverDay[], drivers: number, metric: Metric): (number | null)[] {
  return days.map(({ tally }) => {
    const figure = figureOf(tally, metric);
    return figure === null || metric === 'on_time' ? figure : figure / Math.max(1, drivers);
  });
}

/** Deliveries of one hour that are alike. */
export interface HourGroup extends Omit<DeliveryGroup, 'day'> {
  hour: number;
}

/** What was delivered in each of the hours from `first` on. */
export function hourTallies(groups: readonly HourGroup[], first: number, hours = 24): Tally[] {
  const each = Array.from({ length: hours }, (): HourGroup[] => []);
  for (const group of groups) each[group.hour - first]?.push(group);
  return each.map(tallyOf);
}

/** When the 24 hours that end at `end` begin. */
export function hoursUntil(end: Date): Date[] {
  return Array.from({ length: 24 }, (_, at) => new Date(end.getTime() - (24 - at) * 3_600_000));
}
