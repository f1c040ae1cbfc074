import { z } from 'zod';
import { type Ask, command } from '../../../core/command.ts';
import type { MessageDraft } from '../../../core/message.ts';
import { type Reader, rest } from '../../../core/reader.ts';
import { addDays, dayOf, daysBetween, startOf, today } from '../../../core/time.ts';
import { driverDays, hoursUntil, hourTallies, METRICS, type Metric } from '../model.ts';
import { deliveriesAge, newestDay } from '../store.ts';
import { nothingCard } from './cards.ts';
import { type DaysShown, dayCard, dayValues } from './day-card.ts';
import { type HoursShown, hourCard, hourValues } from './hour-card.ts';
import { type Period, period, periodOf } from './period.ts';
import {
  anyOrdered,
  busyDrivers,
  deliveriesByDay,
  deliveriesByHour,
  knownDays,
  lastDay,
  missedUpdates,
  untimedDeliveries,
  workingHours,
} from './store.ts';
import { type Subject, subjectMeant } from './subject.ts';
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

/** 司机 D-1023 近7天趋势, 服务商 DSP-A 趋势 */
export const trend = command({
  name: 'drivers.trend',
  summary: {
    zh: '一位司机或一个服务商的配送趋势：按天或近24小时，带均值、趋势线和对比',
    en: "A driver's or a DSP's deliveries by day or for the last 24 hours, with average, trend line and comparison",
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
    driver: z.string().trim().min(1).optional().describe('Driver id or name, or a DSP; left out: the asker'),
    dsp: z.string().trim().min(1).optional().describe('A DSP in place of a driver: all its drivers together'),
    range: z
      .string()
      .trim()
      .default('last_7_days')
      .describe(
        'last_7_days, last_24_hours, last_30_days, last_N_days (N up to 366) or FROM..TO as YYYY-MM-DD..YYYY-MM-DD',
      ),
    metric: z.enum(METRICS).default('deliveries').describe('deliveries, on_time (rate in %) or failed'),
  }),
  reads: { range: period, metric, driver: rest({ zh: '司机或服务商', en: 'the driver or DSP' }) },
  examples: {
    zh: ['司机 D-1023 近7天趋势', '司机 张三 近30天趋势', '司机 D-1023 近24小时', '服务商 DSP-A 趋势'],
    en: ['trend driver D-1023', 'trend D-1023 last_24_hours', 'trend D-1023 2026-11-01..2026-11-15', 'trend dsp DSP-A'],
  },
  role: 'staff',
  async run(ask, { driver, dsp, ...args }) {
    const within = periodOf(args.range, ask.context.clock, ask.lang);
    const said = { driver: driver?.replace(/^的|的$/g, '').trim(), dsp };
    const subject = await subjectMeant(ask, said, (of) => ({ command: 'drivers.trend', args: { ...of, ...args } }));
    const message =
      within.unit === 'hours'
        ? await byHour(ask, subject, within, args.metric)
        : await byDay(ask, subject, within, args.metric);
    return subject.own ? { ...message, private: true } : message;
  },
});

type Days = Extract<Period, { unit: 'days' }>;

async function byDay(ask: Ask, subject: Subject, within: Days, metric: Metric): Promise<MessageDraft> {
  const { db, clock } = ask.context;
  const { sample } = subject;
  const [from, to, since] = [within.from, within.to, lookBack(within.from)];
  const earlier = addDays(from, -daysBetween(from, to).length);
  const looked = earlier < since ? earlier : since;
  const peers = subject.dsp && { ids: subject.dsp.ids, sample };
  const [groups, known, age, hours, missed, peerGroups, peerCount] = await Promise.all([
    deliveriesByDay(db, subject, looked, to),
    knownDays(db, sample, looked, to),
    deliveriesAge(db, sample),
    workingHours(db, subject, from, to),
    missedUpdates(db, subject, startOf(from, clock.zone), startOf(addDays(to, 1), clock.zone)),
    peers && deliveriesByDay(db, peers, from, to),
    busyDrivers(db, peers ?? subject, from, to),
  ]);
  const shown: DaysShown = {
    ...{ subject, period: within, metric, age, hours, missed, now: today(clock) },
    trend: driverTrend(driverDays(since, to, groups, known), from, today(clock), metric),
    before: driverDays(earlier, addDays(from, -1), groups, known),
    drivers: subject.kind === 'dsp' ? peerCount : 1,
    dsp:
      subject.dsp && peerGroups
        ? { name: subject.dsp.name, drivers: peerCount, days: driverDays(from, to, peerGroups, known) }
        : null,
  };
  if (groups.some(({ day }) => day >= from)) return dayCard(ask, shown);
  const others = [...known].some((day) => day >= from);
  const { title, ...message } = await nothing(ask, subject, within, others);
  return { ...message, title, data: dayValues(shown, title) };
}

async function byHour(ask: Ask, subject: Subject, within: Period, metric: Metric): Promise<MessageDraft> {
  const { db, clock } = ask.context;
  const { zone } = clock;
  const end = clock.now();
  const start = hoursUntil(end)[0] ?? end;
  const [firstDay, newest] = [dayOf(start, zone), dayOf(end, zone)];
  const peers = subject.dsp && { ids: subject.dsp.ids, sample: subject.sample };
  const [mine, untimed, age, peerGroups, peerCount] = await Promise.all([
    deliveriesByHour(db, subject, end, 48, zone),
    untimedDeliveries(db, subject, firstDay, newest),
    deliveriesAge(db, subject.sample),
    peers && deliveriesByHour(db, peers, end, 24, zone),
    busyDrivers(db, peers ?? subject, firstDay, newest),
  ]);
  const none = !mine.some(({ hour }) => hour >= 24);
  const others = !none || (await anyOrdered(db, subject.sample, start, end, zone));
  const shown: HoursShown = {
    ...{ subject, period: within, metric, age, end, untimed },
    tallies: hourTallies(mine, 24),
    before: hourTallies(mine, 0),
    drivers: subject.kind === 'dsp' ? peerCount : 1,
    dsp:
      subject.dsp && peerGroups
        ? { name: subject.dsp.name, drivers: peerCount, tallies: hourTallies(peerGroups, 0) }
        : null,
  };
  if (!none) return hourCard(ask, shown);
  const { title, ...message } = await nothing(ask, subject, within, others);
  return { ...message, title, data: hourValues(shown, title, others) };
}

/** @param others whether other drivers have data of this time: then it is a true zero, else it is not known */
async function nothing(ask: Ask, subject: Subject, within: Period, others: boolean) {
  const { db } = ask.context;
  const [last, newest, age] = await Promise.all([
    lastDay(db, subject),
    newestDay(db, subject.sample),
    deliveriesAge(db, subject.sample),
  ]);
  return nothingCard(ask, { subject, period: within, others, last, newest, age });
}
