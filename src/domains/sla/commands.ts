import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import type { Context } from '../../core/context.ts';
import { AskerError } from '../../core/errors.ts';
import { type DataAge, type Lang, pick } from '../../core/message.ts';
import { rest } from '../../core/reader.ts';
import { type Day, daysBetween, today } from '../../core/time.ts';
import { alertKeys } from './alert-keys.ts';
import { listCard, rankingCard } from './cards.ts';
import { periodDays, sayPeriod } from './period.ts';
import { rankingOf, spanBefore } from './ranking.ts';
import { readSlaRules } from './rules.ts';
import { knownDays, newestDay, newestViolation, providersSeen, violationsOn } from './store.ts';

const period = z
  .string()
  .describe('newest (the newest day that is known), week, last_week, last_N_days or YYYY-MM-DD..YYYY-MM-DD');

const list = command({
  name: 'sla.violations',
  summary: {
    zh: '服务违规（超时）：哪些工单，谁认领了',
    en: 'Violations of service levels: which orders, and who has them',
  },
  aliases: [
    { words: '超时' },
    { words: '违规' },
    { words: '昨日 超时', args: { period: 'newest' } },
    { words: '/sla' },
    { words: 'sla' },
    { words: 'sla violations' },
  ],
  args: z.strictObject({
    period: period.default('newest'),
    provider: z.string().trim().min(1).max(80).optional().describe('A service provider, or a part of its name'),
  }),
  reads: { period: sayPeriod, provider: rest({ zh: '服务商', en: 'the provider' }) },
  examples: { zh: ['超时', '超时 近7天', '超时 示例服务商甲'], en: ['sla', 'sla yesterday', 'sla week'] },
  role: 'lead',
  async run(ask, args) {
    const { context, lang } = ask;
    const { from, to, sample } = await daysMeant(ask, args.period);
    const provider = args.provider && (await providerMeant(ask, args.provider, sample));
    const all = await violationsOn(context.db, from, to, sample);
    const violations = provider ? all.filter((one) => one.provider === provider) : all;
    const { age, missing } = await ageOf(context, from, to, sample);
    const keyOf = alertKeys(await readSlaRules(context.rules));
    const standing = await context.alerts.standing(violations.map(keyOf));
    return listCard({ from, to, provider, violations, standing, keyOf, missing, age }, context, lang);
  },
});

const ranking = command({
  name: 'sla.ranking',
  summary: {
    zh: '违规排行与走势：各服务商、各类型，与上期相比',
    en: 'Violations by provider and kind, against the period before, and by day',
  },
  aliases: [
    { words: '超时 排行' },
    { words: '超时 走势' },
    { words: '违规 排行' },
    { words: 'sla rank' },
    { words: 'sla ranking' },
    { words: 'sla trend' },
  ],
  args: z.strictObject({ period: period.default('week') }),
  reads: { period: sayPeriod },
  examples: { zh: ['超时排行', '超时排行 上周'], en: ['sla rank', 'sla rank last week'] },
  role: 'lead',
  async run(ask, args) {
    const { from, to, sample } = await daysMeant(ask, args.period);
    const message = await rankingMessage(ask.context, from, to, sample);
    return message(ask.lang);
  },
});

export const commands = [list, ranking];

/** 超时排行 of a period. */
export async function rankingMessage(context: Context, from: Day, to: Day, sample: boolean) {
  const before = spanBefore(from, to);
  const known = await knownDays(context.db, before.from, to, sample);
  const violations = await violationsOn(context.db, before.from, to, sample);
  const { age } = await ageOf(context, from, to, sample);
  const ranking = rankingOf(violations, { from, to }, new Set(known.keys()));
  return (lang: Lang) => rankingCard(ranking, age, context, lang);
}

/** @throws AskerError where nothing is known at all, or nothing of the period */
async function daysMeant({ context, lang }: Ask, said: string) {
  const newest = (await newestDay(context.db)) ?? (await newestViolation(context.db));
  if (!newest) {
    throw new AskerError(
      pick(
        lang,
        '还没有违规数据：从 Metabase 同步或导入之后再问。',
        'There are no violations yet: sync or import them.',
      ),
    );
  }
  const days = periodDays(said, context.clock, newest.day);
  if (!days) throw new AskerError(pick(lang, `日期看不懂：「${said}」。`, `I cannot read the period “${said}”.`));
  const known = await knownDays(context.db, days.from, days.to, newest.sample);
  // What was computed of a day that is not over can be shown all the same.
  const some = known.size > 0 || (await violationsOn(context.db, days.from, days.to, newest.sample)).length > 0;
  if (!some) {
    throw new AskerError(
      pick(
        lang,
        `${days.from === days.to ? days.from : `${days.from} 至 ${days.to}`} 没有违规数据（不等于零违规）；最新的是 ${newest.day}。`,
        `Nothing is known of ${days.from === days.to ? days.from : `${days.from} to ${days.to}`} (which is not the same as no violations); the newest day is ${newest.day}.`,
      ),
      { choices: [{ label: newest.day, call: { command: 'sla.violations', args: { period: 'newest' } } }] },
    );
  }
  return { ...days, sample: newest.sample };
}

/** @throws AskerError naming those that there are */
async function providerMeant({ context, lang }: Ask, said: string, sample: boolean): Promise<string> {
  const all = await providersSeen(context.db, sample);
  const fits = all.filter((one) => one === said);
  const near = fits.length > 0 ? fits : all.filter((one) => one.includes(said));
  if (near.length === 1 && near[0]) return near[0];
  const choices = (near.length > 0 ? near : all).slice(0, 4);
  throw new AskerError(
    near.length > 1
      ? pick(lang, `有几家「${said}」：`, `There are several “${said}”:`)
      : pick(lang, `没有叫「${said}」的服务商有过违规。`, `No provider “${said}” has ever had a violation.`),
    { choices: choices.map((one) => ({ label: one, call: { command: 'sla.violations', args: { provider: one } } })) },
  );
}

async function ageOf(
  { db, clock }: Context,
  from: Day,
  to: Day,
  sample: boolean,
): Promise<{ age: DataAge; missing: readonly Day[] }> {
  const known = await knownDays(db, from, to, sample);
  const days = [...known.values()];
  const unknownDays = daysBetween(from, to).filter((day) => !known.has(day));
  // Today is not over: it is not missing, and not complete.
  const missing = unknownDays.filter((day) => day < today(clock));
  const last = days.toSorted((a, b) => a.readAt.getTime() - b.readAt.getTime()).at(-1);
  const partial = unknownDays.length > 0 || days.some(({ completeness }) => completeness === 'partial');
  const unknown = days.some(({ completeness }) => completeness === 'unknown');
  return {
    missing,
    age: {
      // Of a day that is not over there are those that we compute, as of now.
      at: (last?.readAt ?? clock.now()).toISOString(),
      source: sample ? '' : (last?.source ?? 'rules'),
      completeness: partial ? 'partial' : unknown ? 'unknown' : 'complete',
      sample,
    },
  };
}
