import type { Context } from '../../core/context.ts';
import { cityName } from '../../core/provinces.ts';
import { addDays, type Day, startOf } from '../../core/time.ts';
import { citiesOf, dayOfOrders } from './levels/store.ts';
import { knownDays, violationsOn } from './store.ts';

/** A provider's day in a city. */
export interface ServiceLine {
  /** Empty: not known. */
  city: string;
  provider: string;
  orders: number;
  violations: number;
}

/** What a day was like, by city and provider. */
export interface ServiceDay {
  /** The day's violations are known. */
  known: boolean;
  /** The day's orders are known. */
  orders: boolean;
  sample: boolean;
  lines: readonly ServiceLine[];
}

/** Orders and violations of a day; the sample stands in where nothing real is known of it. */
export async function serviceDay({ db, clock }: Pick<Context, 'db' | 'clock'>, day: Day): Promise<ServiceDay> {
  const [real, invented] = [await knownDays(db, day, day, false), await knownDays(db, day, day, true)];
  const sample = real.size === 0 && invented.size > 0;
  const known = real.size > 0 || invented.size > 0;
  const violations = known ? await violationsOn(db, day, day, sample) : [];
  const orders = await dayOfOrders(db, startOf(day, clock.zone), startOf(addDays(day, 1), clock.zone), sample);
  const lines = new Map<string, ServiceLine>();
  const line = (city: string | null, provider: string | null) => {
    const of = { city: city ? cityName(city) : '', provider: provider ?? '未分配' };
    const key = JSON.stringify(of);
    const own = lines.get(key) ?? { ...of, orders: 0, violations: 0 };
    lines.set(key, own);
    return own;
  };
  for (const { city, provider } of violations) line(city, provider).violations++;
  for (const { city, provider } of orders) line(city, provider).orders++;
  return { known, orders: orders.length > 0, sample, lines: [...lines.values()] };
}

/** The cities of orders by their numbers, as far as their work orders are known. */
export async function orderCities(
  { db }: Pick<Context, 'db'>,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const cities = await citiesOf(db, numbers);
  return new Map([...cities].map(([number, city]) => [number, cityName(city)]));
}
