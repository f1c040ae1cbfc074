import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import type { Context } from '../../core/context.ts';
import { AskerError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { day as dayReader, month as monthReader } from '../../core/reader.ts';
import { addDays, addMonths, type Day, hourOf, monthDays, monthOf, startOf, today } from '../../core/time.ts';
import { dayCard, monthCard, nothingAtAllCard, nothingInMonthCard, nothingOnDayCard } from './cards.ts';
import { type CallRules, callRules } from './decide.ts';
import { readDay, readDays } from './known.ts';
import { type Comparison, summariseMonth, totalsOf } from './model.ts';
import { type CallsState, callsState, countsInHour, hourlyCounts, nearestDay, nearestMonth } from './store.ts';

/** A day's calls. `today` and `yesterday` stay so in a stored call: a subscription of 今日外呼 means each day's own. */
export const callsOfDay = command({
  name: 'calls.day',
  summary: {
    zh: '一天的外呼：数量、接通率、成单、坐席、时段',
    en: 'Calls of a day: dialled, connected, orders, seats, hours',
  },
  aliases: [
    { words: '今日 外呼', args: { day: 'today' } },
    { words: '今天 外呼', args: { day: 'today' } },
    { words: '昨日 外呼', args: { day: 'yesterday' } },
    { words: '昨天 外呼', args: { day: 'yesterday' } },
    { words: '外呼' },
    { words: 'calls today', args: { day: 'today' } },
    { words: 'calls yesterday', args: { day: 'yesterday' } },
    { words: 'calls' },
  ],
  args: z.strictObject({
    day: z
      .union([z.enum(['today', 'yesterday']), z.iso.date()])
      .optional()
      .describe('today (default), yesterday, or YYYY-MM-DD'),
  }),
  reads: { day: dayReader },
  examples: {
    zh: ['今日外呼', '昨日外呼', '外呼 10-25'],
    en: ['calls today', 'calls yesterday', 'calls 2025-10-25'],
  },
  role: 'staff',
  audience: 'room',
  async run(ask, { day: asked = 'today' }) {
    const { context, lang } = ask;
    const now = today(context.clock);
    const day = asked === 'today' ? now : asked === 'yesterday' ? addDays(now, -1) : asked;
    if (day > now) {
      throw new AskerError(
        pick(lang, `${day} 还没到，没有外呼数据。`, `${day} is in the future: there are no calls yet.`),
        {
          example: pick(lang, '今日外呼', 'calls today'),
        },
      );
    }
    const rules = callRules(await context.rules.documents('calls'));
    const state = await callsState(context.db);
    if (!state) return nothingAtAllCard(ask);
    const { summary, state: aged } = await readDay(context, state, day, rules);
    if (!summary) return nothingOnDayCard(ask, day, await nearestDay(context.db, day, state.sample), state);
    return dayCard(ask, summary, await dayBefore(context, day, aged, rules), aged);
  },
});

/** The day before, up to the newest call's time of day where the day is today: late data is compared with its like. */
async function dayBefore(context: Context, day: Day, state: CallsState, rules: CallRules): Promise<Comparison | null> {
  const { db, clock } = context;
  const { asOf, sample } = state;
  const before = addDays(day, -1);
  const counts = await hourlyCounts(db, before, sample);
  const { summary: whole } = await readDay(context, state, before, rules);
  if (!whole || day < today(clock)) return whole && { whole, totals: whole, sameTime: false };
  const newest = Math.min(asOf.getTime(), clock.now().getTime());
  const until = new Date(startOf(before, clock.zone).getTime() + newest - startOf(day, clock.zone).getTime());
  const hour = hourOf(until, clock.zone);
  const earlier = counts.filter((count) => count.hour < hour);
  const current = await countsInHour(db, { day: before, hour, until }, sample);
  return { whole, totals: totalsOf([...earlier, ...current], rules), sameTime: true };
}

/** A month's calls, day by day. */
export const callsOfMonth = command({
  name: 'calls.month',
  summary: { zh: '一个月的外呼：合计、日均、每天', en: 'Calls of a month: totals, daily averages, every day' },
  aliases: [
    { words: '本月 外呼', args: { month: 'this_month' } },
    { words: '这个月 外呼', args: { month: 'this_month' } },
    { words: '上月 外呼', args: { month: 'last_month' } },
    { words: '上个月 外呼', args: { month: 'last_month' } },
    { words: '外呼' },
    { words: 'calls this month', args: { month: 'this_month' } },
    { words: 'calls last month', args: { month: 'last_month' } },
    { words: 'calls month' },
    { words: 'calls' },
  ],
  args: z.strictObject({
    month: z
      .union([z.enum(['this_month', 'last_month']), z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be YYYY-MM')])
      .optional()
      .describe('this_month (default), last_month, or YYYY-MM'),
  }),
  reads: { month: monthReader },
  examples: {
    zh: ['本月外呼', '上月外呼', '外呼 2025-10'],
    en: ['calls month', 'calls last month', 'calls month 2025-10'],
  },
  role: 'staff',
  audience: 'room',
  async run(ask: Ask, { month: asked = 'this_month' }) {
    const { context, lang } = ask;
    const now = today(context.clock);
    const month = asked === 'this_month' ? monthOf(now) : asked === 'last_month' ? addMonths(monthOf(now), -1) : asked;
    if (month > monthOf(now)) {
      throw new AskerError(
        pick(lang, `${month} 还没到，没有外呼数据。`, `${month} is in the future: there are no calls yet.`),
        {
          example: pick(lang, '本月外呼', 'calls month'),
        },
      );
    }
    const rules = callRules(await context.rules.documents('calls'));
    const state = await callsState(context.db);
    if (!state) return nothingAtAllCard(ask);
    const { from, to } = monthDays(month);
    const last = month === monthOf(now) ? now : to;
    const known = await readDays(context, state, from, last);
    const summary = summariseMonth(month, last, known.counts, rules, known.accounts);
    if (!summary) return nothingInMonthCard(ask, month, await nearestMonth(context.db, month, state.sample), state);
    return monthCard(ask, summary, known.state);
  },
});
