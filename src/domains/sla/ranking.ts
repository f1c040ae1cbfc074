import { addDays, type Day, daysBetween } from '../../core/time.ts';
import type { Violation } from './store.ts';

/** Violations of one provider or of one kind, in this span and in the one before. */
export interface Rank {
  name: string;
  now: number;
  /** null: the span before is not known. */
  before: number | null;
}

export interface Ranking {
  from: Day;
  to: Day;
  total: Rank;
  /** Most violations first; equal ones by name. */
  providers: Rank[];
  kinds: Rank[];
  /** Violations of each day of both spans; null: not known. */
  byDay: { day: Day; count: number | null }[];
}

/** The span of the same length right before a span. */
export function spanBefore(from: Day, to: Day): { from: Day; to: Day } {
  const days = daysBetween(from, to).length;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}

/**
 * Violations by provider and by kind, compared with as many days before.
 * @param violations of both spans
 * @param known the days that are known; with a day missing the span before is not compared
 */
export function rankingOf(
  violations: readonly Violation[],
  { from, to }: { from: Day; to: Day },
  known: ReadonlySet<Day>,
): Ranking {
  const before = spanBefore(from, to);
  const comparable = daysBetween(before.from, before.to).every((day) => known.has(day));
  const now = violations.filter(({ day }) => day >= from && day <= to);
  const earlier = violations.filter(({ day }) => day >= before.from && day <= before.to);
  const perDay = countBy(violations, ({ day }) => day);
  const ranks = (nameOf: (one: Violation) => string): Rank[] => {
    const [counts, others] = [countBy(now, nameOf), countBy(earlier, nameOf)];
    const collator = new Intl.Collator('zh-CN');
    return [...new Set([...counts.keys(), ...(comparable ? others.keys() : [])])]
      .map((name) => ({
        name,
        now: counts.get(name) ?? 0,
        before: comparable ? (others.get(name) ?? 0) : null,
      }))
      .toSorted((a, b) => b.now - a.now || (b.before ?? 0) - (a.before ?? 0) || collator.compare(a.name, b.name));
  };
  return {
    from,
    to,
    total: { name: '', now: now.length, before: comparable ? earlier.length : null },
    providers: ranks(({ provider }) => provider),
    kinds: ranks(({ kind }) => kind),
    byDay: daysBetween(before.from, to).map((day) => ({
      day,
      count: known.has(day) ? (perDay.get(day) ?? 0) : null,
    })),
  };
}

function countBy(items: readonly Violation[], keyOf: (item: Violation) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
