import type { Chart, Series } from '../core/message.ts';
import { grouped } from '../core/money.ts';

export type Locale = 'zh-CN' | 'en-US';

/** The language that a chart's words are in: it decides 1.2万 or 12K. */
export function localeOf(chart: Chart): Locale {
  return /\p{Script=Han}/u.test([chart.title, chart.unit, ...chart.series.map((series) => series.name)].join(''))
    ? 'zh-CN'
    : 'en-US';
}

/** Names may be typed by people: control characters go, and emoji, for which no font is carried. */
export function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Emoji_Presentation}\ufe0f?/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** A value with its unit, in full: `15,305 通`, `16.31%`. */
export function withUnit(value: number, unit: string): string {
  return joined(grouped(value), unit);
}

/** A value short enough to stand on a bar: `1,204`, `12.3万`, `123.4K`; of the units only `%` is repeated. */
export function short(value: number, unit: string, locale: Locale): string {
  const compact = Math.abs(value) >= (locale === 'zh-CN' ? 100_000 : 10_000);
  const decimals = Math.abs(value) < 1 ? 2 : Math.abs(value) < 100 || compact ? 1 : 0;
  const notation = compact ? 'compact' : 'standard';
  const text = value.toLocaleString(locale, { notation, maximumFractionDigits: decimals, signDisplay: 'negative' });
  return unit === '%' ? `${text}%` : text;
}

/** `Intl.NumberFormat` options for the numbers along an axis: they are JSON, a callback is not. */
export function tickFormat(unit: string, step: number, max: number): Record<string, string | number> {
  const digits = Number.isInteger(step) ? 0 : Math.min(12, Math.max(1, Math.ceil(-Math.log10(step)) + 1));
  const decimals = { maximumFractionDigits: digits };
  if (unit === '%') return { style: 'unit', unit: 'percent', ...decimals };
  return max >= 10_000 ? { notation: 'compact', maximumFractionDigits: 2 } : decimals;
}

/** A series' unit: its own, or that of its axis. */
export function unitOf(chart: Chart, series: Series): string {
  return series.unit || (series.axis === 'right' ? chart.rightUnit : chart.unit);
}

function joined(number: string, unit: string): string {
  if (!unit) return number;
  return /^[%‰°]/.test(unit) ? `${number}${unit}` : `${number} ${unit}`;
}
