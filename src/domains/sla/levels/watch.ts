import type { AlertDraft } from '../../../core/alert.ts';
import type { Context } from '../../../core/context.ts';
import { type Providers, readProviders } from '../../../core/providers.ts';
import { addDays, type Day, dayOf, startOf, today } from '../../../core/time.ts';
import type { Db } from '../../../store/db.ts';
import { readSetting, writeSetting } from '../../../store/settings.ts';
import type { ViolationRow } from '../model.ts';
import { readSlaRules } from '../rules.ts';
import { markTold, recordComputed, withdrawViolations } from '../store.ts';
import { applies, evaluate } from './level.ts';
import { type ComputedLevel, openLevels } from './rules.ts';
import { breachAlert, closeWhatIsOver, isNews, rowOf, type Seen, same, violationOf, warningOf } from './seen.ts';
import {
  closeOrders,
  keptSince,
  type LevelState,
  type OpenOrder,
  openOrders,
  reopenOrders,
  saveLevelStates,
} from './store.ts';

/** Orders of one transaction: others that write get their turn in between. */
const BATCH = 10_000;
/** The setting that names the levels that all orders were judged by. */
const JUDGED = 'sla.levels';

type Counts = Record<'read' | 'new' | 'said' | 'skipped' | 'warned' | 'breached' | 'over', number>;

/**
 * Evaluates the computed levels of all open orders: warns before the target passes, opens an alert when it has, closes
 * alerts that are over, and keeps breaches as violations of their day. By a level that is new the orders that are over are
 * judged too. What belongs to an order is written in one transaction: done again it changes nothing.
 */
export async function watchLevels(context: Context): Promise<Counts> {
  const { db, clock } = context;
  const levels = openLevels(await readSlaRules(context.rules), clock.zone);
  const counts: Counts = { read: 0, new: 0, said: 0, skipped: 0, warned: 0, breached: 0, over: 0 };
  if (levels.length === 0) return counts;
  const houses = { real: await readProviders(context.rules), sample: await readProviders(context.rules, true) };
  await judgeAgain(context, levels);
  for (let after = ''; ; ) {
    const last = await db.$transaction(async (tx) => {
      const orders = await openOrders(tx, after, BATCH);
      if (orders.length > 0) await watchSome(context, orders, levels, houses, counts, tx);
      return orders.length < BATCH ? null : orders.at(-1)?.order.id;
    });
    context.signal.throwIfAborted();
    if (!last) break;
    after = last;
  }
  await keepYesterday(context);
  return counts;
}

/** A level that was not there before is for the orders of the past as well. */
async function judgeAgain({ db }: Context, levels: readonly ComputedLevel[]): Promise<void> {
  await db.$transaction(async (tx) => {
    const judged = JSON.parse((await readSetting(tx, JUDGED)) ?? '[]') as string[];
    const names = levels.map(({ name }) => name);
    if (names.every((name) => judged.includes(name)) && judged.length === names.length) return;
    if (names.some((name) => !judged.includes(name))) await reopenOrders(tx);
    await writeSetting(tx, JUDGED, JSON.stringify(names));
  });
}

async function watchSome(
  context: Context,
  orders: readonly OpenOrder[],
  levels: readonly ComputedLevel[],
  houses: { real: Providers; sample: Providers },
  counts: Counts,
  tx: Db,
): Promise<void> {
  const { zone } = context.clock;
  const now = context.clock.now();
  const alerts: AlertDraft[] = [];
  const rows: LevelState[] = [];
  const over: string[] = [];
  const wrong: string[] = [];
  const breaches: { violation: ViolationRow; sample: boolean }[] = [];
  const days = new Set<Day>();
  for (const { order, changes, states } of orders) {
    const seen = levels
      .filter((level) => applies(level, order))
      .map(
        (level): Seen => ({
          ...{ order, level, now: evaluate(level, order, changes, level.calendar, now) },
          before: states.get(level.name),
        }),
      );
    const providers = order.sample ? houses.sample : houses.real;
    for (const one of seen) {
      const fresh = one.now.outcome === 'breached' && one.before?.outcome !== 'breached';
      const warning = warningOf(one, providers, context);
      if (warning && warning.key !== one.before?.warnedAs) alerts.push(warning);
      const row = rowOf(one, warning?.key);
      await closeWhatIsOver(one, row, context, tx);
      if (one.before?.outcome === 'breached' && one.now.outcome !== 'breached')
        wrong.push(violationOf(one, one.before.dueAt, zone).id);
      if (fresh) {
        counts.breached++;
        if (one.level.violation)
          breaches.push({ violation: violationOf(one, one.now.dueAt, zone), sample: order.sample });
        if (isNews(one.now, now)) alerts.push(breachAlert(one, providers, context));
        else counts.skipped++;
      }
      if (same(one.before, row)) continue;
      rows.push(row);
      if (!order.sample)
        for (const at of [order.openedAt, ...changes.map((change) => change.at)]) days.add(dayOf(at, zone));
    }
    if (seen.every((one) => one.now.stoppedAt !== null)) over.push(order.id);
  }
  counts.read += orders.length;
  counts.warned += alerts.filter(({ kind }) => kind === 'sla.warning').length;
  counts.new += rows.length;
  counts.over += over.length;
  counts.said += await context.alerts.open(alerts, tx);
  await saveLevelStates(tx, rows);
  await closeOrders(tx, over);
  await withdrawViolations(tx, wrong, now);
  for (const { violation, sample } of breaches) if (!sample) days.add(violation.day);
  await keepViolations(breaches, [...days], context, tx);
}

/** Breaches are violations; the days on which orders came or changed are known. The alert of a breach is its notice. */
async function keepViolations(
  breaches: readonly { violation: ViolationRow; sample: boolean }[],
  days: readonly Day[],
  context: Context,
  tx: Db,
): Promise<void> {
  const now = context.clock.now();
  for (const sample of [false, true]) {
    const own = breaches.filter((one) => one.sample === sample).map(({ violation }) => violation);
    const known = sample ? [] : knownByOrders(days, context);
    if (own.length + known.length > 0) await recordComputed(tx, own, { sample, known, now });
    await markTold(
      tx,
      own.map(({ id }) => id),
      now,
    );
  }
}

/** Yesterday is known where the orders were kept up to date, even if nothing happened to them. */
async function keepYesterday(context: Context): Promise<void> {
  const { db, clock } = context;
  const yesterday = addDays(today(clock), -1);
  const known = knownByOrders([yesterday], context);
  if (known.length === 0 || !(await keptSince(db, startOf(yesterday, clock.zone)))) return;
  await recordComputed(db, [], { sample: false, known, now: clock.now() });
}

/** Where violations come from Metabase as well, its answer alone says that a day is known; today is not over. */
function knownByOrders(days: readonly Day[], { sources, clock }: Context): Day[] {
  return sources.metabase ? [] : days.filter((day) => day < today(clock));
}
