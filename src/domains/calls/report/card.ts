import { type MessageDraft, pick } from '../../../core/message.ts';
import { grouped } from '../../../core/money.ts';
import { monthDays, monthOf, sayDay } from '../../../core/time.ts';
import { rankingOf } from '../breakdown/cards.ts';
import { sayPeriod } from '../breakdown/period.ts';
import { daysTable, factsOf } from '../cards.ts';
import { daysChart } from '../charts.ts';
import { changePercent, type SpanSummary } from '../model.ts';
import { ageOf, known, rate, sayChange, type World } from '../say.ts';
import type { Report } from './report.ts';

/** A table of more days than this is no message; the chart shows them. */
const MOST_DAYS_IN_TABLE = 10;

/** A report with its charts: the days, and the seats. */
export function reportCard(world: World, report: Report): MessageDraft {
  const { lang, context } = world;
  const { from, to, summary, before, seats, deviations, state } = report;
  const { total, daily } = summary;
  const month = monthDays(monthOf(from));
  const isMonth = from === month.from && to === month.to;
  const isWeek = !isMonth && summary.days.length === 7;
  const gaps = summary.days.filter(({ totals }) => totals === null).length;
  const first = seats[0];
  const { title, text } = context.words.say('calls/report', lang, {
    name: isMonth ? pick(lang, '月报', 'month') : isWeek ? pick(lang, '周报', 'week') : pick(lang, '报告', 'report'),
    when: isMonth ? monthOf(from) : sayPeriod({ from, to }, context.clock, lang),
    ...factsOf(total, lang),
    before: before && {
      span: isMonth
        ? pick(lang, '上一月', 'the month before')
        : isWeek
          ? pick(lang, '前一周', 'the week before')
          : pick(lang, '前一段', 'the days before'),
      ...changesOf(summary, before, world),
    },
    workingDays: grouped(summary.workingDays),
    dailyDialled: grouped(daily.dialled),
    dailyConnected: grouped(daily.connected),
    dailySuccess: known(daily.success, lang),
    most: mostOf(summary, world),
    first: first && { name: first.name, success: known(first.totals.success, lang), seats: grouped(seats.length) },
    deviation: deviations > 0 && { days: grouped(deviations) },
    gaps: gaps > 0 && { days: grouped(gaps) },
  });
  const ranked = pick(lang, `成单排行：第一 ${first?.name ?? ''}`, `Orders by seat: first ${first?.name ?? ''}`);
  const about = { world, when: '', state };
  return {
    title,
    ...(state.completeness === 'partial' || state.completeness === 'late' ? { tone: 'warn' as const } : {}),
    blocks: [
      { type: 'text', text: text.trim() },
      {
        type: 'chart',
        chart: daysChart(world, title, summary, state),
        alt: pick(lang, '每天的外呼数和接通率', 'Dialled calls and connect rate by day'),
      },
      ...(first ? [rankingOf(about, ranked, seats)] : []),
      ...(summary.days.length <= MOST_DAYS_IN_TABLE ? [daysTable(summary, lang)] : []),
    ],
    asOf: ageOf(state),
    lang,
  };
}

function changesOf({ total }: SpanSummary, before: SpanSummary, { lang }: World) {
  const change = (now: number, then: number) => {
    const percent = changePercent(now, then);
    return percent === null ? pick(lang, '新', 'new') : sayChange(percent, lang, '%');
  };
  const orders = total.success !== null && before.total.success !== null;
  return {
    dialled: change(total.dialled, before.total.dialled),
    connected: change(total.connected, before.total.connected),
    success: orders && sayChange((total.success ?? 0) - (before.total.success ?? 0), lang),
  };
}

/** The day on which most was dialled. */
function mostOf({ days }: SpanSummary, { lang }: World) {
  const most = days.reduce((best, day) => ((day.totals?.dialled ?? 0) > (best.totals?.dialled ?? 0) ? day : best));
  if (!most.totals?.dialled) return null;
  const { dialled, connectRate } = most.totals;
  return { day: sayDay(most.day, lang), dialled: grouped(dialled), connectRate: rate(connectRate, lang) };
}
