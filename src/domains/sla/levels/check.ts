import { groupBy } from '../../../core/group.ts';
import { applies, type Evaluation, evaluate, type StateChange } from './level.ts';
import { newestOf, type OrderRow } from './order-row.ts';
import type { ComputedLevel } from './rules.ts';

/** How an order of a file stands with a level. */
export interface Checked {
  order: OrderRow;
  level: ComputedLevel;
  evaluation: Evaluation;
}

/**
 * Judges the orders of a file by levels, without a database.
 * @param rows one an order, or one a change of state; without a time for its state a row tells the state of the opening
 * @param now how things stand then
 */
export function checkOrders(rows: readonly OrderRow[], levels: readonly ComputedLevel[], now: Date): Checked[] {
  return [...groupBy(rows, ({ id }) => id).values()].flatMap((own) => {
    const order = newestOf(own);
    const changes = own
      .map(({ stateAt, openedAt, state }): StateChange => ({ at: stateAt ?? openedAt, state }))
      .toSorted((a, b) => a.at.getTime() - b.at.getTime());
    return levels
      .filter((level) => applies(level, order))
      .map((level) => ({ order, level, evaluation: evaluate(level, order, changes, level.calendar, now) }));
  });
}

/** A difference between what a file says of an order and what the levels say. */
export interface Difference {
  order: string;
  theirs: 'met' | 'missed';
  ours: 'met' | 'missed';
  /** By the level that was missed, else by the first. */
  by: Checked;
}

/**
 * Holds the verdict of a file's own column against the levels: an order is missed where one of its levels is.
 * @param verdicts by order: whether the file says that it was met; orders without one are left out
 */
export function compareVerdicts(
  checked: readonly Checked[],
  verdicts: ReadonlyMap<string, boolean>,
): { compared: number; differences: Difference[] } {
  const differences: Difference[] = [];
  let compared = 0;
  for (const [order, own] of groupBy(checked, (one) => one.order.id)) {
    const met = verdicts.get(order);
    if (met === undefined) continue;
    compared++;
    const missed = own.find(({ evaluation }) => evaluation.outcome === 'breached');
    const by = missed ?? own[0];
    if (by && met === (missed !== undefined)) {
      differences.push({ order, theirs: met ? 'met' : 'missed', ours: missed ? 'missed' : 'met', by });
    }
  }
  return { compared, differences };
}
