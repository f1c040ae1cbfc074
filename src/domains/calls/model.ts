import { z } from 'zod';
import { type Day, daysBetween, type Month, monthDays } from '../../core/time.ts';
import type { CallRules } from './decide.ts';

const text = z.string().min(1).nullable();

/** One call record (话单). Phone numbers are personal data and are not kept. */
export const CallRow = z.object({
  /** 19 digits upstream: text. */
  id: z.string().min(1),
  day: z.string(),
  hour: z.number().int().min(0).max(23),
  calledAt: z.date(),
  taskId: text,
  taskName: text,
  seatId: text,
  /** null: the source does not name it; it is then shown as 坐席 and its id. */
  seatName: text,
  /** The line (trunk) over which it was dialled. */
  line: text,
  /** Seconds. */
  durationS: z.number().int().nonnegative(),
  /** Records of numbers that were not dialled exist too. */
  dialled: z.boolean(),
  connected: z.boolean(),
  /** The disposition label (意向度). '' = not labelled; null = this answer does not say. */
  grade: z.string().nullable(),
});
export type CallRow = z.output<typeof CallRow>;

/** Calls that are alike in what is asked, counted by the database. */
export interface CallCount {
  records: number;
  dialled: number;
  connected: number;
  grade: string | null;
}
export interface HourlyCount extends CallCount {
  hour: number;
  seatId: string | null;
  seatName: string | null;
}
export interface DailyCount extends CallCount {
  day: Day;
}

/** Figures of some calls. Rates in percent with two decimals. null: not known. */
export interface CallTotals {
  records: number;
  dialled: number;
  connected: number;
  /** connected / dialled */
  connectRate: number;
  /** Orders; null where no record says anything about its disposition. Not tied to duration or connection. */
  success: number | null;
  /** success / connected */
  successRate: number | null;
  /** Orders by product, in the order of the rules. */
  products: { product: string; count: number | null }[];
}

export interface DaySummary extends CallTotals {
  day: Day;
  /** Accounts that dialled and that the rules do not exclude; null where no call names its account. */
  seats: number | null;
  /** 24 hours, in the house's time zone. */
  byHour: { dialled: number; connected: number }[];
  /** The hour with the most dialled calls, the first of equals; null where none was dialled. */
  peakHour: number | null;
}

/** The day before. */
export interface Comparison {
  whole: DaySummary;
  /** What is compared: the whole day or, beside a day that is not over, the day up to the same time. */
  totals: CallTotals;
  sameTime: boolean;
}

/** Some days together. */
export interface SpanSummary {
  /** Every day; null = no record at all, so nothing is known. */
  days: { day: Day; totals: CallTotals | null }[];
  /** Sums, and rates as the ratio of sums. */
  total: CallTotals;
  /** Days with at least one dialled call. */
  workingDays: number;
  /** Days with records of which none says anything about its disposition: `total.success` lacks them. */
  daysWithoutSuccess: number;
  /** Per working day, rounded to whole calls; 0 where there is none. */
  daily: { dialled: number; connected: number; success: number | null };
}

export interface MonthSummary extends SpanSummary {
  month: Month;
}

/** Percent with two decimals; 0 where there is nothing to divide by. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part * 10_000) / whole) / 100;
}

/** Change against `before` in percent with one decimal; null where there was nothing before. */
export function changePercent(now: number, before: number): number | null {
  return before === 0 ? null : Math.round(((now - before) * 1000) / before) / 10;
}

export function totalsOf(counts: readonly CallCount[], rules: CallRules): CallTotals {
  const sold = new Map(rules.products.map((product) => [product, 0]));
  let [records, dialled, connected, success, graded] = [0, 0, 0, 0, false];
  for (const count of counts) {
    records += count.records;
    dialled += count.dialled;
    connected += count.connected;
    if (count.grade === null) continue;
    graded = true;
    const product = rules.productOf(count.grade);
    if (product === null) continue;
    success += count.records;
    sold.set(product, (sold.get(product) ?? 0) + count.records);
  }
  return {
    records,
    dialled,
    connected,
    connectRate: percent(connected, dialled),
    success: graded ? success : null,
    successRate: graded ? percent(success, connected) : null,
    products: [...sold].map(([product, count]) => ({ product, count: graded ? count : null })),
  };
}

/** Of no call: nothing is known of orders. */
export function emptyTotals(rules: CallRules): CallTotals {
  return totalsOf([], rules);
}

/** The accounts' figures in the place of the call records'; the split by product stays the records' own. */
export function withAccount(
  totals: CallTotals,
  account: { dialled: number; connected: number; success: number },
): CallTotals {
  const { dialled, connected, success } = account;
  const [connectRate, successRate] = [percent(connected, dialled), percent(success, connected)];
  return { ...totals, dialled, connected, connectRate, success, successRate };
}

/** What the labels of the call records add up to; null where one is not known. */
export function labelled({ products }: CallTotals): number | null {
  return products.reduce<number | null>((sum, { count }) => (sum === null || count === null ? null : sum + count), 0);
}

function sumOf(all: readonly CallTotals[], rules: CallRules): CallTotals {
  const sum = (of: (totals: CallTotals) => number) => all.reduce((total, one) => total + of(one), 0);
  const known = (of: (totals: CallTotals) => number | null) => {
    const values = all.flatMap((one) => of(one) ?? []);
    return values.length > 0 ? values.reduce((total, one) => total + one, 0) : null;
  };
  const [dialled, connected, success] = [
    sum((one) => one.dialled),
    sum((one) => one.connected),
    known((one) => one.success),
  ];
  return {
    records: sum((one) => one.records),
    ...{ dialled, connected, success },
    connectRate: percent(connected, dialled),
    successRate: success === null ? null : percent(success, connected),
    products: rules.products.map((product) => ({
      product,
      count: known((one) => one.products.find((each) => each.product === product)?.count ?? null),
    })),
  };
}

/** A day's figures; null where there is no record of it: that is no day of zeros. */
export function summariseDay(day: Day, counts: readonly HourlyCount[], rules: CallRules): DaySummary | null {
  if (counts.length === 0) return null;
  const byHour = Array.from({ length: 24 }, () => ({ dialled: 0, connected: 0 }));
  const seats = new Set<string>();
  let named = false;
  for (const count of counts) {
    const hour = byHour[count.hour];
    if (hour) {
      hour.dialled += count.dialled;
      hour.connected += count.connected;
    }
    const seat = count.seatId ?? count.seatName;
    if (seat === null) continue;
    named = true;
    if (count.dialled > 0 && rules.isSeat({ id: count.seatId, name: count.seatName })) seats.add(seat);
  }
  const most = Math.max(...byHour.map((hour) => hour.dialled));
  return {
    ...totalsOf(counts, rules),
    day,
    seats: named ? seats.size : null,
    byHour,
    peakHour: most > 0 ? byHour.findIndex((hour) => hour.dialled === most) : null,
  };
}

type Accounts = ReadonlyMap<Day, { dialled: number; connected: number; success: number }>;

/** A month's figures up to the day `last`; null where there is no record of the month. */
export function summariseMonth(
  month: Month,
  last: Day,
  counts: readonly DailyCount[],
  rules: CallRules,
  accounts: Accounts = new Map(),
): MonthSummary | null {
  const summary = summariseDays(daysBetween(monthDays(month).from, last), counts, rules, accounts);
  return summary && { month, ...summary };
}

/**
 * Figures of some days; of days with accounts, those of the accounts. Working days are days with dialled calls, whatever
 * the calendar says.
 * @returns null where there is no record of any of them
 */
export function summariseDays(
  wanted: readonly Day[],
  counts: readonly DailyCount[],
  rules: CallRules,
  accounts: Accounts,
): SpanSummary | null {
  if (counts.length === 0 && accounts.size === 0) return null;
  const byDay = new Map<Day, DailyCount[]>();
  for (const count of counts) byDay.set(count.day, [...(byDay.get(count.day) ?? []), count]);
  const days = wanted.map((day) => {
    const ofDay = byDay.get(day);
    const account = accounts.get(day);
    if (!ofDay && !account) return { day, totals: null };
    const records = totalsOf(ofDay ?? [], rules);
    return { day, totals: account ? withAccount(records, account) : records };
  });
  const known = days.flatMap(({ totals }) => totals ?? []);
  const worked = known.filter((totals) => totals.dialled > 0);
  const judged = worked.filter((totals) => totals.success !== null);
  const total = sumOf(known, rules);
  const average = (sum: number, over: number) => (over === 0 ? 0 : Math.round(sum / over));
  const connectedOfJudged = known.reduce((sum, each) => sum + (each.success === null ? 0 : each.connected), 0);
  return {
    days,
    total: {
      ...total,
      successRate: total.success === null ? null : percent(total.success, connectedOfJudged),
    },
    workingDays: worked.length,
    daysWithoutSuccess: known.filter((totals) => totals.success === null).length,
    daily: {
      dialled: average(total.dialled, worked.length),
      connected: average(total.connected, worked.length),
      success: total.success === null ? null : average(total.success, judged.length),
    },
  };
}
