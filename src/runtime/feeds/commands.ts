import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { asData, pick } from '../../core/message.ts';
import { addDays, type Day, daysBetween, isDay, localMinute, today } from '../../core/time.ts';
import { domains } from '../../domains/index.ts';
import { feedStates } from './store.ts';

/** Days shown where none are asked for: six weeks. */
const SPAN = 42;
const MOST_DAYS = 400;

const aDay = z.string().refine(isDay, 'a day such as 2025-10-17');

const calendar = command({
  name: 'feeds.calendar',
  summary: { zh: '各数据源每天的完整情况和缺口', en: 'Each feed day by day: what is complete, what is missing' },
  aliases: [{ words: '数据完整度' }, { words: 'data calendar' }],
  args: z.strictObject({
    from: aDay.optional().describe('First day; default: six weeks ago'),
    to: aDay.optional().describe('Last day; default: today'),
  }),
  examples: { zh: ['数据完整度'], en: ['data calendar'] },
  role: 'lead',
  audience: 'asker',
  async run(ask, { from, to }) {
    const { context, lang } = ask;
    const last = to ?? today(context.clock);
    const span = { from: from ?? addDays(last, 1 - SPAN), to: last };
    if (span.to < span.from || daysBetween(span.from, span.to).length > MOST_DAYS) {
      throw new AskerError(pick(lang, `最多看 ${MOST_DAYS} 天。`, `At most ${MOST_DAYS} days.`));
    }
    const feeds = await feedsIn(ask, span);
    const gaps = feeds.flatMap(({ days }) => days.filter(({ state }) => state === 'partial' || state === 'missing'));
    return {
      title:
        gaps.length > 0
          ? pick(lang, `有 ${gaps.length} 天的数据不全`, `${gaps.length} days are not complete`)
          : pick(lang, '没有已知的缺口', 'No gaps that are known'),
      tone: gaps.length > 0 ? 'warn' : 'info',
      lang,
      blocks: [
        {
          type: 'table',
          columns: [
            { label: pick(lang, '数据', 'Feed') },
            { label: pick(lang, '数据截至', 'As of') },
            { label: pick(lang, '有数据', 'Days kept'), align: 'right' },
            { label: pick(lang, '不全', 'Gaps'), align: 'right' },
          ],
          rows: feeds.map(({ title, asOf, days }) => [
            title,
            asOf ? localMinute(new Date(asOf), context.clock.zone) : '—',
            String(days.filter(({ rows }) => rows > 0).length),
            String(days.filter(({ state }) => state === 'partial' || state === 'missing').length),
          ]),
        },
      ],
      data: asData({ ...span, feeds }),
    };
  },
});

/** Every feed with a calendar, how it stands, and its days. */
async function feedsIn({ context, lang }: Ask, span: { from: Day; to: Day }) {
  const states = await feedStates(context.db);
  const syncs = new Set(domains.flatMap((domain) => domain.syncs ?? []).map(({ feed }) => feed));
  const calendars = domains.flatMap((domain) => domain.calendars ?? []);
  return Promise.all(
    calendars.map(async ({ feed, title, days }) => {
      const state = states.find((one) => one.feed === feed) ?? states.find((one) => one.feed === `${feed}/sample`);
      return {
        feed,
        title: title[lang],
        asOf: state?.asOf.toISOString() ?? null,
        source: state?.source ?? null,
        completeness: state?.completeness ?? 'unknown',
        note: state?.note ?? null,
        sample: state?.feed.endsWith('/sample') ?? false,
        syncs: syncs.has(feed),
        days: await days(context, span),
      };
    }),
  );
}

export const feedCommands = [calendar];
