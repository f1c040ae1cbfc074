import { type Button, type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { grouped } from '../../core/money.ts';
import { atLeast } from '../../core/people.ts';
import { addDays, addMonths, type Day, type Month, monthOf, sayDay, today } from '../../core/time.ts';
import { daysChart, hoursChart } from './charts.ts';
import {
  type CallTotals,
  type Comparison,
  changePercent,
  type DaySummary,
  labelled,
  type MonthSummary,
  type SpanSummary,
} from './model.ts';
import { ageOf, known, rate, sayChange, sayHours, sayMonth, sayWhen, type World } from './say.ts';
import type { CallsState } from './store.ts';

type Block = NonNullable<MessageDraft['blocks']>[number];

/** A day: the figures against the day before, and the hours. */
export function dayCard(world: World, summary: DaySummary, before: Comparison | null, state: CallsState): MessageDraft {
  const { lang, context } = world;
  const { title, text } = context.words.say('calls/day', lang, {
    when: sayWhen(world, summary.day),
    ...factsOf(summary, lang),
    before: before && againstFacts(summary, before, lang),
    orders: before && ordersFacts(summary, before, lang),
    deviation: deviationFacts(summary, lang),
    seats: known(summary.seats, lang),
    peak: summary.peakHour === null ? pick(lang, '无', 'none') : sayHours(summary.peakHour, lang),
  });
  const isToday = summary.day === today(context.clock);
  const chart = hoursChart(world, title, summary, before, state);
  return {
    title,
    ...toneOf(state),
    blocks: [
      { type: 'text', text: text.trim() },
      ...(chart
        ? [
            {
              type: 'chart' as const,
              chart,
              alt: pick(lang, '各时段的外呼数和接通率', 'Dialled calls and connect rate by hour'),
            },
          ]
        : []),
      buttons(world, isToday ? ['this_month'] : ['today', monthOf(summary.day)], [
        ...refreshButton(world, summary.day, state),
        ...neighboursOfDay(world, summary.day),
      ]),
    ],
    asOf: ageOf(state),
    lang,
  };
}

/** A month: the totals, the days as a chart and as a table. */
export function monthCard(world: World, summary: MonthSummary, state: CallsState): MessageDraft {
  const { lang, context } = world;
  const { title, text } = context.words.say('calls/month', lang, {
    when: sayMonth(world, summary.month),
    ...factsOf(summary.total, lang),
    workingDays: grouped(summary.workingDays),
    dailyDialled: grouped(summary.daily.dialled),
    dailyConnected: grouped(summary.daily.connected),
    dailySuccess: known(summary.daily.success, lang),
    deviation: daysFacts(
      summary.days.filter(({ totals }) => {
        const labels = totals && labelled(totals);
        return labels !== null && totals?.success !== null && labels !== totals?.success;
      }).length,
    ),
    unjudged: daysFacts(summary.daysWithoutSuccess),
    gaps: daysFacts(summary.days.filter(({ totals }) => totals === null).length),
  });
  const isThisMonth = summary.month === monthOf(today(context.clock));
  return {
    title,
    ...toneOf(state),
    blocks: [
      { type: 'text', text: text.trim() },
      {
        type: 'chart',
        chart: daysChart(world, title, summary, state),
        alt: pick(lang, '每天的外呼数和接通率', 'Dialled calls and connect rate by day'),
      },
      daysTable(summary, lang),
      buttons(world, isThisMonth ? ['today'] : ['this_month'], neighboursOfMonth(world, summary.month)),
    ],
    asOf: ageOf(state),
    lang,
  };
}

/** There is no record of the day: nothing is known about it. */
export function nothingOnDayCard(world: World, day: Day, nearest: Day | null, state: CallsState): MessageDraft {
  const { lang, context } = world;
  const isToday = day === today(context.clock);
  const said = context.words.say('calls/nothing', lang, { when: sayWhen(world, day), yet: isToday });
  return nothing(world, said, nearest, state, neighboursOfDay(world, day));
}

/** There is no record of the month. */
export function nothingInMonthCard(world: World, month: Month, nearest: Month | null, state: CallsState): MessageDraft {
  const { lang, context } = world;
  const isNow = month === monthOf(today(context.clock));
  const said = context.words.say('calls/nothing', lang, { when: sayMonth(world, month), yet: isNow });
  return nothing(world, said, nearest, state, neighboursOfMonth(world, month));
}

/** There never were any calls. */
export function nothingAtAllCard({ lang, context }: World): MessageDraft {
  const { title, text } = context.words.say('calls/none', lang, {});
  return { title, tone: 'warn', blocks: [{ type: 'text', text: text.trim() }], lang };
}

function nothing(
  world: World,
  said: { title: string; text: string },
  nearest: string | null,
  state: CallsState,
  turning: readonly Button[],
): MessageDraft {
  const { title, text } = said;
  const blocks: Block[] = text.trim() ? [{ type: 'text', text: text.trim() }] : [];
  blocks.push(buttons(world, nearest ? [nearest] : [], turning));
  return { title, tone: 'warn', blocks, asOf: ageOf(state), lang: world.lang };
}

export function factsOf(totals: CallTotals, lang: Lang) {
  return {
    dialled: grouped(totals.dialled),
    connected: grouped(totals.connected),
    connectRate: rate(totals.connectRate, lang),
    success: known(totals.success, lang),
    successRate: rate(totals.successRate, lang),
    products: totals.products.map(({ product, count }) => ({ product, count: known(count, lang) })),
  };
}

function daysFacts(days: number) {
  return days > 0 ? { days: grouped(days) } : null;
}

function againstFacts(summary: DaySummary, before: Comparison, lang: Lang) {
  const percent = changePercent(summary.connected, before.totals.connected);
  return {
    span: saySpan(before, lang),
    count: grouped(before.totals.connected),
    change: percent === null ? null : sayChange(percent, lang, '%'),
  };
}

function ordersFacts(summary: DaySummary, before: Comparison, lang: Lang) {
  if (summary.success === null || before.totals.success === null) return null;
  return { span: saySpan(before, lang), change: sayChange(summary.success - before.totals.success, lang) };
}

/** 偏差: the accounts' success is not what the labels add up to. */
function deviationFacts(summary: DaySummary, lang: Lang) {
  const labels = labelled(summary);
  if (labels === null || summary.success === null || labels === summary.success) return null;
  return { accounts: known(summary.success, lang), labels: known(labels, lang) };
}

function toneOf({ completeness }: CallsState): { tone?: 'warn' } {
  return completeness === 'late' || completeness === 'partial' ? { tone: 'warn' } : {};
}

/** Where there is an upstream to read anew, and for those who may. */
function refreshButton({ lang, context, asker }: World, day: Day, { sample }: CallsState): Button[] {
  if (!context.sources.guanke || sample || !atLeast(asker.role, 'lead')) return [];
  const args = { day: day === today(context.clock) ? 'today' : day };
  return [{ label: pick(lang, '刷新', 'Refresh'), call: { command: 'calls.refresh', args, turns: true } }];
}

function saySpan({ sameTime }: Comparison, lang: Lang): string {
  return sameTime ? pick(lang, '昨日同时段', 'the same time yesterday') : pick(lang, '前一日', 'the day before');
}

/** The days of which anything is known, and the sums. */
export function daysTable({ days, total }: SpanSummary, lang: Lang): Block {
  const labels = pick(lang, '外呼 接通 接通率 成单 成功率', 'Dialled Connected Rate Orders Success').split(' ');
  const row = (label: string, totals: CallTotals) => [
    label,
    grouped(totals.dialled),
    grouped(totals.connected),
    rate(totals.connectRate, lang),
    known(totals.success, lang),
    rate(totals.successRate, lang),
  ];
  return {
    type: 'table',
    columns: [{ label: pick(lang, '日期', 'Day') }, ...labels.map((label) => ({ label, align: 'right' as const }))],
    rows: [
      ...days.flatMap(({ day, totals }) => (totals ? [row(sayDay(day, lang), totals)] : [])),
      row(pick(lang, '合计', 'Total'), total),
    ],
  };
}

/** The pages before and after: the message itself becomes that day's. */
function neighboursOfDay({ lang, context }: World, day: Day): Button[] {
  const turn = (label: string, to: Day) => ({
    label,
    call: { command: 'calls.day', args: { day: to }, turns: true },
  });
  return [
    turn(pick(lang, '◀ 前一天', '◀ Day before'), addDays(day, -1)),
    ...(day < today(context.clock) ? [turn(pick(lang, '后一天 ▶', 'Day after ▶'), addDays(day, 1))] : []),
  ];
}

function neighboursOfMonth({ lang, context }: World, month: Month): Button[] {
  const turn = (label: string, to: Month) => ({
    label,
    call: { command: 'calls.month', args: { month: to }, turns: true },
  });
  return [
    turn(pick(lang, '◀ 上个月', '◀ Month before'), addMonths(month, -1)),
    ...(month < monthOf(today(context.clock))
      ? [turn(pick(lang, '下个月 ▶', 'Month after ▶'), addMonths(month, 1))]
      : []),
  ];
}

/** Buttons for days and months, by their argument: `today`, `this_month`, 2025-10-25, 2025-10; after those that turn. */
function buttons(world: World, wanted: readonly string[], turning: readonly Button[] = []): Block {
  const { lang, context } = world;
  const now = today(context.clock);
  const named: Record<string, string> = {
    today: now,
    yesterday: addDays(now, -1),
    this_month: monthOf(now),
    last_month: addMonths(monthOf(now), -1),
  };
  return {
    type: 'actions',
    buttons: [
      ...turning,
      ...wanted.map((argument) => {
        const period = named[argument] ?? argument;
        const isDay = period.length === 'YYYY-MM-DD'.length;
        const when = isDay ? sayWhen(world, period) : sayMonth(world, period);
        return {
          label: pick(lang, `${when}外呼`, `Calls ${when}`),
          call: isDay
            ? { command: 'calls.day', args: { day: argument } }
            : { command: 'calls.month', args: { month: argument } },
        };
      }),
    ],
  };
}
