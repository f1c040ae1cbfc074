import type { Context } from '../../core/context.ts';
import type { Domain } from '../../core/domain.ts';
import { readProviders } from '../../core/providers.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import { addDays, type Day, daysBetween, instantOf, today } from '../../core/time.ts';
import type { PendingRow } from './model.ts';
import { removeSamplePending, savePending } from './store.ts';

/** Invented orders that wait: a few of each of the last eight days. The same day gives the same ones. */
export const sample: NonNullable<Domain['sample']> = {
  fill: (context) => fill(context),
  remove: (context) => removeSamplePending(context.db),
};

const DAYS = 8;
const PEOPLE = ['李师傅', '张姐', '刘强', '陈晓东', '王芳', '赵立新'];
const STATUSES = ['待预约', '待预约', '暂不上门', '待联系'];

async function fill(context: Context): Promise<void> {
  const { names } = await readProviders(context.rules, true);
  const now = context.clock.now();
  const last = today(context.clock);
  const rows = daysBetween(addDays(last, 1 - DAYS), last)
    .flatMap((day) => waitingOf(day, names, context.clock.zone))
    .filter(({ createdAt }) => createdAt <= now);
  await savePending(context, rows, { source: 'sample', sample: true, whole: true });
}

function waitingOf(day: Day, providers: readonly string[], zone: string): PendingRow[] {
  const random = seededRandom(`pending ${day}`);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => {
    const orderNum = `GD${day.replaceAll('-', '')}${String(500 + index)}`;
    const status = one(STATUSES);
    return {
      id: `${orderNum}::${status}`,
      orderNum,
      customer: `${one(['赵', '钱', '孙', '周', '吴', '郑'])}${one(['先生', '女士'])}`,
      address: `示例路 ${1 + Math.floor(random() * 300)} 号`,
      person: one(PEOPLE),
      provider: one(providers),
      status,
      createdAt: instantOf(day, `${String(9 + Math.floor(random() * 9)).padStart(2, '0')}:10:00`, zone),
    };
  });
}
