import type { Fen } from '../../core/money.ts';
import type { Decision } from './model.ts';

/** What a person is paid under one campaign and under another. */
export interface Difference {
  /** As `personId` of the decisions. */
  personId: string;
  person: string;
  beforeFen: Fen;
  afterFen: Fen;
}

/** Several differences together: sums, and who gets more or less. */
export interface Total {
  beforeFen: Fen;
  afterFen: Fen;
  winners: number;
  losers: number;
}

/** Compares two campaigns over the same contracts: each person with any award, greatest change first. */
export function compare(before: readonly Decision[], after: readonly Decision[]): Difference[] {
  const people = new Map<string, Difference>();
  const add = (decisions: readonly Decision[], side: 'beforeFen' | 'afterFen') => {
    for (const { personId, person, rewards } of decisions) {
      if (rewards.length === 0) continue;
      const row = people.get(personId) ?? { personId, person, beforeFen: 0, afterFen: 0 };
      people.set(personId, row);
      row[side] += rewards.reduce((sum, reward) => sum + reward.paidFen, 0);
    }
  };
  add(before, 'beforeFen');
  add(after, 'afterFen');
  return greatestFirst([...people.values()]);
}

/** Differences of several months as one row a person. */
export function together(months: readonly (readonly Difference[])[]): Difference[] {
  const people = new Map<string, Difference>();
  for (const { beforeFen, afterFen, ...who } of months.flat()) {
    const row = people.get(who.personId) ?? { ...who, beforeFen: 0, afterFen: 0 };
    people.set(who.personId, row);
    row.beforeFen += beforeFen;
    row.afterFen += afterFen;
  }
  return greatestFirst([...people.values()]);
}

export function totalOf(rows: readonly Difference[]): Total {
  const sum = (side: 'beforeFen' | 'afterFen') => rows.reduce((total, row) => total + row[side], 0);
  return {
    beforeFen: sum('beforeFen'),
    afterFen: sum('afterFen'),
    winners: rows.filter(({ beforeFen, afterFen }) => afterFen > beforeFen).length,
    losers: rows.filter(({ beforeFen, afterFen }) => afterFen < beforeFen).length,
  };
}

/** Contracts that win several awards for one and the same thing: two lucky awards, or two red packets. */
export function paidTwice(decisions: readonly Decision[]): Decision[] {
  return decisions.filter(({ rewards }) =>
    ['幸运数字', '自引单'].some((type) => rewards.filter((reward) => reward.type === type).length > 1),
  );
}

function greatestFirst(rows: Difference[]): Difference[] {
  return rows.toSorted(
    (a, b) =>
      Math.abs(b.afterFen - b.beforeFen) - Math.abs(a.afterFen - a.beforeFen) || a.personId.localeCompare(b.personId),
  );
}
