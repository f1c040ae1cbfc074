import { AskerError } from '../../core/errors.ts';
import { type Lang, pick } from '../../core/message.ts';
import type { Days, Schedule } from './schedule.ts';

/** How schedules are typed: days and times, in either order, in Chinese and English. */

const NUMBER = '(?:\\d{1,2}|[一二两三四五]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])';
const PERIOD = '(?:凌晨|清晨|早上|早晨|上午|早|中午|下午|傍晚|晚上|夜里|晚)';
const TIME = [
  `(?:${PERIOD}\\s*)?\\d{1,2}:\\d{1,2}(?!\\d)(?:\\s*[ap]\\.?m\\b\\.?)?`,
  `(?:${PERIOD}\\s*)?${NUMBER}\\s*[点时](?:整|钟|半|一刻|三刻|${NUMBER}分?)?`,
  '(?<!\\d)\\d{1,2}\\s*[ap]\\.?m\\b\\.?',
  '\\b(?:noon|midnight)\\b',
  '(?<=\\bat\\s+)\\d{1,2}(?![\\d:])',
].join('|');

const WEEK = '(?:周|星期|礼拜)';
const WEEKDAY = '(?:[一二三四五六日天]|[1-7](?!\\d))';
const NAME =
  '(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)';
const MONTHDAY = `${NUMBER}(?:日|号|(?![点时:\\d]))`;
const NTH = '\\d{1,2}(?:st|nd|rd|th)?';
const SEPARATOR = '\\s*(?:,|、|和|及|与|&|\\band\\b)\\s*';
const TO = '\\s*(?:到|至|-|~|\\bto\\b|\\bthrough\\b)\\s*';
const EVERY = '\\b(?:every|each)\\s+';

const daily = (): Days => ({ every: 'day' });
const weekly = (on: number[]): Days => ({ every: 'week', on });
const lastOfMonth = (): Days => ({ every: 'month', on: [31] });

/** Ways to say days, the more special first. */
const DAYS: readonly [pattern: string, read: (words: string) => Days | null][] = [
  [
    `(?:每个?|逢)?工作日(?!报)|${EVERY}(?:work(?:ing)?|business)\\s*days?\\b|\\b(?:work(?:ing)?|business)\\s*days\\b`,
    () => ({ every: 'workday' }),
  ],
  [`每个?周末|${EVERY}weekend\\b|\\bweekends\\b`, () => weekly([6, 7])],
  [`${EVERY}weekdays?\\b|\\bweekdays\\b`, () => weekly([1, 2, 3, 4, 5])],
  [
    `(?:每个?|逢)${WEEK}${WEEKDAY}${TO}${WEEK}?${WEEKDAY}(?![点时十:])`,
    (words) => weekdayRange(chineseWeekdays(words)),
  ],
  [
    `(?:每个?|逢)${WEEK}${WEEKDAY}(?:(?:${SEPARATOR})?${WEEK}?${WEEKDAY}(?![点时十:]))*`,
    (words) => weekly(inOrder(chineseWeekdays(words))),
  ],
  [
    `(?:(?:${EVERY}|\\bon\\s+)(?:week\\s+on\\s+)?|\\bweekly\\s+on\\s+)?\\b${NAME}${TO}${NAME}\\b`,
    (words) => weekdayRange(englishWeekdays(words)),
  ],
  [
    `(?:${EVERY}(?:week\\s+on\\s+)?|\\b(?:weekly\\s+)?on\\s+)${NAME}s?\\b(?:(?:${SEPARATOR})+${NAME}s?\\b)*`,
    (words) => weekly(inOrder(englishWeekdays(words))),
  ],
  [
    `\\b${NAME.replaceAll('day)?', 'day)')}s\\b(?:(?:${SEPARATOR})+${NAME}s\\b)*`,
    (words) => weekly(inOrder(englishWeekdays(words))),
  ],
  [
    `每个?月的?(?:最后一天|月?底|月?末)|月底|月末|(?:\\bon\\s+)?(?:\\bthe\\s+)?\\blast\\s+day\\s+of\\s+(?:every|each|the)\\s+month\\b|(?:${EVERY}month|\\bmonthly)\\s+on\\s+the\\s+last\\s+day\\b`,
    lastOfMonth,
  ],
  [`每个?月的?\\s*${MONTHDAY}(?:${SEPARATOR}${MONTHDAY})*`, (words) => monthly(words)],
  [
    `(?:${EVERY}month|\\bmonthly)\\s+on\\s+(?:the\\s+)?${NTH}(?:(?:${SEPARATOR})+(?:the\\s+)?${NTH})*\\b`,
    (words) => monthly(words),
  ],
  [
    `(?:\\bon\\s+)?(?:\\bthe\\s+)?\\b${NTH}(?:(?:${SEPARATOR})+(?:the\\s+)?${NTH})*\\s+of\\s+(?:every|each|the)\\s+month\\b`,
    (words) => monthly(words),
  ],
  [`每天|每日|天天|每(?=${PERIOD})|${EVERY}day\\b|\\beveryday\\b|\\bdaily\\b`, daily],
];
const HOURLY = `每个?小时|${EVERY}hour\\b|\\bhourly\\b`;

const ANY_DAYS = DAYS.map(([pattern]) => pattern).join('|');
const FILL = '(?:\\s|[,、;@&]|和|及|与|的|在|\\bat\\b|\\bon\\b|\\band\\b)*';
/** Stands for what is not to be looked at, such as words in quotation marks. */
export const HIDDEN = '\uE000';
const TIMES = `(?:\\bat\\s+)?(?:${TIME})(?:${FILL}(?:${TIME}))*`;
/** Ways to say a schedule; the last but one surely means one though it cannot be read, up to the end. */
const SCHEDULE = [
  HOURLY,
  `(?:${ANY_DAYS})${FILL}${TIMES}`,
  `${TIMES}${FILL}(?:${ANY_DAYS})`,
  `(?:${ANY_DAYS}|每|${EVERY})[^${HIDDEN}]*`,
  TIMES,
];

/**
 * Where in a line the words of a schedule stand, also of one that cannot be read; null where there are none.
 * @param line normalised words, with `HIDDEN` for each character that is not to be looked at
 */
export function findSchedule(line: string): { at: number; length: number } | null {
  for (const pattern of SCHEDULE) {
    const found = new RegExp(pattern, 'i').exec(line);
    if (found) return { at: found.index, length: found[0].length };
  }
  return null;
}

/**
 * Reads a schedule: 每天18:00, 每周一、三 9点, 每工作日 下午6点半, every monday at 9am, the 1st of every month at 10:00.
 * A time alone is every day's.
 * @throws AskerError saying what cannot be read
 */
export function readSchedule(words: string, lang: Lang): Schedule {
  const text = words.normalize('NFKC').trim();
  const hourly = new RegExp(`^(?:${HOURLY})$`, 'i').test(text);
  if (hourly) return { days: daily(), times: Array.from({ length: 24 }, (_, hour) => clockTime(hour, 0) ?? '') };
  const [days, afterDays] = takeDays(text, lang);
  const times: string[] = [];
  const left = afterDays.replace(new RegExp(TIME, 'gi'), (said) => {
    const time = readTime(said.trim());
    if (time === null) throw wrong(lang, `时间不对：「${said.trim()}」。`, `“${said.trim()}” is not a time.`);
    times.push(time);
    return ' ';
  });
  const unread = left.replace(new RegExp(`^${FILL}$`, 'i'), '').trim();
  if (unread) throw wrong(lang, `时间看不懂：「${unread}」。`, `I cannot read “${unread}” as a time.`);
  if (times.length === 0) throw wrong(lang, `「${text}」没有说几点。`, `“${text}” does not say at what time.`);
  return { days, times: [...new Set(times)].toSorted() };
}

function takeDays(text: string, lang: Lang): [Days, string] {
  for (const [pattern, read] of DAYS) {
    const found = new RegExp(pattern, 'i').exec(text);
    if (!found) continue;
    const days = read(found[0]);
    if (!days) throw wrong(lang, `日期不对：「${found[0]}」。`, `“${found[0]}” names a day that does not exist.`);
    return [days, `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`];
  }
  return [daily(), text];
}

/** `HH:MM` from one time as typed; null where there is no such time, e.g. 25点 or 13pm. */
function readTime(said: string): string | null {
  if (/^noon$/i.test(said)) return '12:00';
  if (/^midnight$/i.test(said)) return '00:00';
  const period = new RegExp(`^${PERIOD}`).exec(said)?.[0] ?? '';
  const meridian = /([ap])\.?m\b/i.exec(said)?.[1]?.toLowerCase();
  const [hourWords = '', minuteWords = ''] = said
    .slice(period.length)
    .replace(/[ap]\.?m\b\.?/i, '')
    .split(/[:点时]/)
    .map((part) => part.replace(/[整钟分]/g, '').trim());
  const quarters: Record<string, number> = { '': 0, 半: 30, 一刻: 15, 三刻: 45 };
  const hour = inDay(numberOf(hourWords), period, meridian);
  const minute = quarters[minuteWords] ?? numberOf(minuteWords);
  return hour === null ? null : clockTime(hour, minute);
}

/** The hour of 24 that an hour of a part of the day is; null where they contradict each other. */
function inDay(hour: number, period: string, meridian: string | undefined): number | null {
  if (meridian) return hour >= 1 && hour <= 12 ? (hour % 12) + (meridian === 'p' ? 12 : 0) : null;
  if (/^(?:下午|傍晚|晚上|夜里|晚)$/.test(period)) {
    // 晚上12点 could be either end of the day.
    if (hour === 12) return period === '下午' ? 12 : null;
    return hour < 12 ? hour + 12 : hour;
  }
  if (period === '中午') return hour < 10 ? hour + 12 : hour;
  if (period === '凌晨') return hour <= 12 ? hour % 12 : null;
  return period && hour > 12 ? null : hour;
}

function clockTime(hour: number, minute: number): string | null {
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59)) return null;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

const DIGITS = '零一二三四五六七八九';

/** 9, 九, 十五, 二十三; NaN where it is none. */
function numberOf(words: string): number {
  if (/^\d+$/.test(words)) return Number(words);
  const said = words.replace('两', '二').replace('〇', '零');
  const [tens, ones] = said.includes('十') ? said.split('十') : ['零', said];
  const digit = (one: string | undefined, empty: number) => (one ? DIGITS.indexOf(one) : empty);
  const number = digit(tens, 1) * 10 + digit(ones, 0);
  return words && number >= 0 ? number : Number.NaN;
}

function chineseWeekdays(words: string): number[] {
  return [...words.matchAll(/[一二三四五六日天1-7]/g)].map(([one]) =>
    /\d/.test(one) ? Number(one) : '一二三四五六日'.indexOf(one) + 1 || 7,
  );
}

const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function englishWeekdays(words: string): number[] {
  return [...words.matchAll(new RegExp(`\\b${NAME}`, 'gi'))].map(
    ([one]) => NAMES.indexOf(one.slice(0, 3).toLowerCase()) + 1,
  );
}

function weekdayRange([from = 1, to = from]: number[]): Days | null {
  return from < to ? weekly(Array.from({ length: to - from + 1 }, (_, at) => from + at)) : null;
}

function monthly(words: string): Days | null {
  const on = inOrder(
    [...words.replace(/^每个?月/, '').matchAll(new RegExp(NUMBER, 'g'))].map(([one]) => numberOf(one)),
  );
  return on.every((one) => one >= 1 && one <= 31) ? { every: 'month', on } : null;
}

function inOrder(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

function wrong(lang: Lang, zh: string, en: string): AskerError {
  const example = pick(
    lang,
    '每天18:00、每工作日 9:30、每周一9点、每月1日 10点',
    'every day at 18:00, every workday at 9:30, every monday at 9am, monthly on the 1st at 10:00',
  );
  return new AskerError(pick(lang, zh, en), { example });
}
