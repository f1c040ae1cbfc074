import type { Fen } from '../../core/money.ts';
import type { TierStep } from './campaign.ts';
import type { Next } from './model.ts';

const NONE: readonly TierStep[] = [];

/**
 * Which tiers a sum newly reaches, and what is missing to the next. A sum exactly on a threshold reaches it. Reaching a
 * tier wins every lower one that was not won before; the highest comes first, the others follow ascending. A tier that
 * was won stays won, also where the sum falls again.
 * @param steps ascending
 * @param won names won before
 * @param sumFen the measured sum, this contract included
 */
export function climb(
  steps: readonly TierStep[],
  won: ReadonlySet<string>,
  sumFen: Fen,
): { reached: readonly TierStep[]; next: Next } {
  let ascending = NONE;
  for (const step of steps) if (sumFen >= step.atFen && !won.has(step.name)) ascending = [...ascending, step];
  const highest = ascending.at(-1);
  const next = highest ? steps[steps.indexOf(highest) + 1] : nextAfter(steps, won, sumFen);
  return {
    reached: highest ? [highest, ...ascending.slice(0, -1)] : NONE,
    next: next ? { tier: next.name, gapFen: next.atFen - sumFen } : null,
  };
}

/** Where nothing was newly reached: the lowest tier to one who has none, else the one above the highest that was won. */
function nextAfter(steps: readonly TierStep[], won: ReadonlySet<string>, sumFen: Fen): TierStep | undefined {
  let next = won.size === 0 ? steps[0] : undefined;
  let below: TierStep | undefined;
  for (const step of steps) {
    if (below && won.has(below.name) && !won.has(step.name) && sumFen < step.atFen) next = step;
    below = step;
  }
  return next;
}
