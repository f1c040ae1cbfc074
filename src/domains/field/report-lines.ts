import { groupBy } from '../../core/group.ts';

/** Orders and violations of a day, from the domain that has them. */
export interface DayFacts {
  /** The day's violations are known. */
  known: boolean;
  /** The day's orders are known. */
  orders: boolean;
  sample: boolean;
  lines: readonly { city: string; provider: string; orders: number; violations: number }[];
}

/** A figure of yesterday and of the same day of the week before; null: not known. */
export interface Figure {
  now: number | null;
  before: number | null;
}

/** A provider in a city. */
export interface ReportLine {
  /** Empty: not known. */
  city: string;
  provider: string;
  orders: Figure;
  violations: Figure;
  pending: Figure;
}

/** Orders that waited at an instant; null: nobody knows. */
export type Waiting = readonly { orderNum: string; provider: string }[] | null;

/**
 * Figures by city and provider, those with most violations first. A waiting order stands in the city of its work order, else
 * in the only city of its provider.
 */
export function reportLines(
  day: { now: DayFacts; before: DayFacts },
  pending: { now: Waiting; before: Waiting },
  cities: ReadonlyMap<string, string>,
): ReportLine[] {
  const citiesOf = groupBy([...day.now.lines, ...day.before.lines], ({ provider }) => provider);
  const only = (provider: string) => {
    const all = new Set((citiesOf.get(provider) ?? []).map(({ city }) => city).filter(Boolean));
    return all.size === 1 ? [...all][0] : undefined;
  };
  const keyOf = (city: string, provider: string) => JSON.stringify([city, provider]);
  const placed = (waiting: Waiting) =>
    waiting &&
    groupBy(waiting, ({ orderNum, provider }) => keyOf(cities.get(orderNum) ?? only(provider) ?? '', provider));
  const [waiting, waited] = [placed(pending.now), placed(pending.before)];
  const byKey = ({ lines }: DayFacts) => new Map(lines.map((line) => [keyOf(line.city, line.provider), line]));
  const [now, before] = [byKey(day.now), byKey(day.before)];
  const keys = new Set([...now.keys(), ...before.keys(), ...(waiting?.keys() ?? []), ...(waited?.keys() ?? [])]);
  const collator = new Intl.Collator('zh-CN');
  return [...keys]
    .map((key): ReportLine => {
      const [city, provider] = JSON.parse(key) as [string, string];
      const [own, old] = [now.get(key), before.get(key)];
      return {
        city,
        provider,
        orders: {
          now: day.now.orders ? (own?.orders ?? 0) : null,
          before: day.before.orders ? (old?.orders ?? 0) : null,
        },
        violations: {
          now: day.now.known ? (own?.violations ?? 0) : null,
          before: day.before.known ? (old?.violations ?? 0) : null,
        },
        pending: {
          now: waiting && (waiting.get(key)?.length ?? 0),
          before: waited && (waited.get(key)?.length ?? 0),
        },
      };
    })
    .toSorted(
      (a, b) =>
        (b.violations.now ?? 0) - (a.violations.now ?? 0) ||
        (b.pending.now ?? 0) - (a.pending.now ?? 0) ||
        collator.compare(a.city + a.provider, b.city + b.provider),
    );
}

/** The sum of a figure; null where a part of it is not known. */
export function totalOf(lines: readonly ReportLine[], of: (line: ReportLine) => Figure): Figure {
  const sum = (side: 'now' | 'before') =>
    lines.some((line) => of(line)[side] === null)
      ? null
      : lines.reduce((total, line) => total + (of(line)[side] ?? 0), 0);
  return { now: sum('now'), before: sum('before') };
}
