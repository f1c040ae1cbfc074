import type { Context } from '../../core/context.ts';
import { type Day, daysBetween, today } from '../../core/time.ts';
import type { CallRules } from './decide.ts';
import { type DailyCount, type DaySummary, emptyTotals, summariseDay, withAccount } from './model.ts';
import { type CallsState, dailyCounts, hourlyCounts } from './store.ts';
import { type DayRow, statusOf, type Track } from './sync/standing.ts';
import { dayRows, seatsOf } from './sync/store.ts';

/** Of today, the statistics count while they are no older than the call records by more than this. */
const TOGETHER_MS = 5 * 60_000;

/** What is known of some days from both tracks. */
export interface Known {
  /** With the age and the completeness of these days. */
  state: CallsState;
  /** Calls by day and label; of the call records. */
  counts: DailyCount[];
  /** Days whose dialled, connected and success are those of the accounts. */
  accounts: ReadonlyMap<Day, { dialled: number; connected: number; success: number }>;
}

/** Reads some days, both included. Sample calls have one track alone. */
export async function readDays({ db, clock }: Context, state: CallsState, from: Day, to: Day): Promise<Known> {
  const counts = await dailyCounts(db, from, to, state.sample);
  if (state.sample) return { state, counts, accounts: new Map() };
  const rows = await dayRows(db, from, to);
  const find = (day: Day, track: Track) => rows.find((row) => row.day === day && row.track === track);
  const accounts = new Map<Day, { dialled: number; connected: number; success: number }>();
  for (const row of rows) {
    if (row.track !== 'tasks' || !row.asOf || row.kept === 'missing') continue;
    const records = find(row.day, 'records')?.asOf;
    if (row.day === today(clock) && records && records.getTime() - row.asOf.getTime() > TOGETHER_MS) continue;
    accounts.set(row.day, { dialled: row.dialled ?? 0, connected: row.connected ?? 0, success: row.success ?? 0 });
  }
  return { state: rows.length > 0 ? aged(state, rows, from, to, clock) : state, counts, accounts };
}

/** A day's figures from both tracks; null where nothing is known of it. */
export async function readDay(
  context: Context,
  state: CallsState,
  day: Day,
  rules: CallRules,
): Promise<{ summary: DaySummary | null; state: CallsState }> {
  const known = await readDays(context, state, day, day);
  const counts = await hourlyCounts(context.db, day, state.sample);
  const account = known.accounts.get(day);
  const own = summariseDay(day, counts, rules);
  if (!account) return { summary: own, state: known.state };
  const base: DaySummary = own ?? {
    ...emptyTotals(rules),
    day,
    seats: null,
    byHour: Array.from({ length: 24 }, () => ({ dialled: 0, connected: 0 })),
    peakHour: null,
  };
  const dialling = await seatsOf(context.db, day);
  // Sums without the accounts that they are the sums of.
  const unknown = dialling.length === 0 && account.dialled > 0;
  const seats = unknown ? null : dialling.filter((seat) => rules.isSeat(seat)).length;
  return { summary: { ...base, ...withAccount(base, account), seats }, state: known.state };
}

/** The age of the newest scan of these days, and the worst of what they are. */
function aged(state: CallsState, rows: readonly DayRow[], from: Day, to: Day, clock: Context['clock']): CallsState {
  const newest = rows.reduce((last, { asOf }) => Math.max(last, asOf?.getTime() ?? 0), 0);
  const bad = new Map<Day, DayRow | undefined>();
  let late = false;
  for (const day of daysBetween(from, to < today(clock) ? to : today(clock))) {
    for (const track of ['tasks', 'records'] as const) {
      const row = rows.find((one) => one.day === day && one.track === track);
      const status = statusOf(row, clock);
      if (status === 'complete') continue;
      if (status === 'stale' && day === today(clock)) late = true;
      else bad.set(day, row);
    }
  }
  const reason = rows.find(({ day, problem }) => problem && (bad.has(day) || (late && day === today(clock))))?.problem;
  const days = [...bad.keys()].map((day) => day.slice(5));
  const which = from === to || days.length === 0 ? '' : `${days.slice(0, 5).join(' ')}${days.length > 5 ? ' …' : ''}`;
  return {
    ...state,
    asOf: newest > 0 ? new Date(newest) : state.asOf,
    source: 'cache',
    completeness: bad.size > 0 ? 'partial' : late ? 'late' : 'complete',
    note: [which, reason?.slice(0, 80)].filter(Boolean).join(' · ') || null,
  };
}
