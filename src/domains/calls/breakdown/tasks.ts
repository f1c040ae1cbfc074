import { pick } from '../../../core/message.ts';
import type { Day } from '../../../core/time.ts';
import type { CallRules } from '../decide.ts';
import { emptyTotals, withAccount } from '../model.ts';
import type { World } from '../say.ts';
import { groupBy, type Part, partsOf, ranked } from './model.ts';
import { facetCounts, taskStats } from './store.ts';

/**
 * The tasks of some days: as the upstream's statistics count them; days of which it has none, from the call records.
 * @param counted days whose statistics count
 * @returns the tasks, the best first, and where their figures are from
 */
export async function tasksOfDays(
  { context: { db }, lang }: World,
  { sample, rules, from, to }: { sample: boolean; rules: CallRules; from: Day; to: Day },
  counted: ReadonlySet<Day>,
): Promise<{ parts: Part[]; source: string }> {
  const stats = (await taskStats(db, { from, to })).filter(({ day }) => counted.has(day));
  const days = [...new Set(stats.map(({ day }) => day))];
  const recorded = partsOf(await facetCounts(db, 'task', { from, to, sample }, days), rules, new Map());
  const parts = new Map(recorded.map((part) => [part.key, part]));
  for (const [key, own] of groupBy(stats, ({ id }) => id)) {
    const base = parts.get(key)?.totals ?? emptyTotals(rules);
    const sum = (of: 'dialled' | 'connected' | 'success') => own.reduce((all, one) => all + one[of], base[of] ?? 0);
    const figures = { dialled: sum('dialled'), connected: sum('connected'), success: sum('success') };
    parts.set(key, { key, name: own[0]?.name || key, totals: withAccount(base, figures) });
  }
  const source =
    days.length === 0
      ? pick(lang, '来源：话单', 'From the call records')
      : recorded.length === 0
        ? pick(lang, '来源：任务统计', 'From the statistics of tasks')
        : pick(
            lang,
            `来源：任务统计 ${days.length} 天，其余按话单`,
            `From the statistics of tasks (days: ${days.length}), else from the call records`,
          );
  return { parts: ranked([...parts.values()]), source };
}
