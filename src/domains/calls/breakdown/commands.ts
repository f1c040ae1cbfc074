import { z } from 'zod';
import { type Ask, type Command, command } from '../../../core/command.ts';
import type { MessageDraft } from '../../../core/message.ts';
import type { Day } from '../../../core/time.ts';
import { nothingAtAllCard } from '../cards.ts';
import { type CallRules, callRules } from '../decide.ts';
import { readDays } from '../known.ts';
import { callsState } from '../store.ts';
import { type About, gradesCard, hoursCard, partsCard, rankCard } from './cards.ts';
import { partsOf } from './model.ts';
import { daysOfPeriod, Period, period, sayPeriod } from './period.ts';
import { seatsOfDays } from './seats.ts';
import { facetCounts, hourCounts } from './store.ts';
import { tasksOfDays } from './tasks.ts';

interface Asked extends About {
  from: Day;
  to: Day;
  sample: boolean;
  before: { from: Day; to: Day };
  rules: CallRules;
  /** Days whose statistics count. */
  counted: ReadonlySet<Day>;
}

function breakdown(
  declared: Pick<Command, 'name' | 'summary' | 'aliases' | 'examples'> & {
    /** The period without one. */
    usual: string;
    show(ask: Ask, asked: Asked): Promise<MessageDraft>;
  },
): Command {
  const { usual, show, ...rest } = declared;
  return command({
    ...rest,
    args: z.strictObject({ period: Period.optional() }),
    reads: { period },
    role: 'staff',
    audience: 'room',
    async run(ask, { period: value = usual }) {
      const { context, lang } = ask;
      const state = await callsState(context.db);
      if (!state) return nothingAtAllCard(ask);
      const days = daysOfPeriod(value, context.clock, lang);
      const rules = callRules(await context.rules.documents('calls'));
      const known = await readDays(context, state, days.from, days.to);
      const when = sayPeriod(days, context.clock, lang);
      const counted = new Set(known.accounts.keys());
      return show(ask, { world: ask, when, state: known.state, sample: state.sample, rules, counted, ...days });
    },
  });
}

const month = { period: 'this_month' };

/** Breakdowns of calls: by seat, hour, label, task and line. */
export const breakdowns: readonly Command[] = [
  breakdown({
    name: 'calls.rank',
    summary: { zh: '坐席排行：成单、接通、名次变化', en: 'Seats by orders, with change of rank' },
    aliases: [
      { words: '坐席 排行' },
      { words: '坐席 本月 排行', args: month },
      { words: 'calls rank month', args: month },
      { words: 'calls rank' },
    ],
    examples: { zh: ['坐席排行', '坐席排行 近7天'], en: ['calls rank', 'calls rank month'] },
    usual: 'today',
    async show(ask, asked) {
      return rankCard(asked, await seatsOfDays(ask, asked, asked), await seatsOfDays(ask, asked, asked.before));
    },
  }),
  breakdown({
    name: 'calls.hours',
    summary: { zh: '时段分析：各时段的外呼和接通率，星期 × 时段', en: 'Calls by hour, and weekday × hour' },
    aliases: [{ words: '时段 分析' }, { words: 'calls hours month', args: month }, { words: 'calls hours' }],
    examples: { zh: ['时段分析', '时段分析 近30天'], en: ['calls hours', 'calls hours last 30 days'] },
    usual: 'last_7_days',
    show: async ({ context }, asked) => hoursCard(asked, await hourCounts(context.db, asked)),
  }),
  breakdown({
    name: 'calls.grades',
    summary: { zh: '意向度趋势：各产品每天的成单、意向度分布', en: 'Orders by product and day, and the labels' },
    aliases: [{ words: '意向度 趋势' }, { words: 'calls grades month', args: month }, { words: 'calls grades' }],
    examples: { zh: ['意向度趋势', '意向度趋势 近30天'], en: ['calls grades', 'calls grades last 30 days'] },
    usual: 'last_14_days',
    show: async ({ context }, asked) => gradesCard(asked, asked, await hourCounts(context.db, asked), asked.rules),
  }),
  ...(['task', 'line'] as const).map((kind) =>
    breakdown({
      name: `calls.${kind}s`,
      summary:
        kind === 'task'
          ? { zh: '各任务的外呼、接通、成单', en: 'Calls by task' }
          : { zh: '各线路的外呼、接通、成单', en: 'Calls by line' },
      aliases: [
        { words: kind === 'task' ? '外呼 任务' : '外呼 线路' },
        { words: `calls ${kind}s month`, args: month },
        { words: `calls ${kind}s` },
      ],
      examples: {
        zh: kind === 'task' ? ['外呼任务', '外呼任务 昨天'] : ['外呼线路', '外呼线路 近7天'],
        en: [`calls ${kind}s`, `calls ${kind}s last 7 days`],
      },
      usual: 'today',
      async show(ask, asked) {
        if (kind === 'task') return partsCard(asked, kind, await tasksOfDays(ask, asked, asked.counted));
        const counts = await facetCounts(ask.context.db, kind, asked);
        return partsCard(asked, kind, { parts: partsOf(counts, asked.rules, new Map()) });
      },
    }),
  ),
];
