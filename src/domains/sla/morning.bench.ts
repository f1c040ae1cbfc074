import type { Context } from '../../core/context.ts';
import { addDays, today } from '../../core/time.ts';
import { watchLevels } from './levels/watch.ts';
import { type ViolationRow, violationId } from './model.ts';
import { tellViolations } from './notify.ts';
import { saveViolations } from './store.ts';

/** Milliseconds of a morning: violations of many providers saved, all their notices in the outbox; then the watch. */
export async function benchMorning(
  context: Context,
  providers = 200,
  violations = 2_000,
  orders = 10_000,
): Promise<Record<string, number>> {
  const day = addDays(today(context.clock), -1);
  const rows = Array.from({ length: violations }, (_, n): ViolationRow => {
    const violation = {
      day,
      orderNum: `GD${n}`,
      orderedAt: null,
      city: null,
      provider: `服务商${n % providers}`,
      housekeeper: '李师傅',
      kind: '首次联系超时',
      description: null,
      orderStatus: null,
      workType: null,
      sourceType: null,
    };
    return { id: violationId(violation), ...violation };
  });
  let begin = performance.now();
  const took = () => {
    const ms = Math.round(performance.now() - begin);
    begin = performance.now();
    return ms;
  };
  await saveViolations(context, rows, { source: 'bench', whole: [day] });
  const savedMs = took();
  const { said } = await tellViolations(context);
  const toldMs = took();
  const now = context.clock.now();
  const opened = (n: number) => new Date(now.getTime() - (n % 20) * 60_000);
  await context.db.workOrder.createMany({
    data: Array.from({ length: orders }, (_, n) => ({
      id: `WO${n}`,
      openedAt: opened(n),
      state: '待联系',
      provider: `服务商${n % providers}`,
      changedAt: now,
    })),
  });
  await context.db.orderState.createMany({
    data: Array.from({ length: orders }, (_, n) => ({ orderId: `WO${n}`, at: opened(n), state: '待联系' })),
  });
  took();
  await watchLevels(context);
  const firstWatchMs = took();
  const { read = 0 } = await watchLevels(context);
  return {
    violations,
    providers,
    said,
    savedMs,
    toldMs,
    planMs: savedMs + toldMs,
    read,
    firstWatchMs,
    watchMs: took(),
  };
}
