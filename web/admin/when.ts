import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { useLanguage } from '../shared/language.tsx';
import { dayKey, dayText, nowIso, timeText } from '../shared/time.ts';

/** The house's time zone. */
export const ZoneContext = createContext('Asia/Shanghai');

/** Instants as people say them: 14:20 today, else 昨天 14:20 or 10月17日 周五 14:20; — where there is none. */
export function useWhen(): (iso: string | null | undefined) => string {
  const zone = useContext(ZoneContext);
  const { lang } = useLanguage();
  return (iso) => {
    if (!iso) return '—';
    const time = timeText(iso, zone);
    return dayKey(iso, zone) === dayKey(nowIso(), zone) ? time : `${dayText(iso, zone, lang)} ${time}`;
  };
}

/** How long something took: 0.3 s, 12 s, 2 min 5 s; — while it lasts. */
export function took(from: string, to: string | null): string {
  if (!to) return '—';
  const seconds = (new Date(to).getTime() - new Date(from).getTime()) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
