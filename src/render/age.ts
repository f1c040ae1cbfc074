import { sourceName } from '../core/footnote.ts';
import { type DataAge, type Lang, pick } from '../core/message.ts';
import { type Clock, clockTime, dayOf, sayDay, today } from '../core/time.ts';

/**
 * How old and how complete the data is, in one line: `数据截至 14:20 · 缓存 · 完整`, with the day when it is not today.
 * Late and partial data says so plainly, with the reason where there is one.
 */
export function ageLine(age: DataAge, lang: Lang, clock: Clock): string {
  const parts = [
    `${pick(lang, '数据截至', 'Data as of')} ${moment(new Date(age.at), lang, clock)}`,
    sourceName(age.source, lang),
    completeness(age, lang, clock),
    age.note ?? '',
    age.sample ? pick(lang, '示例数据', 'sample data') : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function moment(at: Date, lang: Lang, clock: Clock): string {
  const day = dayOf(at, clock.zone);
  const time = clockTime(at, clock.zone);
  if (day === today(clock)) return time;
  return day.slice(0, 4) === today(clock).slice(0, 4) ? `${sayDay(day, lang)} ${time}` : `${day} ${time}`;
}

function completeness(age: DataAge, lang: Lang, clock: Clock): string {
  switch (age.completeness) {
    case 'complete':
      return pick(lang, '完整', 'complete');
    case 'partial':
      return pick(lang, '不完整', 'incomplete');
    case 'unknown':
      return pick(lang, '是否完整未知', 'completeness unknown');
    case 'late':
      return lateness(clock.now().getTime() - new Date(age.at).getTime(), lang);
  }
}

function lateness(milliseconds: number, lang: Lang): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (minutes === 0) return pick(lang, '未按时更新', 'late');
  if (days > 0) return pick(lang, `已迟 ${days} 天`, `${days} ${days === 1 ? 'day' : 'days'} late`);
  if (hours > 0) return pick(lang, `已迟 ${hours} 小时`, `${hours} h late`);
  return pick(lang, `已迟 ${minutes} 分钟`, `${minutes} min late`);
}
