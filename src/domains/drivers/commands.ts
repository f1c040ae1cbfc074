import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import type { MessageDraft } from '../../core/message.ts';
import { type Reader, rest } from '../../core/reader.ts';
import { addDays, daysBetween, today } from '../../core/time.ts';
import { hoursCard, nothingCard, trendCard } from './cards.ts';
import { driverMeant } from './driver.ts';
import { driverDays, hoursUntil, METRICS, type Metric } from './model.ts';
import { type Period, period, periodOf } from './period.ts';
import {
  type DriverRecord,
  deliveriesAge,
  deliveriesByDay,
  dspByDay,
  knownDays,
  lastDays,
  newestDay,
  timedDeliveries,
  workingHours,
} from './store.ts';
import { driverTrend, lookBack } from './trend.ts';

const metric: Reader = {
  what: { zh: '指标', en: 'the metric' },
  read(words) {
    for (const [value, pattern] of [
      ['on_time', /准时率?|\bon[-_ ]?time\b/i],
      ['failed', /失败数?|\bfail(?:ed|ures)?\b/i],
      ['deliveries', /配送量|单量|\bdeliveries\b/i],
    ] as const) {
      if (pattern.test(words)) return { value, rest: words.replace(pattern, ' ').replace(/\s+/g, ' ').trim() };
    }
    return null;
  },
};

/** 司机 D-1023 近7天趋势 */
export const trend = command({
  name: 'drivers.trend',
  summary: {
    zh: '一位司机的配送趋势：按天或近24小时，带7日均值和趋势线',
    en: "A driver's deliveries by day or for the last 24 hours, with 7-day average and trend line",
  },
  aliases: [
    { words: '司机 趋势' },
    { words: 'trend driver' },
    { words: '我的 趋势' },
    { words: 'my trend' },
    { words: '趋势' },
    { words: 'trend' },
    { words: '司机' },
  ],
  args: z.object({
    driver: z.string().trim().min(1).optional().describe('Driver id or name; left out: the asker'),
    range: z
      .string()
      .trim()
      .default('last_7_days')
      .describe(
        'last_7_days, last_24_hours, last_30_days, last_N_days (N up to 366) or FROM..TO as YYYY-MM-DD..YYYY-MM-DD',
      ),
    metric: z.enum(METRICS).default('deliveries').describe('deliveries, on_time (rate in %) or failed'),
  }),
  reads: { range: period, metric, driver: rest({ zh: '司机', en: 'the driver' }) },
  examples: {
    zh: ['司机 D-1023 近7天趋势', '司机 张三 近30天趋势', '司机 D-1023 近24小时'],
    en: ['trend driver D-1023', 'trend D-1023 last_24_hours', 'trend D-1023 2026-11-01..2026-11-15'],
  },
  role: 'staff',
  async run(ask, args) {
    const within = periodOf(args.range, ask.context.clock, ask.lang);
    const call = (driver: string) => ({ command: 'drivers.trend', args: { ...args, driver } });
    const { driver, own } = await driverMeant(ask, args.driver?.replace(/^的|的$/g, '').trim(), call);
    const message =
      within.unit === 'hours'
        ? await byHour(ask, driver, within, args.metric)
        : await byDay(ask, driver, within, args.metric);
    return own ? { ...message, private: true } : message;
  },
});

async function byDay(
  ask: Ask,
  driver: DriverRecord,
  within: Extract<Period, { unit: 'days' }>,
  metric: Metric,
): Promise<MessageDraft> {
  const { db, clock } = ask.context;
  const [from, to, since] = [within.from, within.to, lookBack(within.from)];
  const length = daysBetween(from, to).length;
  const earlier = addDays(from, -length);
  const looked = earlier < since ? earlier : since;
  const [groups, known, dsp, age, hours] = await Promise.all([
    deliveriesByDay(db, driver, looked, to),
    knownDays(db, driver.sample, looked, to),
    dspByDay(db, driver, from, to),
    deliveriesAge(db, driver.sample),
    workingHours(db, driver, from, to),
  ]);
  if (!groups.some(({ day }) => day >= from)) {
    return nothing(
      ask,
      driver,
      within,
      [...known].some((day) => day >= from),
    );
  }
  return trendCard(ask, {
    driver,
    period: within,
    metric,
    trend: driverTrend(driverDays(since, to, groups, known), from, today(clock), metric),
    before: driverDays(earlier, addDays(from, -1), groups, known),
    hours,
    dsp: dsp && { name: dsp.name, drivers: dsp.drivers, days: driverDays(from, to, dsp.groups, known) },
    age,
  });
}

async function byHour(ask: Ask, driver: DriverRecord, within: Period, metric: Metric): Promise<MessageDraft> {
  const { db, clock } = ask.context;
  const end = clock.now();
  const start = hoursUntil(end)[0] ?? end;
  const [timed, age] = await Promise.all([
    timedDeliveries(db, driver, start, end, clock),
    deliveriesAge(db, driver.sample),
  ]);
  if (timed.mine.length === 0) return nothing(ask, driver, within, timed.known);
  return hoursCard(ask, { driver, period: within, metric, end, timed, age });
}

/** @param others whether other drivers have data of this time: then it is a true zero, else it is not known */
async function nothing(ask: Ask, driver: DriverRecord, within: Period, others: boolean): Promise<MessageDraft> {
  const { db } = ask.context;
  const [last, newest, age] = await Promise.all([
    lastDays(db, [driver]),
    newestDay(db, driver.sample),
    deliveriesAge(db, driver.sample),
  ]);
  return nothingCard(ask, { driver, period: within, others, last: last.get(driver.id), newest, age });
}
