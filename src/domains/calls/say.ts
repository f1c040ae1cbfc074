import type { Ask } from '../../core/command.ts';
import { type DataAge, type Lang, pick } from '../../core/message.ts';
import { grouped } from '../../core/money.ts';
import { addDays, addMonths, type Day, type Month, monthOf, sayDay, today } from '../../core/time.ts';
import type { CallsState } from './store.ts';

/** What words and buttons depend on: the reader, the language, and what day it is. */
export type World = Pick<Ask, 'lang' | 'context' | 'asker'>;

/** 今日, 昨日, 10-25 周六, with the year where it is another. */
export function sayWhen({ lang, context }: World, day: Day): string {
  const now = today(context.clock);
  if (day === now) return pick(lang, '今日', 'today');
  if (day === addDays(now, -1)) return pick(lang, '昨日', 'yesterday');
  const year = day.slice(0, 4) === now.slice(0, 4) ? '' : day.slice(0, 5);
  return pick(lang, `${year}${sayDay(day, lang)}`, `on ${year}${sayDay(day, lang)}`);
}

export function sayMonth({ lang, context }: World, month: Month): string {
  const now = monthOf(today(context.clock));
  if (month === now) return pick(lang, '本月', 'this month');
  if (month === addMonths(now, -1)) return pick(lang, '上月', 'last month');
  const [year, number] = month.split('-');
  const own = year === now.slice(0, 4);
  return pick(lang, `${own ? '' : `${year}年`}${Number(number)}月`, `in ${month}`);
}

export function sayHours(hour: number, lang: Lang): string {
  return pick(lang, `${hour}–${hour + 1} 时`, `${hour}:00–${hour + 1}:00`);
}

export function sayChange(change: number, lang: Lang, unit = ''): string {
  if (change === 0) return pick(lang, '持平', 'level');
  const size = unit === '%' ? Math.abs(change).toFixed(1) : grouped(Math.abs(change));
  return `${change > 0 ? '▲' : '▼'}${size}${unit}`;
}

export function known(figure: number | null, lang: Lang): string {
  return figure === null ? pick(lang, '未知', 'unknown') : grouped(figure);
}

export function rate(percentage: number | null, lang: Lang): string {
  return percentage === null ? pick(lang, '未知', 'unknown') : `${percentage.toFixed(2)}%`;
}

export function ageOf(state: CallsState): DataAge {
  return {
    at: state.asOf.toISOString(),
    source: state.source,
    completeness: state.completeness,
    sample: state.sample,
    ...(state.note && { note: state.note }),
  };
}
