import { z } from 'zod';
import { command } from '../../../core/command.ts';
import { monthOf, today } from '../../../core/time.ts';
import { daysOfPeriod, Period, period } from '../breakdown/period.ts';
import { nothingAtAllCard, nothingInMonthCard } from '../cards.ts';
import { callsState, nearestMonth } from '../store.ts';
import { reportCard } from './card.ts';
import { readReport } from './report.ts';

/** The report that goes to the group every week and every month, of any days. */
export const callsReport = command({
  name: 'calls.report',
  summary: {
    zh: '外呼周报、月报：合计、环比、每天、坐席',
    en: 'Report on calls of a week or a month, against the one before',
  },
  aliases: [
    { words: '外呼 周报' },
    { words: '外呼 月报', args: { of: 'month' } },
    { words: 'calls weekly report' },
    { words: 'calls monthly report', args: { of: 'month' } },
    { words: 'calls report' },
  ],
  args: z.strictObject({
    period: Period.optional(),
    of: z.enum(['week', 'month']).optional().describe('Without a period: the week (default) or the month before'),
  }),
  reads: { period },
  examples: {
    zh: ['外呼周报', '外呼周报 本周', '外呼月报', '外呼月报 2025-10'],
    en: ['calls report', 'calls report this week', 'calls monthly report', 'calls report 2025-10'],
  },
  role: 'staff',
  audience: 'room',
  async run(ask, { of = 'week', period: value = `last_${of}` }) {
    const { context, lang } = ask;
    const report = await readReport(ask, value);
    if (report) return reportCard(ask, report);
    const state = await callsState(context.db);
    if (!state) return nothingAtAllCard(ask);
    const { from } = daysOfPeriod(value, context.clock, lang);
    const month = monthOf(from > today(context.clock) ? today(context.clock) : from);
    return nothingInMonthCard(ask, month, await nearestMonth(context.db, month, state.sample), state);
  },
});
