import type { AlertDraft } from '../../core/alert.ts';
import type { Context } from '../../core/context.ts';
import { textMessage } from '../../core/message.ts';
import { addDays, localMinute, today } from '../../core/time.ts';
import { changesOf, type Missing, missingOf, type Ongoing, type Watched } from './missing.ts';
import { driverAlert, dspAlert, recovery } from './missing-letters.ts';
import type { MissingRules } from './missing-rules.ts';
import { addMissing, endMissing, lastScans, ongoingMissing, watchedDrivers } from './missing-store.ts';
import { deliveriesAge, driversWithIds } from './store.ts';

type World = Pick<Context, 'db' | 'clock'>;

/** Who owes an update now, by every rule. */
export async function missingNow({ db, clock }: World, rules: MissingRules): Promise<Missing[]> {
  const now = clock.now();
  const time = localMinute(now, clock.zone).slice(11);
  const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const from = addDays(today(clock), -2);
  // Silence does not depend on when an order is overdue: one question answers both.
  const overdue = [...new Set(rules.rules.flatMap(({ overdueMinutes }) => overdueMinutes ?? []))];
  const watched = new Map<number, Watched[]>();
  for (const minutes of overdue.length > 0 ? overdue : [0]) {
    watched.set(minutes, await watchedDrivers(db, from, new Date(now.getTime() - minutes * 60_000)));
  }
  return rules.rules.flatMap((rule) => {
    const seen = watched.get(rule.overdueMinutes ?? overdue[0] ?? 0) ?? [];
    return missingOf(rule, seen, rules, now, minute);
  });
}

/**
 * Looks for missing updates, opens an alert for each new one and closes those that are over, in one transaction. Data that
 * is itself late accuses nobody: the leads hear of that instead.
 */
export async function checkMissing(context: Context, rules: MissingRules): Promise<Record<string, number>> {
  const { db, clock, outbox } = context;
  const now = clock.now();
  const age = await deliveriesAge(db, false);
  if (!age) return { skipped: 1 };
  if (now.getTime() - age.asOf.getTime() > rules.dataMaxAge * 60_000) {
    const at = localMinute(age.asOf, clock.zone);
    await outbox.post({
      key: `drivers/missing/late/${age.asOf.toISOString()}`,
      to: `channel:${rules.lead}`,
      class: 'notice',
      message: textMessage(`司机数据停在 ${at}，缺失更新的提醒暂停，数据恢复后继续。`),
    });
    return { late: 1 };
  }
  const found = await missingNow(context, rules);
  return db.$transaction(async (tx) => {
    const ongoing = await ongoingMissing(tx);
    const { fresh, over } = changesOf(found, ongoing);
    const open: AlertDraft[] = [];
    const rows: Parameters<typeof addMissing>[1][number][] = [];
    const full = new Map<string, Missing[]>();
    for (const one of found) {
      const key = `${one.rule.name}/${one.driver.dsp ?? ''}`;
      if (one.driver.dsp) full.set(key, [...(full.get(key) ?? []), one]);
    }
    const groupAlert = new Map(
      ongoing.filter(({ driverId }) => !driverId).map((one) => [`${one.rule}/${one.dsp}`, one]),
    );
    const row = (rule: string, driverId: string, dsp: string | null, since: Date, orders: number, alert: string) =>
      rows.push({ rule, driverId, dsp, since, orders, alert, foundAt: now });
    for (const one of fresh) {
      const { driverId, dsp } = one.driver;
      const together = `${one.rule.name}/${dsp ?? ''}`;
      const all = full.get(together) ?? [];
      const grouped = groupAlert.has(together) || all.length >= rules.together;
      const key = `drivers/missing/${one.rule.name}/${driverId}/${one.since.toISOString()}/${now.toISOString()}`;
      open.push(driverAlert(one, key, rules, clock, grouped));
      row(one.rule.name, driverId, dsp, one.since, one.orders, key);
      if (!grouped || groupAlert.has(together) || !dsp) continue;
      const groupKey = `drivers/missing/${one.rule.name}/dsp/${dsp}/${now.toISOString()}`;
      const since = new Date(Math.min(...all.map((each) => each.since.getTime())));
      open.push(dspAlert(one.rule, dsp, all, groupKey, rules, clock));
      row(one.rule.name, '', dsp, since, all.length, groupKey);
      groupAlert.set(together, { id: 0, rule: one.rule.name, driverId: '', dsp, since, alert: groupKey });
    }
    const ended = [...over, ...ongoing.filter((one) => !one.driverId && !full.has(`${one.rule}/${one.dsp}`))];
    await close(context, tx, ended);
    await endMissing(
      tx,
      ended.map(({ id }) => id),
      now,
    );
    await addMissing(tx, rows);
    await context.alerts.open(open, tx);
    return { missing: found.length, new: fresh.length, over: over.length };
  });
}

async function close(
  { alerts, clock }: Context,
  tx: Parameters<typeof endMissing>[0],
  ended: readonly Ongoing[],
): Promise<void> {
  if (ended.length === 0) return;
  const ids = ended.map(({ driverId }) => driverId).filter(Boolean);
  const names = new Map<string, string>();
  for (let from = 0; from < ids.length; from += 500) {
    for (const { id, name } of await driversWithIds(tx, ids.slice(from, from + 500))) names.set(id, name);
  }
  const heard = await lastScans(tx);
  for (const one of ended) {
    const at = heard.get(one.driverId);
    await alerts.close(
      one.alert,
      recovery(one, names.get(one.driverId) ?? one.driverId, Boolean(at && at > one.since), clock),
      tx,
    );
  }
}
