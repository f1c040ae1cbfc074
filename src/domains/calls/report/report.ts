import type { Day } from '../../../core/time.ts';
import { daysBetween, today } from '../../../core/time.ts';
import type { Part } from '../breakdown/model.ts';
import { daysOfPeriod } from '../breakdown/period.ts';
import { seatsOfDays } from '../breakdown/seats.ts';
import { checksOf } from '../check/store.ts';
import { callRules } from '../decide.ts';
import { readDays } from '../known.ts';
import { type SpanSummary, summariseDays } from '../model.ts';
import type { World } from '../say.ts';
import { type CallsState, callsState } from '../store.ts';

/** What a report is about: some days against as many before, or a month against the month before. */
export interface Report {
  from: Day;
  to: Day;
  summary: SpanSummary;
  /** null: nothing is known of the days before. */
  before: SpanSummary | null;
  /** The best first. */
  seats: readonly Part[];
  /** Days whose tracks differ in their orders. */
  deviations: number;
  state: CallsState;
}

/** Reads a report; null where nothing is known of its days. */
export async function readReport(world: World, period: string): Promise<Report | null> {
  const { context, lang } = world;
  const state = await callsState(context.db);
  if (!state) return null;
  const rules = callRules(await context.rules.documents('calls'));
  const { from, to, before } = daysOfPeriod(period, context.clock, lang);
  if (from > today(context.clock)) return null;
  const [now, then] = [
    await readDays(context, state, from, to),
    await readDays(context, state, before.from, before.to),
  ];
  const summary = summariseDays(daysBetween(from, to), now.counts, rules, now.accounts);
  if (!summary) return null;
  const checks = state.sample ? [] : await checksOf(context.db, from, to, Number.MAX_SAFE_INTEGER);
  const newest = new Map(checks.toReversed().map((check) => [check.day, check]));
  return {
    from,
    to,
    summary,
    before: summariseDays(daysBetween(before.from, before.to), then.counts, rules, then.accounts),
    seats: await seatsOfDays(world, { sample: state.sample, rules }, { from, to }),
    deviations: [...newest.values()].filter(({ differs }) => differs).length,
    state: now.state,
  };
}
