import type { AlertDraft } from '../../../core/alert.ts';
import type { Context } from '../../../core/context.ts';
import { type Providers, readProviders } from '../../../core/providers.ts';
import { addDays, dayOf, localMinute, today } from '../../../core/time.ts';
import { breachNotice, correction, doneLate, warningNotice } from '../letters.ts';
import { type ViolationRow, violationId } from '../model.ts';
import { readSlaRules } from '../rules.ts';
import { destination, stepsFor } from '../steps.ts';
import { markTold, recordComputed, withdrawViolations } from '../store.ts';
import { applies, type Evaluation, evaluate } from './level.ts';
import { type ComputedLevel, openLevels } from './rules.ts';
import {
  closeOrders,
  hasOrders,
  type LevelState,
  levelStates,
  openOrders,
  saveLevelStates,
  type WorkOrder,
} from './store.ts';

/** A breach that is seen later than this is kept and counted, and nobody is woken for it. */
const NEWS_MS = 86_400_000;

interface Seen {
  order: WorkOrder;
  level: ComputedLevel;
  now: Evaluation;
  before: LevelState | undefined;
}

/**
 * Evaluates the computed levels of all open orders: warns before the target passes, opens an alert when it has, closes
 * alerts that are over, and keeps breaches as violations of their day. All in one transaction: done again it changes
 * nothing.
 */
export async function watchLevels(context: Context): Promise<Record<string, number>> {
  const { db, clock } = context;
  const rules = await readSlaRules(context.rules);
  const levels = openLevels(rules, clock.zone);
  const counts = { read: 0, new: 0, said: 0, skipped: 0, warned: 0, breached: 0, over: 0 };
  if (levels.length === 0) return counts;
  const [real, sample] = [await readProviders(context.rules), await readProviders(context.rules, true)];
  const now = clock.now();
  await db.$transaction(async (tx) => {
    const orders = await openOrders(tx);
    const states = await levelStates(tx);
    counts.read = orders.length;
    const alerts: AlertDraft[] = [];
    const rows: LevelState[] = [];
    const over: string[] = [];
    const wrong: string[] = [];
    const breaches: { violation: ViolationRow; sample: boolean }[] = [];
    for (const { order, changes } of orders) {
      const seen = levels
        .filter((level) => applies(level, order))
        .map(
          (level): Seen => ({
            ...{ order, level, now: evaluate(level, order, changes, level.calendar, now) },
            before: states.get(`${level.name}/${order.id}`),
          }),
        );
      for (const one of seen) {
        const providers = order.sample ? sample : real;
        const fresh = one.now.outcome === 'breached' && one.before?.outcome !== 'breached';
        const warning = warningOf(one, providers, context);
        if (warning && warning.key !== one.before?.warnedAs) alerts.push(warning);
        const row = rowOf(one, warning?.key);
        await closeWhatIsOver(one, row, context, tx);
        if (one.before?.outcome === 'breached' && one.now.outcome !== 'breached')
          wrong.push(violationOf(one, one.before.dueAt, clock.zone).id);
        if (fresh) {
          counts.breached++;
          if (one.level.violation)
            breaches.push({ violation: violationOf(one, one.now.dueAt, clock.zone), sample: order.sample });
          if (isNews(one.now, now)) alerts.push(breachAlert(one, providers, context));
          else counts.skipped++;
        }
        if (!same(one.before, row)) rows.push(row);
      }
      if (seen.every((one) => one.now.stoppedAt !== null)) over.push(order.id);
    }
    counts.warned = alerts.filter(({ kind }) => kind === 'sla.warning').length;
    counts.new = rows.length;
    counts.over = over.length;
    counts.said = await context.alerts.open(alerts, tx);
    await saveLevelStates(tx, rows);
    await closeOrders(tx, over);
    await withdrawViolations(tx, wrong, now);
    await keepViolations(breaches, context, tx);
  });
  return counts;
}

function isNews({ dueAt, stoppedAt }: Evaluation, now: Date): boolean {
  return stoppedAt === null && dueAt !== null && now.getTime() - dueAt.getTime() <= NEWS_MS;
}

const keyOf = ({ order, level }: Seen, what: string) => `sla/level/${level.name}/${order.id}/${what}`;

/** A warning is of one end: when a pause moves the end, there may be another. */
function warningOf(one: Seen, providers: Providers, context: Context): AlertDraft | undefined {
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

function breachAlert(one: Seen, providers: Providers, context: Context): AlertDraft {
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

function rowOf({ order, level, now, before }: Seen, warnedAs: string | undefined): LevelState {
  const { outcome, startedAt, stoppedAt, dueAt } = now;
  const kept = outcome === 'running' ? (before?.warnedAs ?? null) : null;
  return { orderId: order.id, level: level.name, outcome, startedAt, stoppedAt, dueAt, warnedAs: warnedAs ?? kept };
}

/** A warning is over when the order is stopped, paused or late, a breach when the order is stopped. */
async function closeWhatIsOver(
  one: Seen,
  row: LevelState,
  context: Context,
  tx: Parameters<Context['alerts']['close']>[2],
): Promise<void> {
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

function same(before: LevelState | undefined, row: LevelState): boolean {
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

function violationOf({ order, level }: Seen, dueAt: Date | null, zone: string): ViolationRow {
  const due = dueAt ?? order.openedAt;
  const violation = {
    day: dayOf(due, zone),
    orderNum: order.id,
    orderedAt: order.openedAt,
    city: order.city,
    provider: order.provider ?? '未分配',
    housekeeper: order.housekeeper,
    kind: `${level.title.zh}超时`,
    description: `应于 ${localMinute(due, zone)} 前完成`,
    orderStatus: order.state,
    workType: order.type,
    sourceType: order.source,
  };
  return { id: violationId(violation), ...violation };
}

async function keepViolations(
  breaches: readonly { violation: ViolationRow; sample: boolean }[],
  context: Context,
  tx: Parameters<typeof markTold>[0],
): Promise<void> {
  const yesterday = addDays(today(context.clock), -1);
  // Where violations come from Metabase as well, its answer alone says that a day is known; without orders nothing does.
  const known = context.sources.metabase || !(await hasOrders(tx)) ? [] : [yesterday];
  for (const sample of [false, true]) {
    const own = breaches.filter((one) => one.sample === sample).map(({ violation }) => violation);
    if (own.length > 0 || (!sample && known.length > 0)) {
      await recordComputed(tx, own, { sample, known: sample ? [] : known, now: context.clock.now() });
    }
    // The alert of the breach is its notice.
    await markTold(
      tx,
      own.map(({ id }) => id),
      context.clock.now(),
    );
  }
}
