import type { Context } from '../../core/context.ts';
import type { Domain } from '../../core/domain.ts';
import { readProviders } from '../../core/providers.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import { addDays, type Day, daysBetween, instantOf, today } from '../../core/time.ts';
import { removeSampleOrders } from './levels/store.ts';
import { type ViolationRow, violationId } from './model.ts';
import { fillOrders } from './sample-orders.ts';
import { knownDays, markTold, removeSampleViolations, saveViolations } from './store.ts';

/** Invented violations of the three weeks before today, and work orders; the same day gives the same ones. */
export const sample: NonNullable<Domain['sample']> = {
  fill: (context) => fill(context),
  async remove(context) {
    await removeSampleViolations(context.db);
    await removeSampleOrders(context.db);
  },
};

const DAYS = 21;
const HOUSEKEEPERS = ['李师傅', '张姐', '刘强', '陈晓东', '王芳', '赵立新'];
const KINDS = [
  ['首次联系超时', '派单后 4 小时内未联系客户'],
  ['上门超时', '超过预约时间 30 分钟未上门'],
  ['报价超时', '勘测后 24 小时内未报价'],
  ['回访超时', '完工后 48 小时内未回访'],
] as const;

async function fill(context: Context): Promise<void> {
  const { names } = await readProviders(context.rules, true);
  // The last of the providers never has any: somebody is to be praised.
  const busy = names.slice(0, Math.max(1, names.length - 1));
  await fillOrders(context, { providers: busy, housekeepers: HOUSEKEEPERS });
  const yesterday = addDays(today(context.clock), -1);
  const days = daysBetween(addDays(yesterday, 1 - DAYS), yesterday);
  const known = await knownDays(context.db, days[0] as Day, yesterday, true);
  const fresh = days.filter((day) => !known.has(day));
  if (fresh.length === 0) return;
  const rows = fresh.flatMap((day) => violationsOf(day, busy, context.clock.zone));
  await saveViolations(context, rows, { source: 'sample', sample: true, whole: fresh });
  // Yesterday's are told this morning; who was told of the others is history.
  const old = rows.filter(({ day }) => day < yesterday).map(({ id }) => id);
  await markTold(context.db, old, context.clock.now());
}

function violationsOf(day: Day, providers: readonly string[], zone: string): ViolationRow[] {
  const random = seededRandom(`sla ${day}`);
  const one = <T>(list: readonly T[], skew = 1): T => list[Math.floor(random() ** skew * list.length)] as T;
  return Array.from({ length: 2 + Math.floor(random() * 5) }, (_, index) => {
    const [kind, description] = one(KINDS, 1.6);
    const violation = {
      day,
      orderNum: `GD${day.replaceAll('-', '')}${String(index + 1).padStart(3, '0')}`,
      orderedAt: instantOf(addDays(day, -1), `${String(9 + Math.floor(random() * 9)).padStart(2, '0')}:20:00`, zone),
      city: '示例城',
      provider: one(providers, 1.5),
      housekeeper: one(HOUSEKEEPERS),
      kind,
      description,
      orderStatus: '处理中',
      workType: '防水维修',
      sourceType: '2',
    };
    return { id: violationId(violation), ...violation };
  });
}
