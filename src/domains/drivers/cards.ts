import type { Ask } from '../../core/command.ts';
import { footnote } from '../../core/footnote.ts';
import { type Button, type DataAge, type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { grouped } from '../../core/money.ts';
import { addDays, type Clock, clockTime, type Day, daysBetween, sayDay, today } from '../../core/time.ts';
import { dayChart, hourChart } from './charts.ts';
import {
  type DriverDay,
  figureOf,
  hourFigures,
  hoursUntil,
  type Metric,
  perDriver,
  sumOf,
  type Tally,
  tallyOf,
} from './model.ts';
import { type Period, sayGaps, sayPeriod } from './period.ts';
import type { DeliveriesAge, DriverRecord, TimedDeliveries } from './store.ts';
import { type DriverTrend, meanOf } from './trend.ts';
import { trendData } from './trend-data.ts';

/** What every answer about a driver shows. */
interface Shown {
  driver: DriverRecord;
  period: Period;
  age: DeliveriesAge | null;
}

type World = Pick<Ask, 'lang' | 'context'>;
type Blocks = NonNullable<MessageDraft['blocks']>;

/** Rows of a table that still read well in a chat. */
const TABLE_DAYS = 14;
const TEMPLATES: Record<Metric, string> = {
  deliveries: 'drivers/deliveries',
  on_time: 'drivers/on-time',
  failed: 'drivers/failed',
};
/** What a template may ask of a trend, where there is none. */
const NO_TREND = {
  dsp: null,
  dspOnTime: null,
  mean: null,
  rising: false,
  falling: false,
  flat: false,
  slope: null,
  strength: null,
  perHour: null,
  before: null,
  span: null,
  running: false,
  gaps: null,
};

/** A driver's days: the answer, a chart, a table. */
export function trendCard(
  { lang, context }: World,
  shown: Shown & {
    metric: Metric;
    trend: DriverTrend;
    /** The days of the same length before. */
    before: readonly DriverDay[];
    /** Hours in which he brought something; null: not known. */
    hours: number | null;
    dsp: { name: string; drivers: number; days: DriverDay[] } | null;
  },
): MessageDraft {
  const { driver, period, metric, trend, dsp } = shown;
  const said = context.words.say(TEMPLATES[metric], lang, {
    ...factsOf(shown, trend.total, context.clock, lang),
    dspOnTime: dsp && rate(sumOf(dsp.days.map(({ tally }) => tally))),
    dsp: dsp?.name ?? null,
    mean: trend.mean === null || trend.days.length < 2 ? null : trend.mean.toFixed(1),
    rising: trend.trend?.direction === 'rising',
    falling: trend.trend?.direction === 'falling',
    flat: trend.trend?.direction === 'flat',
    slope: trend.trend && signed(trend.trend.slope),
    strength: trend.trend && trend.trend.direction !== 'flat' ? STRENGTHS[trend.trend.strength][lang] : null,
    perHour: shown.hours && trend.total.completed > 0 ? (trend.total.completed / shown.hours).toFixed(1) : null,
    before: changeOf(trend, shown.before),
    span: shown.before.length,
    running: trend.running && trend.days.length > 1,
    gaps: trend.gaps.length === 0 ? null : sayGaps(trend.gaps, lang),
  });
  const age = ageOf(shown, context.clock, trend.gaps);
  const blocks = textBlocks(said.text);
  if (trend.values.some((value) => value !== null)) {
    const chart = {
      title: said.title,
      footnote: footnote(age, context.clock, lang),
      ...dayChart(trend, metric, dsp && { name: dsp.name, values: perDriver(dsp.days, dsp.drivers, metric) }, lang),
    };
    blocks.push({ type: 'chart', chart, alt: said.title });
  }
  blocks.push(...tableBlocks(trend, lang), buttonsFor(driver, period, metric, today(context.clock), lang));
  const data = period.unit === 'days' && {
    data: trendData({
      driverId: driver.id,
      from: period.from,
      to: period.to,
      trend,
      summary: [said.title, ...said.text.trim().split('\n').slice(0, 1)].join(pick(lang, '。', '. ')),
      asOf: shown.age?.asOf ?? null,
      complete: age.completeness === 'complete',
    }),
  };
  return { title: said.title, blocks, asOf: age, lang, ...data };
}

const STRENGTHS = {
  strong: { zh: '明显', en: 'clear' },
  moderate: { zh: '一般', en: 'moderate' },
  weak: { zh: '微弱', en: 'weak' },
} as const;

/**
 * By how much the mean of the days that are over differs from the mean of those before, e.g. `+12.5%`; null where either
 * is not known, or was nothing.
 */
function changeOf(trend: DriverTrend, before: readonly DriverDay[]): string | null {
  const mean = trend.running ? trend.mean : meanOf(trend.days.map(({ tally }) => figureOf(tally, 'deliveries')));
  const then = meanOf(before.map(({ tally }) => figureOf(tally, 'deliveries')));
  if (mean === null || !then || before.some(({ tally }) => tally === null)) return null;
  const share = (100 * (mean - then)) / then;
  return `${share > 0 ? '+' : ''}${share.toFixed(1)}%`;
}

/** The last days shown; columns of which nothing is known are left out. */
function tableBlocks({ days, total }: DriverTrend, lang: Lang): Blocks {
  const columns = [
    { label: pick(lang, '完成', 'Delivered'), metric: 'deliveries', known: true },
    { label: pick(lang, '准时', 'On time'), metric: 'on_time', known: total.onTimeKnown > 0 },
    { label: pick(lang, '失败', 'Failed'), metric: 'failed', known: total.statusKnown > 0 },
  ] as const;
  const known = columns.filter((column) => column.known);
  const rows = days.slice(-TABLE_DAYS).map(({ day, tally }) => [
    sayDay(day, lang),
    ...known.map(({ metric }) => {
      const figure = figureOf(tally, metric);
      return figure === null ? '—' : metric === 'on_time' ? `${figure.toFixed(0)}%` : grouped(figure);
    }),
  ]);
  const table = {
    type: 'table' as const,
    columns: [{ label: pick(lang, '日期', 'Day') }, ...known.map(({ label }) => ({ label, align: 'right' as const }))],
    rows,
  };
  if (days.length <= TABLE_DAYS) return [table];
  const note = pick(lang, `表中是最后 ${TABLE_DAYS} 天。`, `The table has the last ${TABLE_DAYS} days.`);
  return [table, { type: 'text', text: note }];
}

/** A driver's last 24 hours, counted by order time in whole hours that end now. */
export function hoursCard(
  { lang, context }: World,
  shown: Shown & { metric: Metric; end: Date; timed: TimedDeliveries },
): MessageDraft {
  const { driver, period, metric, end, timed } = shown;
  const { zone } = context.clock;
  const counts = hourFigures(timed.mine, end, 'deliveries').map((count) => count ?? 0);
  const most = Math.max(...counts);
  const peak = hoursUntil(end)[counts.indexOf(most)];
  const said = context.words.say(metric === 'deliveries' ? 'drivers/hours' : TEMPLATES[metric], lang, {
    ...NO_TREND,
    ...factsOf(shown, tallyOf(timed.mine.map((row) => ({ ...row, count: 1 }))), context.clock, lang),
    peak: most > 0 && peak ? `${clockTime(peak, zone)}–${clockTime(new Date(peak.getTime() + 3_600_000), zone)}` : null,
    untimed: timed.untimed === 0 ? null : grouped(timed.untimed),
  });
  const age = ageOf(shown, context.clock);
  const blocks = textBlocks(said.text);
  const values = hourFigures(timed.mine, end, metric);
  if (values.some((value) => value !== null)) {
    const chart = {
      title: said.title,
      footnote: footnote(age, context.clock, lang),
      ...hourChart(values, metric, timed.dsp, end, zone, lang),
    };
    blocks.push({ type: 'chart', chart, alt: said.title });
  }
  return {
    title: said.title,
    blocks: [...blocks, buttonsFor(driver, period, metric, today(context.clock), lang)],
    asOf: age,
    lang,
  };
}

/** Nothing to draw: a true zero where others have data of that time, else not known. */
export function nothingCard(
  { lang, context }: World,
  shown: Shown & { others: boolean; last: Day | undefined; newest: Day | null },
): MessageDraft {
  const { driver, period, others, last, newest } = shown;
  const said = context.words.say('drivers/nothing', lang, {
    ...whose(driver),
    period: sayPeriod(period, context.clock, lang),
    others,
    last: last ?? null,
    newest,
  });
  const blocks = textBlocks(said.text);
  if (last) {
    const range = `${addDays(last, -6)}..${last}`;
    const label = pick(lang, `${addDays(last, -6)} 至 ${last.slice(5)}`, `${addDays(last, -6)} to ${last.slice(5)}`);
    blocks.push({ type: 'actions', buttons: [button(label, driver, range, 'deliveries')] });
  }
  return {
    title: said.title,
    tone: others ? 'info' : 'warn',
    blocks,
    asOf: ageOf(shown, context.clock),
    lang,
  };
}

function factsOf({ driver, period }: Shown, total: Tally, clock: Clock, lang: Lang): Record<string, unknown> {
  const ended = total.completed + total.failed;
  return {
    ...whose(driver),
    period: sayPeriod(period, clock, lang),
    dated: period.unit === 'days' && period.to !== today(clock),
    total: grouped(total.completed),
    one: total.completed === 1,
    onTime: rate(total),
    failed: total.statusKnown > 0 ? grouped(total.failed) : null,
    share: total.statusKnown > 0 && ended > 0 ? ((100 * total.failed) / ended).toFixed(1) : null,
  };
}

/** A driver without a name of his own is called by his id. */
function whose({ id, name }: DriverRecord) {
  return { id, name: name === id ? null : name };
}

function rate(tally: Tally): string | null {
  return figureOf(tally, 'on_time')?.toFixed(1) ?? null;
}

function signed(slope: number): string {
  const size = Math.abs(slope) < 0.1 ? slope.toPrecision(1) : slope.toFixed(1);
  return slope > 0 ? `+${size}` : size;
}

function textBlocks(text: string): Blocks {
  return text.trim() ? [{ type: 'text', text: text.trim() }] : [];
}

/** Days of which nobody has data make an answer partial, however complete the feed calls itself. */
function ageOf({ driver, age }: Shown, clock: Clock, gaps: readonly Day[] = []): DataAge {
  return {
    at: (age?.asOf ?? clock.now()).toISOString(),
    source: driver.sample ? '' : (age?.source ?? ''),
    completeness: gaps.length > 0 ? 'partial' : ((age?.completeness ?? 'unknown') as DataAge['completeness']),
    sample: driver.sample,
    ...(age?.note && { note: age.note }),
  };
}

function buttonsFor(driver: DriverRecord, period: Period, metric: Metric, now: Day, lang: Lang) {
  const others = [
    [pick(lang, '24小时', '24 hours'), 'last_24_hours'],
    [pick(lang, '7天', '7 days'), 'last_7_days'],
    [pick(lang, '30天', '30 days'), 'last_30_days'],
  ] as const;
  const buttons = others.filter(([, range]) => range !== period.said);
  return {
    type: 'actions' as const,
    buttons: [
      ...neighboursOf(period, now, lang).map(([label, range]) => {
        const { call } = button(label, driver, range, metric);
        return { label, call: { ...call, turns: true } };
      }),
      ...buttons.map(([label, range]) => button(label, driver, range, metric)),
    ],
  };
}

/** The stretches of the same length before and after: the message itself becomes theirs. */
function neighboursOf(period: Period, now: Day, lang: Lang): [label: string, range: string][] {
  if (period.unit === 'hours') return [];
  const { from, to } = period;
  const length = daysBetween(from, to).length;
  const shifted = (days: number) => `${addDays(from, days)}..${addDays(to, days)}`;
  return [
    [pick(lang, '◀ 往前', '◀ Earlier'), shifted(-length)],
    ...(to < now ? [[pick(lang, '往后 ▶', 'Later ▶'), shifted(length)] as [string, string]] : []),
  ];
}

function button(label: string, driver: DriverRecord, range: string, metric: Metric): Button {
  const args = { driver: driver.id, range, ...(metric !== 'deliveries' && { metric }) };
  return { label, call: { command: 'drivers.trend', args } };
}
