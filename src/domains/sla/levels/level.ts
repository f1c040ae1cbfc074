import type { Calendar } from './calendar.ts';

const MINUTE = 60_000;

/** A service level as evaluating needs it. */
export interface Level {
  name: string;
  /** Which orders: each named property has one of the values. */
  orders: Readonly<Partial<Record<OrderProperty, readonly string[]>>>;
  /** Orders that were opened earlier are not judged; absent: all are. */
  since?: Date | undefined;
  /** The states whose coming starts the clock; `opened`: the order's opening does. */
  start: 'opened' | readonly string[];
  stop: readonly string[];
  pause: readonly string[];
  /** Minutes of the calendar; `due`: the order's own due date. */
  target: number | 'due';
  /** Minutes before the end of the target, soonest first. */
  warn: readonly number[];
}

export const ORDER_PROPERTIES = ['type', 'priority', 'city', 'provider', 'source'] as const;
export type OrderProperty = (typeof ORDER_PROPERTIES)[number];

export interface Order extends Readonly<Record<OrderProperty, string | null>> {
  id: string;
  openedAt: Date;
  dueAt: Date | null;
}

export interface StateChange {
  at: Date;
  state: string;
}

/**
 * How an order stands with a level.
 * - `waiting`: its clock has not started.
 * - `running`, `paused`: within the target.
 * - `met`: stopped in time. `breached`: the target passed, whether or not it was stopped since.
 */
export type Outcome = 'waiting' | 'running' | 'paused' | 'met' | 'breached';

export interface Evaluation {
  outcome: Outcome;
  startedAt: Date | null;
  /** When it was stopped for good; null: it is still open. */
  stoppedAt: Date | null;
  /** Milliseconds that have counted so far. */
  spentMs: number;
  /** When the target passes as things stand, or passed; null while waiting or paused, or without a due date. */
  dueAt: Date | null;
  /** The warning that is due: minutes before the end; null: none yet. */
  warning: number | null;
}

/** Whether a level is for an order. */
export function applies(level: Pick<Level, 'orders' | 'since'>, order: Order): boolean {
  if (level.since && order.openedAt < level.since) return false;
  for (const property of ORDER_PROPERTIES) {
    const wanted = level.orders[property];
    if (wanted && !wanted.includes(order[property] ?? '')) return false;
  }
  return true;
}

/**
 * How an order stands at an instant. Time counts from the start on while the order is in no state that pauses or stops;
 * one that leaves a stopping state again (reopened) goes on counting.
 * @param changes in order of time; those after `now` are left out
 */
export function evaluate(
  level: Level,
  order: Order,
  changes: readonly StateChange[],
  calendar: Calendar,
  now: Date,
): Evaluation {
  const targetMs = level.target === 'due' ? Number.POSITIVE_INFINITY : level.target * MINUTE;
  let startedAt: Date | null = level.start === 'opened' && order.openedAt <= now ? order.openedAt : null;
  let runningSince = startedAt;
  let stoppedAt: Date | null = null;
  let paused = false;
  let spentMs = 0;
  let breachedAt: Date | null = null;

  function count(to: Date): void {
    if (!runningSince) return;
    const more = calendar.between(runningSince, to);
    if (!breachedAt && spentMs + more > targetMs) breachedAt = calendar.after(runningSince, targetMs - spentMs);
    spentMs += more;
    runningSince = null;
  }

  for (const { at, state } of changes) {
    if (at > now) break;
    if (!startedAt) {
      // Ended before its clock began, e.g. cancelled: there is nothing to wait for.
      stoppedAt = level.stop.includes(state) ? at : null;
      if (level.start === 'opened' || !level.start.includes(state)) continue;
      startedAt = at;
    }
    // What was written before the order was opened counts from its opening.
    const from = at < startedAt ? startedAt : at;
    count(from);
    const stops = level.stop.includes(state);
    paused = level.pause.includes(state);
    stoppedAt = stops ? (stoppedAt ?? from) : null;
    runningSince = stops || paused ? null : from;
  }
  const since = runningSince as Date | null;
  const before = spentMs;
  count(now);
  const dueAt = level.target === 'due' ? order.dueAt : since ? calendar.after(since, targetMs - before) : null;
  const end = stoppedAt ?? now;
  if (level.target === 'due' && order.dueAt && startedAt && end > order.dueAt) breachedAt = order.dueAt;
  const known = { startedAt, stoppedAt, spentMs, warning: null };
  if (!startedAt) return { ...known, outcome: 'waiting', dueAt: null };
  if (breachedAt) return { ...known, outcome: 'breached', dueAt: breachedAt };
  if (stoppedAt) return { ...known, outcome: 'met', dueAt };
  if (paused) return { ...known, outcome: 'paused', dueAt: level.target === 'due' ? dueAt : null };
  const warning = dueAt && (level.warn.find((minutes) => dueAt.getTime() - minutes * MINUTE <= now.getTime()) ?? null);
  return { ...known, outcome: 'running', dueAt, warning };
}
