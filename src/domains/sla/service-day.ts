import type { Context } from '../../core/context.ts';
import { addDays, type Day, startOf } from '../../core/time.ts';
import { dayOfOrders } from './levels/store.ts';
import { knownDays, violationsOn } from './store.ts';

/** What a day was like, by provider. */
export interface ServiceDay {
  /** The day's violations are known. */
  known: boolean;
  /** The day's orders are known. */
  orders: boolean;
  sample: boolean;
  byProvider: ReadonlyMap<string, { cities: string; orders: number; violations: number }>;
  /** Violations by city. */
  byCity: ReadonlyMap<string, number>;
}

/** Orders and violations of a day; the sample stands in where nothing real is known of it. */
export async function serviceDay({ db, clock }: Pick<Context, 'db' | 'clock'>, day: Day): Promise<ServiceDay> {
  const [real, invented] = [await knownDays(db, day, day, false), await knownDays(db, day, day, true)];
  const sample = real.size === 0 && invented.size > 0;
  const known = real.size > 0 || invented.size > 0;
  const violations = known ? await violationsOn(db, day, day, sample) : [];
  const orders = await dayOfOrders(db, startOf(day, clock.zone), startOf(addDays(day, 1), clock.zone), sample);
  const byProvider = new Map<string, { cities: string; orders: number; violations: number }>();
  const byCity = new Map<string, number>();
  const line = (provider: string, city: string | null) => {
    const own = byProvider.get(provider) ?? { cities: '', orders: 0, violations: 0 };
    const cities = new Set([...own.cities.split('/'), city ?? ''].filter(Boolean));
    own.cities = [...cities].join('/');
    byProvider.set(provider, own);
    return own;
  };
  for (const { provider, city } of violations) {
    line(provider, city).violations++;
    if (city) byCity.set(city, (byCity.get(city) ?? 0) + 1);
  }
  for (const { provider, city } of orders) line(provider ?? '未分配', city).orders++;
  return { known, orders: orders.length > 0, sample, byProvider, byCity };
}
