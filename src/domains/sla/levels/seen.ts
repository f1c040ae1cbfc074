import type { AlertDraft } from '../../../core/alert.ts';
import type { Context } from '../../../core/context.ts';
import type { Providers } from '../../../core/providers.ts';
import { dayOf, localMinute } from '../../../core/time.ts';
import type { Db } from '../../../store/db.ts';
import { kindOfBreach, levelKey } from '../alert-keys.ts';
import { breachNotice, correction, doneLate, warningNotice } from '../letters.ts';
import { type ViolationRow, violationId } from '../model.ts';
import { destination, stepsFor } from '../steps.ts';
import type { Evaluation } from './level.ts';
import type { ComputedLevel } from './rules.ts';
import type { LevelState, WorkOrder } from './store.ts';

/** A breach that is seen later than this is kept and counted, and nobody is woken for it. */
const NEWS_MS = 86_400_000;

/** How an order stands with a level, and how it stood. */
export interface Seen {
  order: WorkOrder;
  level: ComputedLevel;
  now: Evaluation;
  before: LevelState | undefined;
}

export function isNews({ dueAt, stoppedAt }: Evaluation, now: Date): boolean {
  return stoppedAt === null && dueAt !== null && now.getTime() - dueAt.getTime() <= NEWS_MS;
}

const keyOf = ({ order, level }: Seen, what: string) => levelKey(level.name, order.id, what);

/** A warning is of one end: when a pause moves the end, there may be another. */
export function warningOf(one: Seen, providers: Providers, context: Context): AlertDraft | undefined {
  const { order, level, now } = one;
  if (now.outcome !== 'running' || now.warning === null || !now.dueAt) return undefined;
  const rule = level.warnings.find(({ before }) => before === now.warning);
  return {
    key: keyOf(one, `warning/${now.warning}/${now.dueAt.toISOString()}`),
    kind: 'sla.warning',
    subject: `order:${order.id}`,
    message: warningNotice(order, level, now.dueAt, context),
    steps: [
      {
        after: 0,
        to: [...new Set(rule?.tell.map((told) => destination(told, order, providers)) ?? [])],
        expires: now.dueAt,
      },
    ],
    sample: order.sample,
  };
}

export function breachAlert(one: Seen, providers: Providers, context: Context): AlertDraft {
  const { order, level, now } = one;
  return {
    key: keyOf(one, 'breach'),
    kind: 'sla.breach',
    subject: `order:${order.id}`,
    message: breachNotice(order, level, now.dueAt as Date, context),
    steps: stepsFor(level.breach, { ...order, orderNum: order.id }, providers),
    sample: order.sample,
  };
}

export function rowOf({ order, level, now, before }: Seen, warnedAs: string | undefined): LevelState {
  const { outcome, startedAt, stoppedAt, dueAt } = now;
  const kept = outcome === 'running' ? (before?.warnedAs ?? null) : null;
  return { orderId: order.id, level: level.name, outcome, startedAt, stoppedAt, dueAt, warnedAs: warnedAs ?? kept };
}

/** A warning is over when the order is stopped, paused or late, a breach when the order is stopped. */
export async function closeWhatIsOver(one: Seen, row: LevelState, context: Context, tx: Db): Promise<void> {
  const { alerts } = context;
  const { before, order, level, now } = one;
  if (before?.warnedAs && before.warnedAs !== row.warnedAs) await alerts.close(before.warnedAs, undefined, tx);
  if (before?.outcome !== 'breached') return;
  if (now.outcome !== 'breached') {
    await alerts.close(keyOf(one, 'breach'), correction(order, level, context), tx);
  } else if (before.stoppedAt === null && now.stoppedAt !== null) {
    await alerts.close(keyOf(one, 'breach'), doneLate(order, level, now.stoppedAt, context), tx);
  }
}

export function same(before: LevelState | undefined, row: LevelState): boolean {
  if (!before) return false;
  const at = (date: Date | null) => date?.getTime() ?? null;
  return (
    before.outcome === row.outcome &&
    before.warnedAs === row.warnedAs &&
    at(before.dueAt) === at(row.dueAt) &&
    at(before.startedAt) === at(row.startedAt) &&
    at(before.stoppedAt) === at(row.stoppedAt)
  );
}

export function violationOf({ order, level }: Seen, dueAt: Date | null, zone: string): ViolationRow {
  const due = dueAt ?? order.openedAt;
  const violation = {
    day: dayOf(due, zone),
    orderNum: order.id,
    orderedAt: order.openedAt,
    city: order.city,
    provider: order.provider ?? '未分配',
    housekeeper: order.housekeeper,
    kind: kindOfBreach(level.title),
    description: `应于 ${localMinute(due, zone)} 前完成`,
    orderStatus: order.state,
    workType: order.type,
    sourceType: order.source,
  };
  return { id: violationId(violation), ...violation };
}
