import type { Context } from '../../core/context.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import { addDays, type Day, instantOf, today } from '../../core/time.ts';
import type { OrderRow } from './levels/order-row.ts';
import { saveOrders } from './levels/store.ts';

/** Invented work orders of yesterday and today, every three hours one, with their states up to now. */

const HOUR_MS = 3_600_000;
const EVERY_HOURS = 3;
const TYPES = ['防水维修', '空调维修', '管道疏通'];

/** How orders go: hours after the opening until each state. All are due after eight hours. */
const COURSES: readonly (readonly [state: string, hours: number][])[] = [
  [
    ['已派单', 0.2],
    ['已联系', 1],
    ['已完成', 5],
  ],
  [
    ['已派单', 0.2],
    ['已联系', 2],
    ['客户要求延后', 3],
    ['已预约', 5],
    ['已完成', 7],
  ],
  [
    ['已派单', 0.2],
    ['已联系', 7],
    ['已完成', 10],
  ],
  [
    ['已派单', 0.5],
    ['已完成', 26],
  ],
];

/** Keeps those of whose states the time has come. */
export async function fillOrders(
  context: Context,
  { providers, housekeepers }: { providers: readonly string[]; housekeepers: readonly string[] },
): Promise<void> {
  const now = context.clock.now();
  const last = today(context.clock);
  const rows = [addDays(last, -1), last].flatMap((day) => ordersOf(day, providers, housekeepers, context.clock.zone));
  await saveOrders(
    context,
    rows.filter(({ stateAt }) => stateAt !== null && stateAt <= now),
    { sample: true },
  );
}

function ordersOf(day: Day, providers: readonly string[], housekeepers: readonly string[], zone: string): OrderRow[] {
  const random = seededRandom(`orders ${day}`);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: 24 / EVERY_HOURS }, (_, n) => {
    const hour = String(n * EVERY_HOURS).padStart(2, '0');
    const openedAt = instantOf(day, `${hour}:10:00`, zone);
    const order = {
      id: `GD${day.replaceAll('-', '')}${hour}9`,
      openedAt,
      type: one(TYPES),
      priority: null,
      city: '示例城',
      provider: one(providers),
      source: null,
      housekeeper: one(housekeepers),
      housekeeperId: null,
      dueAt: new Date(openedAt.getTime() + 8 * HOUR_MS),
    };
    return one(COURSES).map(
      ([state, hours]): OrderRow => ({ ...order, state, stateAt: new Date(openedAt.getTime() + hours * HOUR_MS) }),
    );
  }).flat();
}
