import type { Context } from '../../core/context.ts';
import { addDays, type Day, daysBetween, localMinute, monthDays, monthOf, today } from '../../core/time.ts';
import { callRules } from './decide.ts';
import { readDays } from './known.ts';
import { emptyTotals, percent, totalsOf, withAccount } from './model.ts';
import { callsState, talkSeconds } from './store.ts';
import { dayRows } from './sync/store.ts';

/** The figures that the replaced system gave over HTTP, in its own names; success there is a connected call. */

async function figures(context: Context, from: Day, to: Day) {
  const rules = callRules(await context.rules.documents('calls'));
  const state = await callsState(context.db);
  if (!state) return { days: [], rules, state };
  const known = await readDays(context, state, from, to);
  const days = daysBetween(from, to).flatMap((day) => {
    const counts = known.counts.filter((count) => count.day === day);
    const account = known.accounts.get(day);
    if (counts.length === 0 && !account) return [];
    const records = counts.length > 0 ? totalsOf(counts, rules) : emptyTotals(rules);
    return [{ day, records, totals: account ? withAccount(records, account) : records }];
  });
  return { days, rules, state };
}

/** The labels of a day: 9元 and 1元 orders; null where nothing is known of them. */
export async function gradeStats(context: Context, day: Day) {
  const began = performance.now();
  const { days } = await figures(context, day, day);
  const totals = days[0]?.records;
  if (!totals || totals.records === 0 || totals.success === null) return null;
  const count = (product: string) => totals.products.find((one) => one.product === product)?.count ?? 0;
  const [row] = await dayRows(context.db, day, day, 'records');
  return {
    date: day,
    grade_9: count('9元'),
    grade_1: count('1元'),
    total_success: totals.success,
    total_records: totals.records,
    calculated_at: (row?.asOf ?? context.clock.now()).toISOString(),
    from_cache: true,
    elapsed_time: Math.round(performance.now() - began) / 1_000,
  };
}

/** Every day of which anything is known. */
export async function dailyStats(context: Context, from: Day, to: Day) {
  const { days, state } = await figures(context, from, to);
  const talk = await talkSeconds(context.db, from, to, state?.sample ?? false);
  return days.map(({ day, totals }) => {
    const seconds = talk.get(day) ?? 0;
    return {
      stat_date: day,
      total_calls: totals.dialled,
      success_calls: totals.connected,
      failed_calls: totals.dialled - totals.connected,
      success_rate: fraction(totals.connected, totals.dialled),
      total_duration: seconds,
      avg_duration: totals.dialled === 0 ? 0 : Math.round((seconds * 100) / totals.dialled) / 100,
    };
  });
}

/** The last days, today included. */
export async function callsSummary(context: Context, days: number) {
  const to = today(context.clock);
  const from = addDays(to, 1 - days);
  const stats = await dailyStats(context, from, to);
  const sum = (name: 'total_calls' | 'success_calls' | 'failed_calls') =>
    stats.reduce((all, one) => all + one[name], 0);
  const [total, success] = [sum('total_calls'), sum('success_calls')];
  return {
    days,
    start_date: from,
    end_date: to,
    total_calls: total,
    success_calls: success,
    failed_calls: sum('failed_calls'),
    success_rate: fraction(success, total),
    avg_per_day: Math.round(total / days),
    daily_breakdown: stats,
  };
}

/** Yesterday and this month. */
export async function overview(context: Context) {
  const now = today(context.clock);
  const part = async (from: Day, to: Day) => {
    const stats = await dailyStats(context, from, to);
    const total = stats.reduce((all, one) => all + one.total_calls, 0);
    const success = stats.reduce((all, one) => all + one.success_calls, 0);
    return { total_calls: total, success_calls: success, success_rate: percent(success, total) };
  };
  const yesterday = addDays(now, -1);
  return { yesterday: await part(yesterday, yesterday), month: await part(monthDays(monthOf(now)).from, now) };
}

/** Days as parallel lists, as charts want them. */
export async function trend(context: Context, from: Day, to: Day) {
  const stats = await dailyStats(context, from, to);
  return {
    dates: stats.map((one) => one.stat_date),
    total_calls: stats.map((one) => one.total_calls),
    success_calls: stats.map((one) => one.success_calls),
    success_rate: stats.map((one) => percent(one.success_calls, one.total_calls)),
  };
}

/** When each track is read by itself, for those who find nothing. */
export function whenRead(context: Context, day: Day): string {
  const now = localMinute(context.clock.now(), context.clock.zone);
  return `${day}: no data yet (now ${now}); today is read every 10 minutes from 09:00, days before at 00:02, 01:05, 07:05, 10:05, 15:05 and 21:05`;
}

function fraction(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part * 10_000) / whole) / 10_000;
}
