import type { AlertDraft } from '../../../core/alert.ts';
import type { Context } from '../../../core/context.ts';
import { addDays, localMinute, today } from '../../../core/time.ts';
import type { Db } from '../../../store/db.ts';
import { deliveriesAge, driversWithIds } from '../store.ts';
import { driverAlert, dspAlert, joined, lateData, recovery, type Told } from './letters.ts';
import { changesOf, type Missing, missingOf, type Ongoing, type Watched } from './missing.ts';
import type { MissingRules } from './rules.ts';
import { addMissing, endMissing, lastScans, ongoingMissing, watchedDrivers } from './store.ts';

type World = Pick<Context, 'db' | 'clock'>;

/** Who owes an update now, by every rule. `sample`: of the sample's drivers. */
export async function missingNow({ db, clock }: World, rules: MissingRules, sample = false): Promise<Missing[]> {
  const now = clock.now();
  const time = localMinute(now, clock.zone).slice(11);
  const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const from = addDays(today(clock), -2);
  // Silence does not depend on when an order is overdue: one question answers both.
  const overdue = [...new Set(rules.rules.flatMap(({ overdueMinutes }) => overdueMinutes ?? []))];
  const watched = new Map<number, Watched[]>();
  for (const minutes of overdue.length > 0 ? overdue : [0]) {
    watched.set(minutes, await watchedDrivers(db, from, new Date(now.getTime() - minutes * 60_000), sample));
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
    await outbox.post({
      key: `drivers/missing/late/${age.asOf.toISOString()}`,
      to: `channel:${rules.lead}`,
      class: 'notice',
      message: lateData({ ...context, rules }, age.asOf),
    });
    return { late: 1 };
  }
  const found = await missingNow(context, rules);
  return db.$transaction(async (tx) => {
    const ongoing = await ongoingMissing(tx);
    const { fresh, over } = changesOf(found, ongoing);
    const told = { ...context, rules };
    const groups = groupsOf(found, ongoing);
    const opened = newCases(told, fresh, groups);
    const ended = [
      ...over,
      ...[...groups.values()].flatMap(({ alert, members }) => (alert && members.length === 0 ? alert : [])),
    ];
    await close(context, rules, tx, ended);
    await endMissing(
      tx,
      ended.map(({ id }) => id),
      now,
    );
    await addMissing(tx, opened.rows);
    await context.alerts.open(opened.alerts, tx);
    for (const { rule, dsp, alert, members, more } of groups.values()) {
      if (!alert || (more.length === 0 && !over.some((one) => one.rule === rule && one.dsp === dsp))) continue;
      if (members.length === 0 || !members[0]) continue;
      const { message } = dspAlert(told, members[0].rule, dsp, members, alert.alert);
      await context.alerts.amend(
        alert.alert,
        message,
        more.length > 0 ? joined(told, dsp, more, members) : undefined,
        tx,
      );
    }
    return { missing: found.length, new: fresh.length, over: over.length };
  });
}

/** The silent drivers of a DSP by one rule, and the alert that its group has of them. */
interface DspGroup {
  rule: string;
  dsp: string;
  members: Missing[];
  alert: Ongoing | undefined;
  /** Those who fell silent after the group heard. */
  more: Missing[];
}

function groupsOf(found: readonly Missing[], ongoing: readonly Ongoing[]): Map<string, DspGroup> {
  const groups = new Map<string, DspGroup>();
  const group = (rule: string, dsp: string): DspGroup => {
    const key = `${rule}/${dsp}`;
    const known = groups.get(key) ?? { rule, dsp, members: [], alert: undefined, more: [] };
    groups.set(key, known);
    return known;
  };
  for (const one of found) if (one.driver.dsp) group(one.rule.name, one.driver.dsp).members.push(one);
  for (const one of ongoing) if (!one.driverId && one.dsp) group(one.rule, one.dsp).alert = one;
  return groups;
}

/** Alerts and rows of what is new: each driver's own, and where many of a DSP are silent together, one for its group. */
function newCases(told: Told, fresh: readonly Missing[], groups: Map<string, DspGroup>) {
  const now = told.clock.now();
  const alerts: AlertDraft[] = [];
  const rows: Parameters<typeof addMissing>[1][number][] = [];
  const opened = new Set<DspGroup>();
  for (const one of fresh) {
    const { driverId, dsp } = one.driver;
    const rule = one.rule.name;
    const group = dsp ? groups.get(`${rule}/${dsp}`) : undefined;
    const together = group && (group.alert !== undefined || group.members.length >= told.rules.together);
    const key = `drivers/missing/${rule}/${driverId}/${one.since.toISOString()}/${now.toISOString()}`;
    alerts.push(driverAlert(told, one, key, together === true));
    rows.push({ rule, driverId, dsp, since: one.since, orders: one.orders, alert: key, foundAt: now });
    if (!group || !together) continue;
    if (group.alert) group.more.push(one);
    else opened.add(group);
  }
  for (const { rule, dsp, members } of opened) {
    if (!members[0]) continue;
    const key = `drivers/missing/${rule}/dsp/${dsp}/${now.toISOString()}`;
    const since = new Date(Math.min(...members.map((each) => each.since.getTime())));
    alerts.push(dspAlert(told, members[0].rule, dsp, members, key));
    rows.push({ rule, driverId: '', dsp, since, orders: members.length, alert: key, foundAt: now });
  }
  return { alerts, rows };
}

async function close(context: Context, rules: MissingRules, tx: Db, ended: readonly Ongoing[]): Promise<void> {
  if (ended.length === 0) return;
  const ids = ended.map(({ driverId }) => driverId).filter(Boolean);
  const names = new Map((await driversWithIds(tx, ids)).map(({ id, name }) => [id, name]));
  const heard = await lastScans(tx);
  const told = { ...context, rules };
  await context.alerts.closeAll(
    ended.map((one) => {
      const at = heard.get(one.driverId);
      const name = names.get(one.driverId) ?? one.driverId;
      return { key: one.alert, recovery: recovery(told, one, name, Boolean(at && at > one.since)) };
    }),
    tx,
  );
}
