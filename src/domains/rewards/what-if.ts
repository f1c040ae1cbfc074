import type { Fen } from '../../core/money.ts';
import type { Decision } from './model.ts';

/** What a person is paid under one campaign and under another; without a person: all together. */
export interface Difference {
  person: string | null;
  beforeFen: Fen;
  afterFen: Fen;
}

/** Compares two campaigns over the same contracts: each person with any award, greatest change first, then the total. */
export function compare(before: readonly Decision[], after: readonly Decision[]): Difference[] {
  const people = new Map<string, Difference>();
  const add = (decisions: readonly Decision[], side: 'beforeFen' | 'afterFen') => {
    for (const { person, rewards } of decisions) {
      if (rewards.length === 0) continue;
      const row = people.get(person) ?? { person, beforeFen: 0, afterFen: 0 };
      people.set(person, row);
      row[side] += rewards.reduce((sum, reward) => sum + reward.paidFen, 0);
    }
  };
  add(before, 'beforeFen');
  add(after, 'afterFen');
  const rows = [...people.values()].toSorted(
    (a, b) => Math.abs(b.afterFen - b.beforeFen) - Math.abs(a.afterFen - a.beforeFen),
  );
  const total = (side: 'beforeFen' | 'afterFen') => rows.reduce((sum, row) => sum + row[side], 0);
  return [...rows, { person: null, beforeFen: total('beforeFen'), afterFen: total('afterFen') }];
}
