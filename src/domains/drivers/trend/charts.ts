import { type Lang, type MessageDraft, pick } from '../../../core/message.ts';
import { clockTime, sayDay } from '../../../core/time.ts';
import { figureOf, hoursUntil, type Metric, type Tally } from '../model.ts';
import { type DriverTrend, HOURS_AVERAGED, type Reading } from './trend.ts';

/** The pictures of a driver's trend, as values. */
type Chart = Extract<NonNullable<MessageDraft['blocks']>[number], { type: 'chart' }>['chart'];
type Series = Chart['series'][number];
export type Drawn = Pick<Chart, 'labels' | 'series' | 'unit' | 'band'>;

/** More days than these are written without their weekday. */
const WEEKDAYS_UP_TO = 14;

/** The days as bars (a rate as a line), the 7-day mean, the trend line and the DSP's mean. */
export function dayChart(
  { days, values, average, trend }: DriverTrend,
  metric: Metric,
  dsp: { name: string; values: (number | null)[] } | null,
  lang: Lang,
): Drawn {
  const unit = unitOf(metric, lang);
  const series = [subject(values, metric, lang)];
  if (values.length > 1) series.push(line(pick(lang, '7日均值', '7-day mean'), average, 'subject-2', unit));
  if (trend) series.push(line(pick(lang, '趋势', 'Trend'), trend.line, 'trend', unit, true));
  if (dsp) series.push(line(meanName(dsp.name, lang), dsp.values, 'comparison', unit));
  return {
    labels: days.map(({ day }) => (days.length > WEEKDAYS_UP_TO ? day.slice(5) : sayDay(day, lang))),
    series,
    unit,
    ...bandOf(trend, lang),
  };
}

/** The 24 hours that end at `end`, each named by its beginning, beside the mean of the DSP's drivers. */
export function hourChart(
  { values, average, trend }: Reading,
  metric: Metric,
  dsp: { name: string; drivers: number; tallies: readonly Tally[] } | null,
  end: Date,
  zone: string,
  lang: Lang,
): Drawn {
  const unit = unitOf(metric, lang);
  const series = [subject(values, metric, lang)];
  const averageName = pick(lang, `${HOURS_AVERAGED}小时均值`, `${HOURS_AVERAGED}-hour mean`);
  if (trend) series.push(line(averageName, average, 'subject-2', unit));
  if (trend) series.push(line(pick(lang, '趋势', 'Trend'), onlyWhere(average, trend.line), 'trend', unit, true));
  if (dsp) {
    const mean = dsp.tallies.map((tally) => {
      const figure = figureOf(tally, metric);
      return figure === null || metric === 'on_time' ? figure : figure / Math.max(1, dsp.drivers);
    });
    series.push(line(meanName(dsp.name, lang), mean, 'comparison', unit));
  }
  return { labels: hoursUntil(end).map((start) => clockTime(start, zone)), series, unit };
}

/** A line is drawn over the hours of work alone. */
function onlyWhere(known: readonly (number | null)[], drawn: readonly number[]): (number | null)[] {
  return drawn.map((value, at) => (known[at] === null ? null : value));
}

function line(
  name: string,
  values: readonly (number | null)[],
  role: Series['role'],
  unit: string,
  dashed = false,
): Series {
  return { name, kind: 'line', values: values.map(rounded), role, unit, dashed };
}

function bandOf(trend: Reading['trend'], lang: Lang): Pick<Drawn, 'band'> {
  if (!trend?.band) return {};
  const { low, high } = trend.band;
  return { band: { name: pick(lang, '通常范围', 'Usual range'), low: low.map(rounded), high: high.map(rounded) } };
}

function subject(values: readonly (number | null)[], metric: Metric, lang: Lang): Series {
  const name = {
    deliveries: pick(lang, '完成', 'Delivered'),
    on_time: pick(lang, '准时率', 'On time'),
    failed: pick(lang, '失败', 'Failed'),
  }[metric];
  const kind = metric === 'on_time' ? 'line' : 'bar';
  return { name, kind, values: values.map(rounded), role: 'subject', unit: unitOf(metric, lang) };
}

function meanName(dsp: string, lang: Lang): string {
  return pick(lang, `${dsp} 平均`, `${dsp} mean`);
}

function unitOf(metric: Metric, lang: Lang): string {
  return metric === 'on_time' ? '%' : pick(lang, '单', '');
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
