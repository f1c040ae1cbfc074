import { asData, type Lang, type MessageDraft, pick } from '../../../core/message.ts';
import { grouped } from '../../../core/money.ts';
import { type Day, sayDay } from '../../../core/time.ts';
import { type DriverDay, figureOf, type Metric, perDriver } from '../model.ts';
import {
  ageOf,
  type Blocks,
  buttonsFor,
  type Compared,
  chartBlocks,
  factsOf,
  type Shown,
  textBlocks,
  type World,
} from './cards.ts';
import { dayChart } from './charts.ts';
import { standingOf } from './compare.ts';
import { comparisonData, lineData, productivityData, rounded } from './data.ts';
import { sayGaps } from './period.ts';
import type { DriverTrend } from './trend.ts';

/** Rows of a table that still read well in a chat. */
const TABLE_DAYS = 14;
const TEMPLATES: Record<Metric, string> = {
  deliveries: 'drivers/deliveries',
  on_time: 'drivers/on-time',
  failed: 'drivers/failed',
};

export interface DaysShown extends Shown {
  metric: Metric;
  /** The day that is not over yet. */
  now: Day;
  trend: DriverTrend;
  /** The days of the same length before. */
  before: readonly DriverDay[];
  /** Hours in which something was brought; null: not known. */
  hours: number | null;
  /** Updates that somebody had to wait for. */
  missed: number;
  /** How many drivers these days are of. */
  drivers: number;
  dsp: { name: string; drivers: number; days: DriverDay[] } | null;
}

/** The days of a driver or a DSP: the answer, a chart, a table. */
export function dayCard(world: World, shown: DaysShown): MessageDraft {
  const { lang, context } = world;
  const { metric, trend, dsp, drivers, missed } = shown;
  const { clock } = context;
  const compared = comparedWith(shown, shown.now);
  const said = context.words.say(TEMPLATES[metric], lang, {
    ...factsOf(world, shown, trend, compared, shown.hours),
    mean: trend.mean === null || trend.days.length < 2 ? null : trend.mean.toFixed(1),
    span: shown.before.length,
    days: true,
    running: trend.running && trend.days.length > 1,
    gaps: trend.gaps.length === 0 ? null : sayGaps(trend.gaps, lang),
    missed: missed === 0 ? null : grouped(missed),
    drivers: shown.subject.kind === 'dsp' ? drivers : null,
    perDriver: trend.mean === null ? null : (trend.mean / Math.max(1, drivers)).toFixed(1),
  });
  const age = ageOf(shown, clock, trend.gaps);
  const mean = dsp && { name: dsp.name, values: perDriver(dsp.days, dsp.drivers, metric) };
  return {
    title: said.title,
    blocks: [
      ...textBlocks(said.text),
      ...chartBlocks(world, said.title, age, trend.values, dayChart(trend, metric, mean, lang)),
      ...tableBlocks(trend, lang),
      buttonsFor(shown, metric, shown.now, lang),
    ],
    asOf: age,
    data: dayValues(shown, `${said.title}${pick(lang, '。', '. ')}${said.text.trim().split('\n', 1)[0]}`, compared),
    lang,
  };
}

/** Days that are over alone are compared; with the time before only where all of it is known. */
function comparedWith({ trend, before, dsp, drivers }: DaysShown, now: Day): Compared {
  const over = <D extends DriverDay>(days: readonly D[]) =>
    trend.running && days.length > 1 ? days.filter(({ day }) => day !== now) : days;
  const tallies = (days: readonly DriverDay[]) => days.map(({ tally }) => tally);
  return {
    now: standingOf(tallies(over(trend.days)), drivers),
    before: before.some(({ tally }) => tally === null) ? null : standingOf(tallies(before), drivers),
    dsp: dsp && { name: dsp.name, ...standingOf(tallies(dsp.days), dsp.drivers) },
  };
}

/** A trend as values: what `POST /api/driver-trend-analysis` answers, apart from the picture. Unknown figures are null. */
export function dayValues(
  shown: DaysShown,
  summary: string,
  compared = comparedWith(shown, shown.now),
): MessageDraft['data'] {
  const { subject, trend, metric, age, before, hours } = shown;
  return asData({
    ...(subject.kind === 'dsp' ? { dsp: subject.id } : { driver_id: subject.id }),
    name: subject.name,
    date_range: { from: trend.days[0]?.day, to: trend.days.at(-1)?.day },
    metric,
    metrics: trend.days.map(({ day, tally }, at) => ({
      date: day,
      delivered: figureOf(tally, 'deliveries'),
      on_time: tally && tally.onTimeKnown > 0 ? tally.onTime : null,
      failed: figureOf(tally, 'failed'),
      moving_average: rounded(trend.average[at] ?? null),
    })),
    trend: trend.trend && { slope_per_day: rounded(trend.trend.slope), ...lineData(trend.trend) },
    productivity: productivityData(trend.total, hours),
    comparison: comparisonData(compared, before[0] && { from: before[0].day, to: before.at(-1)?.day }),
    missing_updates: shown.missed,
    summary,
    as_of: age?.asOf ?? null,
    complete: age?.completeness === 'complete' && trend.gaps.length === 0,
  });
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
