import { type Day, weekday } from '../../../core/time.ts';
import type { CallRules } from '../decide.ts';
import { type CallCount, type CallTotals, totalsOf } from '../model.ts';
import type { PartCount } from './store.ts';

/** Values by what they have in common, in the order of their first. */
export function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

/** A seat, a task or a line, with its figures. */
export interface Part {
  key: string;
  name: string;
  totals: CallTotals;
}

/** The parts that these calls name. */
export function partsOf(counts: readonly PartCount[], rules: CallRules, names: ReadonlyMap<string, string>): Part[] {
  const byKey = groupBy(
    counts.filter(({ key }) => key !== null),
    ({ key }) => key as string,
  );
  const parts = [...byKey].map(([key, own]) => {
    const name = own.find((one) => one.name)?.name ?? names.get(key) ?? key;
    return { key, name, totals: totalsOf(own, rules) };
  });
  return ranked(parts);
}

/** Parts that dialled, by their orders, then by connected and dialled calls, the most first. */
export function ranked(parts: readonly Part[]): Part[] {
  return parts
    .filter(({ totals }) => totals.dialled > 0)
    .sort(
      (a, b) =>
        (b.totals.success ?? 0) - (a.totals.success ?? 0) ||
        b.totals.connected - a.totals.connected ||
        b.totals.dialled - a.totals.dialled ||
        (a.key < b.key ? -1 : 1),
    );
}

/** Calls by hour of the day, and by weekday (1 = Monday) and hour. */
export function hoursOf(counts: readonly (CallCount & { day: Day; hour: number })[]) {
  const nothing = () => ({ dialled: 0, connected: 0 });
  const byHour = Array.from({ length: 24 }, nothing);
  const byWeekday = Array.from({ length: 7 }, () => Array.from({ length: 24 }, nothing));
  for (const { day, hour, dialled, connected } of counts) {
    for (const cell of [byHour[hour], byWeekday[weekday(day) - 1]?.[hour]]) {
      if (!cell) continue;
      cell.dialled += dialled;
      cell.connected += connected;
    }
  }
  return { byHour, byWeekday };
}

/** Labels with their records, the most first; '' is not labelled. */
export function labelsOf(counts: readonly CallCount[]): { grade: string; records: number }[] {
  const byGrade = new Map<string, number>();
  for (const { grade, records } of counts) if (grade !== null) byGrade.set(grade, (byGrade.get(grade) ?? 0) + records);
  return [...byGrade].map(([grade, records]) => ({ grade, records })).sort((a, b) => b.records - a.records);
}
