import type { Lang } from '../../src/core/message.ts';

/** Instants as people say them, in the house's time zone. The browser's clock is read here and nowhere else. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format is slow, using it is not. */
function format(locale: string, zone: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(parts)}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, { ...parts, timeZone: zone });
    formats.set(key, made);
  }
  return made;
}

/** The browser's present instant, ISO. */
export function nowIso(): string {
  return new Date().toISOString();
}

/** `2026-11-22` in the zone; two instants of one day give the same. */
export function dayKey(iso: string, zone: string): string {
  return format('en-CA', zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(iso));
}

/** `14:20` */
export function timeText(iso: string, zone: string): string {
  return format('en-GB', zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso));
}

/** 今天, 昨天, 10月17日 周五; with the year where it is another. */
export function dayText(iso: string, zone: string, lang: Lang): string {
  const now = new Date();
  const day = dayKey(iso, zone);
  if (day === dayKey(now.toISOString(), zone)) return lang === 'zh' ? '今天' : 'Today';
  const yesterday = new Date(now.getTime() - 86_400_000).toISOString();
  if (day === dayKey(yesterday, zone)) return lang === 'zh' ? '昨天' : 'Yesterday';
  const thisYear = day.slice(0, 4) === dayKey(now.toISOString(), zone).slice(0, 4);
  const parts: Intl.DateTimeFormatOptions =
    lang === 'zh'
      ? { month: 'long', day: 'numeric', weekday: 'short' }
      : { month: 'short', day: 'numeric', weekday: 'short' };
  const written = format(lang === 'zh' ? 'zh-CN' : 'en-GB', zone, thisYear ? parts : { ...parts, year: 'numeric' });
  return lang === 'zh' ? spaced(written, iso) : written.format(new Date(iso));
}

/** 10月17日周五 → 10月17日 周五 */
function spaced(written: Intl.DateTimeFormat, iso: string): string {
  return written
    .formatToParts(new Date(iso))
    .map((part) => (part.type === 'weekday' ? ` ${part.value}` : part.value))
    .join('')
    .trim();
}

/** For lists: the time if it was today, else the day. */
export function shortText(iso: string, zone: string, lang: Lang): string {
  if (dayKey(iso, zone) === dayKey(nowIso(), zone)) return timeText(iso, zone);
  const day = dayText(iso, zone, lang);
  return day === '昨天' || day === 'Yesterday'
    ? day
    : format(lang === 'zh' ? 'zh-CN' : 'en-GB', zone, { month: 'numeric', day: 'numeric' }).format(new Date(iso));
}
