import type { Context } from '../../core/context.ts';
import type { OutboxStats } from '../../core/outbox.ts';
import { addDays, type Day, daysBetween, today } from '../../core/time.ts';
import { postRanking } from './broadcast.ts';
import { watchLevels } from './levels/watch.ts';
import { type ViolationRow, violationId } from './model.ts';
import { tellViolations, tellWeek } from './notify.ts';
import { saveViolations } from './store.ts';

/** How the violations of a morning spread: the provider of a violation, some with many and many with few. */
function providerOf(n: number, providers: number): string {
  // Steps of the golden section fall everywhere alike, and are the same each time.
  const share = (n * 0.618_033_988_75) % 1;
  return `服务商${Math.floor(share ** 1.5 * providers)}`;
}

function violationsOf(day: Day, violations: number, providers: number): ViolationRow[] {
  return Array.from({ length: violations }, (_, n): ViolationRow => {
    const violation = {
      day,
      orderNum: `GD${day.replaceAll('-', '')}${String(n).padStart(4, '0')}`,
      orderedAt: null,
      city: null,
      provider: providerOf(n, providers),
      housekeeper: '李师傅',
      kind: '首次联系超时',
      description: '派单后 4 小时内未联系客户',
      orderStatus: null,
      workType: null,
      sourceType: null,
    };
    return { id: violationId(violation), ...violation };
  });
}

/**
 * Plans a Monday morning: yesterday's violations saved and told one by one, the reports of the week and the ranking.
 * Milliseconds; and how many letters wait then.
 */
export async function planMorning(
  context: Context,
  { providers, violations }: { providers: number; violations: number },
): Promise<Record<string, number>> {
  const yesterday = addDays(today(context.clock), -1);
  const before = daysBetween(addDays(yesterday, -6), addDays(yesterday, -1));
  for (const day of before) {
    const rows = violationsOf(day, Math.ceil(violations / 10), providers);
    await saveViolations(context, rows, { source: 'bench', whole: [day] });
  }
  await context.db.violation.updateMany({ data: { toldAt: context.clock.now() } });
  const began = performance.now();
  const rows = violationsOf(yesterday, violations, providers);
  await saveViolations(context, rows, { source: 'bench', whole: [yesterday] });
  const savedMs = performance.now() - began;
  const { said: notices } = await tellViolations(context);
  const toldMs = performance.now() - began - savedMs;
  const { said: reports = 0 } = await tellWeek(context);
  const { said: rankings = 0 } = await postRanking(context);
  const ms = { savedMs, toldMs, planMs: performance.now() - began };
  return {
    ...{ providers, violations, notices, reports, rankings },
    ...Object.fromEntries(Object.entries(ms).map(([name, took]) => [name, Math.round(took)])),
  };
}

/**
 * Delivers what waits with a clock that is turned, and holds the end that was foreseen against the real one.
 * @returns minutes, and how far off the forecast was: 0.1 is 10 % of what it took
 */
export async function deliverForeseen(
  dispatcher: { drain(): Promise<void>; forecast(): Promise<OutboxStats> },
  clock: { now(): Date; advance(ms: number): void },
  stepMs: number,
): Promise<{ letters: number; etaMinutes: number; tookMinutes: number; off: number }> {
  const began = clock.now().getTime();
  const { queued, eta } = await dispatcher.forecast();
  if (!eta) throw new Error('nothing waits: there is nothing to foresee');
  for (;;) {
    await dispatcher.drain();
    const now = await dispatcher.forecast();
    if (now.queued + now.sending === 0) break;
    if (clock.now().getTime() > began + 3 * (eta.getTime() - began) + 600_000) throw new Error('it does not end');
    clock.advance(stepMs);
  }
  const took = clock.now().getTime() - began;
  const foreseen = eta.getTime() - began;
  const minutes = (ms: number) => Math.round(ms / 6_000) / 10;
  return {
    letters: queued,
    etaMinutes: minutes(foreseen),
    tookMinutes: minutes(took),
    off: Math.round((Math.abs(took - foreseen) / Math.max(took, 1)) * 1_000) / 1_000,
  };
}

/** Milliseconds in which the watch goes over open orders: the first time with all that it keeps, and again. */
export async function benchWatch(context: Context, providers = 200, orders = 10_000): Promise<Record<string, number>> {
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
  const began = performance.now();
  await watchLevels(context);
  const firstMs = Math.round(performance.now() - began);
  const { read = 0 } = await watchLevels(context);
  return { read, firstMs, againMs: Math.round(performance.now() - began) - firstMs };
}
