import { AskerError } from './errors.ts';
import { type Lang, pick } from './message.ts';
import { addDays, addMonths, type Clock, type Day, isDay, monthOf, today } from './time.ts';

/** What a reader found in the typed words, and the words that are left. */
export interface Found {
  value: string;
  rest: string;
}

/** Reads one argument out of typed words. Words come normalised (half-width, single blanks), in their own case. */
export interface Reader {
  read(words: string, clock: Clock, lang: Lang): Found | null;
  /** Words that surely were meant for this reader though it cannot read them: named in the error. */
  meant?: RegExp;
  /** What it reads, for the error. */
  what: Record<Lang, string>;
}

/** One word of a given shape, e.g. an id. */
export function word(pattern: RegExp, what: Record<Lang, string>): Reader {
  return {
    what,
    read: (words) => cut(words, new RegExp(`(?:^|(?<=\\s))(?:${pattern.source})(?=\\s|$)`, 'i')),
  };
}

/** All words that are left: put it last. */
export function rest(what: Record<Lang, string>): Reader {
  return { what, read: (words) => (words.trim() ? { value: words.trim(), rest: '' } : null) };
}

/** A day → `YYYY-MM-DD`: 今天/昨日/前天, today/yesterday, 2025-10-25, 10-25, 10月25日. */
export const day: Reader = {
  what: { zh: '日期', en: 'the day' },
  meant: /\d{1,4}[-/.]\d{1,2}\S*|\d+月\d*\S*|\S*[天日]$|last\S*|yest\S*|tod\S*/i,
  read(words, clock) {
    const now = today(clock);
    const named: [RegExp, number][] = [
      [/今天|今日|\btoday\b/i, 0],
      [/昨天|昨日|\byesterday\b/i, -1],
      [/前天|前日/i, -2],
    ];
    for (const [pattern, days] of named) {
      const found = cut(words, pattern);
      if (found) return { ...found, value: addDays(now, days) };
    }
    return cutDay(words, now);
  },
};

/** A month → `YYYY-MM`: 本月/上月, this month/last month, 2025-10, 2025年10月, 10月. */
export const month: Reader = {
  what: { zh: '月份', en: 'the month' },
  meant: /\d{1,4}[-/.年]\S*|\S*月\S*/i,
  read(words, clock) {
    const now = monthOf(today(clock));
    const named: [RegExp, number][] = [
      [/本月|这个月|当月|\bthis month\b/i, 0],
      [/上个?月|\blast month\b/i, -1],
    ];
    for (const [pattern, months] of named) {
      const found = cut(words, pattern);
      if (found) return { ...found, value: addMonths(now, months) };
    }
    const dated = /(?<!\d)(?:(\d{4})[-/.年])?(0?[1-9]|1[0-2])(?:月份?)?(?![-/.\d])/i.exec(words);
    if (!dated || (!dated[1] && !dated[0].includes('月'))) return null;
    const number = dated[2]?.padStart(2, '0');
    let value = `${dated[1] ?? now.slice(0, 4)}-${number}`;
    // A month without a year is the latest such month that has begun.
    if (!dated[1] && value > now) value = addMonths(value, -12);
    return { value, rest: without(words, dated.index, dated[0].length) };
  },
};

/**
 * A range of days → `last_N_days`, `last_24_hours` or `FROM..TO`:
 * 近7天, 最近一周, 近24小时, last 30 days, last_7_days, 2022-03-25..2022-03-31, 03-25 至 03-31, 昨天.
 */
export const range: Reader = {
  what: { zh: '日期', en: 'the period' },
  meant: /[近过]\S*|last\S*|past\S*|\d{2,4}[-/.]\d\S*|\S+\.\.\S*|\S*\.\.\S+|\S*[天日]$/i,
  read(words, clock) {
    const hours = cut(words, /(?:最?近|过去)?\s*24\s*个?小时|(?:last|past)[_\s]24[_\s]?h(?:ours?)?/i);
    if (hours) return { ...hours, value: 'last_24_hours' };
    const week = cut(words, /(?:最?近|过去)(?:一周|1周|一星期)|(?:last|past)[_\s]week/i);
    if (week) return { ...week, value: 'last_7_days' };
    const many =
      /(?:最?近|过去)?\s*(\d{1,3}|[一二三五七十]|三十|十四)\s*天|(?:last|past)[_\s](\d{1,3})[_\s]days?/i.exec(words);
    if (many) {
      const said = many[1] ?? many[2] ?? '';
      const days = CHINESE_NUMBERS[said] ?? Number(said);
      if (days >= 1) return { value: `last_${days}_days`, rest: without(words, many.index, many[0].length) };
    }
    return cutRange(words, today(clock)) ?? (day.read(words, clock, 'zh') && oneDay(words, clock));
  },
};

const CHINESE_NUMBERS: Record<string, number> = { 一: 1, 二: 2, 三: 3, 五: 5, 七: 7, 十: 10, 十四: 14, 三十: 30 };

/** The days of a range as `range` reads it; `last_N_days` ends today. */
export function daysOf(value: string, clock: Clock, lang: Lang = 'zh'): { from: Day; to: Day } {
  const now = today(clock);
  if (value === 'last_24_hours') return { from: addDays(now, -1), to: now };
  const last = /^last_(\d{1,3})_days$/.exec(value);
  if (last) return { from: addDays(now, 1 - Number(last[1])), to: now };
  const [from = '', to = from] = value.split('..');
  if (!isDay(from) || !isDay(to)) throw new AskerError(cannotRead(range, value, lang));
  if (to < from) {
    throw new AskerError(
      pick(lang, `日期范围反了：${from} 在 ${to} 之后。`, `The period is the wrong way round: ${from} is after ${to}.`),
    );
  }
  return { from, to };
}

/** 「日期看不懂：「近7填」。」 */
export function cannotRead(reader: Reader, words: string, lang: Lang): string {
  return pick(
    lang,
    `${reader.what.zh}看不懂：「${words.trim()}」。`,
    `I cannot read ${reader.what.en} in “${words.trim()}”.`,
  );
}

function oneDay(words: string, clock: Clock): Found | null {
  const found = day.read(words, clock, 'zh');
  return found && { ...found, value: `${found.value}..${found.value}` };
}

const DAY = /(?<!\d)(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?(?!\d)/;

function cutDay(words: string, now: Day): Found | null {
  const found = DAY.exec(words);
  const value = found && dayFrom(found, 1, now);
  return found && value ? { value, rest: without(words, found.index, found[0].length) } : null;
}

function cutRange(words: string, now: Day): Found | null {
  const found = new RegExp(`${DAY.source}\\s*(?:\\.\\.+|~|至|到|—|–|\\bto\\b)\\s*${DAY.source}`, 'i').exec(words);
  if (!found) return null;
  const from = dayFrom(found, 1, now);
  const to = dayFrom(found, 4, now);
  return from && to ? { value: `${from}..${to}`, rest: without(words, found.index, found[0].length) } : null;
}

/** A day from the groups year?, month, day at `at`; without a year, the latest such day that is not in the future. */
function dayFrom(match: RegExpExecArray, at: number, now: Day): Day | null {
  const [year, monthPart = '', dayPart = ''] = match.slice(at, at + 3);
  const tail = `${monthPart.padStart(2, '0')}-${dayPart.padStart(2, '0')}`;
  const thisYear = `${year ?? now.slice(0, 4)}-${tail}`;
  const value = !year && thisYear > now ? `${Number(now.slice(0, 4)) - 1}-${tail}` : thisYear;
  return isDay(value) ? value : null;
}

function cut(words: string, pattern: RegExp): Found | null {
  const found = pattern.exec(words);
  return found ? { value: found[0], rest: without(words, found.index, found[0].length) } : null;
}

function without(words: string, from: number, length: number): string {
  return `${words.slice(0, from)} ${words.slice(from + length)}`.replace(/\s+/g, ' ').trim();
}
