import { openCalendar } from './calendar.ts';
import { evaluate, type Level, type Order } from './level.ts';

/** Milliseconds in which open orders are evaluated once, each with a few changes of state, by working hours. */
export function benchEvaluate(orders = 10_000): { ms: number; running: number } {
  const hours = [
    { from: '09:00', to: '12:00' },
    { from: '13:00', to: '18:00' },
  ];
  const calendar = openCalendar({ days: 'workdays', hours }, 'Asia/Shanghai');
  const level: Level = {
    name: 'completion',
    orders: {},
    start: 'opened',
    stop: ['done'],
    pause: ['waiting'],
    target: 60 * 8 * 30,
    warn: [30, 120],
  };
  const now = new Date('2025-10-17T10:00:00+08:00');
  const all = Array.from({ length: orders }, (_, n) => {
    const openedAt = new Date(now.getTime() - (n % 60) * 86_400_000 - n * 1_000);
    const later = (share: number) => new Date(openedAt.getTime() + share * (now.getTime() - openedAt.getTime()));
    const order: Order = {
      id: `GD${n}`,
      openedAt,
      dueAt: null,
      type: null,
      priority: null,
      city: null,
      provider: null,
      source: null,
    };
    const changes = [
      { at: openedAt, state: 'new' },
      { at: later(0.2), state: 'active' },
      { at: later(0.5), state: 'waiting' },
      { at: later(0.6), state: 'active' },
    ];
    return { order, changes };
  });
  const begin = performance.now();
  let running = 0;
  for (const { order, changes } of all) {
    if (evaluate(level, order, changes, calendar, now).outcome === 'running') running++;
  }
  return { ms: Math.round(performance.now() - begin), running };
}
