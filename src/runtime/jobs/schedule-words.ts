import i18n from 'cronstrue/i18n.js';
import { type Lang, pick } from '../../core/message.ts';

/** Its types describe another kind of module than it is. */
const cronstrue = i18n as unknown as { toString(cron: string, options: object): string };

/** 每 10 分钟, 每周一 09:30; every 10 minutes. Null: by hand only. */
export function scheduleWords(cron: string | null, lang: Lang): string {
  if (cron === null) return pick(lang, '只手动运行', 'by hand only');
  return (
    (lang === 'zh' && inChinese(cron)) ||
    cronstrue.toString(cron, {
      locale: lang === 'zh' ? 'zh_CN' : 'en',
      use24HourTimeFormat: true,
      throwExceptionOnParseError: false,
    })
  );
}

const NUMBERS = /^\d+(,\d+)*$/;

/** The schedules that jobs have, as one says them; null for others, whose words by cronstrue are right, but stiff. */
function inChinese(cron: string): string | null {
  const [minute = '', hour = '', day = '', month = '', week = ''] = cron.split(' ');
  const days = daysOf(day, month, week);
  if (!days) return null;
  const daily = days === '每天';
  const every = /^(?:\*|\d+-59)\/(\d+)$/.exec(minute)?.[1];
  const span = /^(\d+)-(\d+)$/.exec(hour);
  const hours = span && `${days} ${span[1]}–${span[2]} 点`;
  if (minute === '*' && hour === '*' && daily) return '每分钟';
  if (every) return hours ? `${hours}，每 ${every} 分钟` : hour === '*' && daily ? `每 ${every} 分钟` : null;
  if (!NUMBERS.test(minute)) return null;
  const minutes = minute.split(',');
  if (hours) return minute === '0' ? `${hours}的整点` : `${hours}，每小时第 ${minutes.join('、')} 分`;
  if (hour === '*') return daily ? `每小时第 ${minutes.join('、')} 分` : null;
  if (!NUMBERS.test(hour)) return null;
  const times = hour.split(',').flatMap((h) => minutes.map((m) => `${h.padStart(2, '0')}:${m.padStart(2, '0')}`));
  return `${days} ${times.join('、')}`;
}

function daysOf(day: string, month: string, week: string): string | null {
  if (month !== '*') return null;
  if (day === '*' && week === '*') return '每天';
  if (day === '*' && /^[0-7]$/.test(week)) return `每周${'日一二三四五六日'[Number(week)]}`;
  if (day === '*' && week === '1-5') return '周一至周五';
  return week === '*' && /^\d+$/.test(day) ? `每月 ${day} 日` : null;
}
