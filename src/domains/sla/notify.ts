import type { AlertDraft } from '../../core/alert.ts';
import type { Context } from '../../core/context.ts';
import { groupBy } from '../../core/group.ts';
import type { Letter } from '../../core/outbox.ts';
import { type Providers, readProviders } from '../../core/providers.ts';
import { addDays, daysBetween, today } from '../../core/time.ts';
import { violationKey } from './alert-keys.ts';
import { praise, violationNotice, weeklyReport, withdrawnNotice } from './letters.ts';
import { readSlaRules, type SlaRules } from './rules.ts';
import { stepsFor } from './steps.ts';
import {
  knownDays,
  markTold,
  newestDay,
  providersSeen,
  untoldViolations,
  type Violation,
  violationsOn,
  withdrawnSince,
} from './store.ts';
import { weekBefore } from './week.ts';

/** Violations that arrive later than this many days after their day are not told one by one any more. */
const TOLD_DAYS = 7;

/** Both houses: the real one and the sample's. */
async function housesOf(context: Context): Promise<[Providers, Providers]> {
  return [await readProviders(context.rules), await readProviders(context.rules, true)];
}

/**
 * Opens an alert for every violation of the last seven days that nobody was told of, and closes those that were
 * withdrawn. Alerts and marks are written together.
 */
export async function tellViolations(context: Context): Promise<{ new: number; said: number; withdrawn: number }> {
  const rules = await readSlaRules(context.rules);
  const [real, sample] = await housesOf(context);
  const now = context.clock.now();
  const last = addDays(today(context.clock), -1);
  const first = addDays(last, 1 - TOLD_DAYS);
  return context.db.$transaction(async (tx) => {
    const untold = await untoldViolations(tx, first, last);
    const said = await context.alerts.open(
      untold.map((one) => violationAlert(one, one.sample ? sample : real, rules, context)),
      tx,
    );
    const ids = untold.map(({ id }) => id);
    await markTold(tx, ids, now);
    let withdrawn = 0;
    for (const one of await withdrawnSince(tx, new Date(now.getTime() - TOLD_DAYS * 86_400_000))) {
      if (await context.alerts.close(violationKey(one), withdrawnNotice(one, context), tx)) withdrawn++;
    }
    return { new: untold.length, said, withdrawn };
  });
}

function violationAlert(one: Violation, providers: Providers, rules: SlaRules, context: Context): AlertDraft {
  return {
    key: violationKey(one),
    kind: 'sla.violation',
    subject: `order:${one.orderNum}`,
    message: violationNotice(one, rules, context),
    steps: stepsFor(rules.notice, { ...one, housekeeperId: null }, providers),
    sample: one.sample,
  };
}

/**
 * Monday's reports for the week before: to each provider with violations its list, to each other one a word of praise.
 * Where a day of the week is not known, nobody is praised for it, and the lists say so.
 */
export async function tellWeek(context: Context): Promise<Record<string, number>> {
  const counts = { read: 0, new: 0, said: 0, praised: 0, skipped: 0 };
  const newest = await newestDay(context.db);
  if (!newest) return { ...counts, skipped: 1 };
  const { sample } = newest;
  const rules = await readSlaRules(context.rules);
  const providers = await readProviders(context.rules, sample);
  const week = weekBefore(today(context.clock));
  const days = daysBetween(week.from, week.to);
  const known = await knownDays(context.db, week.from, week.to, sample);
  const missing = days.filter((day) => !known.has(day));
  if (missing.length === days.length) return { ...counts, skipped: 1 };
  const violations = await violationsOn(context.db, week.from, week.to, sample);
  const byProvider = groupBy(violations, (one) => one.provider);
  const all = new Set([...providers.names, ...(await providersSeen(context.db, sample)), ...byProvider.keys()]);
  const letters = [...all].flatMap((provider): Letter[] => {
    const own = byProvider.get(provider);
    const sure = days.every((day) => ['complete', 'unknown'].includes(known.get(day)?.completeness ?? ''));
    if (!own && !sure) {
      counts.skipped++;
      return [];
    }
    if (!own) counts.praised++;
    return [
      {
        key: `sla/week/${week.to}/${provider}`,
        to: providers.groupOf(provider),
        class: 'broadcast',
        message: own ? weeklyReport(provider, own, week, missing, rules, context) : praise(provider, week, context),
        sample,
      },
    ];
  });
  counts.read = violations.length;
  counts.said = await context.outbox.postAll(letters);
  counts.new = counts.said;
  counts.skipped += letters.length - counts.said;
  return counts;
}
