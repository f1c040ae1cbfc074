import { type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { clockTime, sayDay } from '../../core/time.ts';
import { hoursUntil, type Metric, perHour } from './model.ts';
import type { DriverTrend } from './trend.ts';

/** The pictures of a driver's trend, as values. */
type Chart = Extract<NonNullable<MessageDraft['blocks']>[number], { type: 'chart' }>['chart'];
type Series = Chart['series'][number];
type Drawn = Pick<Chart, 'labels' | 'series' | 'unit'>;

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
  const line = (name: string, of: readonly (number | null)[], role: Series['role'], dashed = false): Series => ({
    name,
    kind: 'line',
    values: of.map(rounded),
    role,
    unit,
    dashed,
  });
  const series = [subject(values, metric, lang)];
  if (values.length > 1) series.push(line(pick(lang, '7日均值', '7-day mean'), average, 'subject-2'));
  if (trend) series.push(line(pick(lang, '趋势', 'Trend'), trend.line, 'trend', true));
  if (dsp) series.push(line(meanName(dsp.name, lang), dsp.values, 'comparison'));
  return {
    labels: days.map(({ day }) => (days.length > WEEKDAYS_UP_TO ? day.slice(5) : sayDay(day, lang))),
    series,
    unit,
  };
}

/** The 24 hours that end at `end`, each named by its beginning; counts beside the mean of the DSP's drivers. */
export function hourChart(
  values: readonly (number | null)[],
  metric: Metric,
  dsp: { name: string; drivers: number; orderedAt: Date[] } | null,
  end: Date,
  zone: string,
  lang: Lang,
): Drawn {
  const unit = unitOf(metric, lang);
  const series = [subject(values, metric, lang)];
  if (dsp && metric === 'deliveries') {
    const mean = perHour(dsp.orderedAt, end).map((count) => rounded(count / dsp.drivers));
    series.push({ name: meanName(dsp.name, lang), kind: 'line', values: mean, role: 'comparison', unit });
  }
  return { labels: hoursUntil(end).map((start) => clockTime(start, zone)), series, unit };
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
