import { AskerError } from '../../../core/errors.ts';
import { type Lang, pick } from '../../../core/message.ts';
import { cannotRead, daysOf, type Reader, range } from '../../../core/reader.ts';
import { addDays, type Clock, type Day, daysBetween, today } from '../../../core/time.ts';

/** How far a trend looks: the 24 hours that end now, or whole days of which none is in the future. */
export type Period = { said: string } & ({ unit: 'hours' } | { unit: 'days'; from: Day; to: Day });

const LONGEST = 366;

/** What surely is a period, though it may not be readable: 近7填, last_x_days, 2022-3x, 7 天. */
const LOOKS_LIKE_PERIOD =
  /^(?:(?:最?近|过去)\S*|(?:last|past)[\s_]?\S*|\S*\d\S*[天日周月年时]|\d{2,4}[-/.]\d\S*|\S*\.\.\S*)$/i;

export function looksLikePeriod(word: string): boolean {
  return LOOKS_LIKE_PERIOD.test(word);
}

/**
 * Reads a period beside a driver's id or name: an id such as D-10-23 is not taken for a day. It says of no word that it
 * was meant as a period: 李天 is a name, and whoever looks up the driver can tell.
 */
export const period: Reader = {
  what: range.what,
  read(words, clock, lang) {
    const ids: string[] = [];
    const hidden = words.replace(/(?<![\w-])(?!last|past)[a-z]+[-_]?\d[\w-]*/gi, (id) => {
      ids.push(id);
      return '\0';
    });
    const found = range.read(hidden, clock, lang);
    return found && { ...found, rest: found.rest.replaceAll('\0', () => ids.shift() ?? '') };
  },
};

/**
 * A period from its argument, as `range` gives it or as people write it.
 * @throws AskerError where it cannot be read, is longer than 366 days or begins in the future
 */
export function periodOf(said: string, clock: Clock, lang: Lang): Period {
  const value = /^last_\d+_(?:days|hours)$|^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/.test(said)
    ? said
    : asTyped(said, clock, lang);
  if (value === 'last_24_hours') return { said: value, unit: 'hours' };
  if (/^last_0*(?:\d{4,}|0)_days$/.test(value)) throw tooLong(lang);
  const { from, to } = daysIn(value, clock, lang);
  const now = today(clock);
  if (from > now) {
    throw new AskerError(pick(lang, `${from} 还没到，没有数据。`, `${from} is in the future; there is no data yet.`), {
      example: example(lang),
    });
  }
  if (addDays(from, LONGEST) <= to) throw tooLong(lang);
  const days = { said: value, unit: 'days' as const, from, to };
  return to > now ? { ...days, to: now } : days;
}

function daysIn(value: string, clock: Clock, lang: Lang): { from: Day; to: Day } {
  try {
    return daysOf(value, clock, lang);
  } catch (error) {
    throw error instanceof AskerError ? new AskerError(error.message, { example: example(lang) }) : error;
  }
}

function asTyped(said: string, clock: Clock, lang: Lang): string {
  const found = range.read(said.normalize('NFKC').toLowerCase(), clock, lang);
  if (found && !found.rest) return found.value;
  throw new AskerError(cannotRead(range, said, lang), { example: example(lang) });
}

function tooLong(lang: Lang): AskerError {
  return new AskerError(pick(lang, `一次看 1 到 ${LONGEST} 天。`, `A period has 1 to ${LONGEST} days.`), {
    example: example(lang),
  });
}

function example(lang: Lang): string {
  return pick(lang, '司机 D-1023 近30天趋势', 'trend driver D-1023 last_30_days');
}

/** A period in words: 近7天, 今天, 03-25 至 03-31; the year is said where it is not this one. */
export function sayPeriod(of: Period, clock: Clock, lang: Lang): string {
  if (of.unit === 'hours') return pick(lang, '近24小时', 'the last 24 hours');
  const now = today(clock);
  const { from, to } = of;
  if (from === to && to === now) return pick(lang, '今天', 'today');
  if (to === now) {
    const days = daysBetween(from, to).length;
    return pick(lang, `近${days}天`, `the last ${days} days`);
  }
  const first = from.slice(0, 4) === now.slice(0, 4) ? from.slice(5) : from;
  const last = to.slice(0, 4) === from.slice(0, 4) ? to.slice(5) : to;
  return from === to ? first : pick(lang, `${first} 至 ${last}`, `${first} to ${last}`);
}

/** 02-19 至 02-28、03-22; more than three stretches are counted. */
export function sayGaps(gaps: readonly Day[], lang: Lang): string {
  const stretches: [Day, Day][] = [];
  for (const day of gaps) {
    const last = stretches.at(-1);
    if (last && addDays(last[1], 1) === day) last[1] = day;
    else stretches.push([day, day]);
  }
  const said = stretches
    .slice(0, 3)
    .map(([from, to]) =>
      from === to
        ? from.slice(5)
        : pick(lang, `${from.slice(5)} 至 ${to.slice(5)}`, `${from.slice(5)} to ${to.slice(5)}`),
    )
    .join(pick(lang, '、', ', '));
  if (stretches.length <= 3) return said;
  return pick(lang, `${said} 等 ${gaps.length} 天`, `${said} and other days, ${gaps.length} in all`);
}
