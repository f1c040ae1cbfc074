import { footnote } from '../../core/footnote.ts';
import { type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { dayOf, hourOf, today } from '../../core/time.ts';
import type { Comparison, DaySummary, SpanSummary } from './model.ts';
import { ageOf, type World } from './say.ts';
import type { CallsState } from './store.ts';

type Chart = Extract<NonNullable<MessageDraft['blocks']>[number], { type: 'chart' }>['chart'];

/** Dialled calls by hour beside the day before, and the connect rate; null where nothing was dialled on either day. */
export function hoursChart(
  { lang, context }: World,
  title: string,
  { day, byHour }: DaySummary,
  before: Comparison | null,
  state: CallsState,
): Chart | null {
  const { zone } = context.clock;
  const earlier = before?.whole.byHour;
  const busy = byHour.flatMap((hour, at) => (hour.dialled > 0 || (earlier?.[at]?.dialled ?? 0) > 0 ? [at] : []));
  const [first, last] = [busy[0], busy.at(-1)];
  if (first === undefined || last === undefined) return null;
  // Hours that the data does not reach yet are gaps, not zeros.
  const reach = dayOf(state.asOf, zone) === day ? hourOf(state.asOf, zone) : 23;
  const span = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const shown = span.map((hour) => (hour <= reach ? (byHour[hour] ?? null) : null));
  const isToday = day === today(context.clock);
  return {
    title,
    labels: span.map((hour) => pick(lang, `${hour}时`, `${hour}:00`)),
    series: [
      {
        name: isToday ? pick(lang, '今日', 'Today') : pick(lang, '外呼', 'Dialled'),
        kind: 'bar',
        role: 'subject',
        values: shown.map((hour) => hour?.dialled ?? null),
      },
      ...(earlier
        ? [
            {
              name: isToday ? pick(lang, '昨日', 'Yesterday') : pick(lang, '前一日', 'Day before'),
              kind: 'bar' as const,
              role: 'comparison' as const,
              values: span.map((hour) => earlier[hour]?.dialled ?? null),
            },
          ]
        : []),
      rateSeries(shown, lang),
    ],
    unit: pick(lang, '通', ''),
    rightUnit: '%',
    footnote: footnote(ageOf(state), context.clock, lang),
  };
}

/** Days; a day of which nothing is known is a gap. */
export function daysChart({ lang, context }: World, title: string, summary: SpanSummary, state: CallsState): Chart {
  return {
    title,
    labels: summary.days.map(({ day }) => day.slice(5)),
    series: [
      {
        name: pick(lang, '外呼', 'Dialled'),
        kind: 'bar',
        role: 'subject',
        values: summary.days.map(({ totals }) => totals?.dialled ?? null),
      },
      rateSeries(
        summary.days.map(({ totals }) => totals),
        lang,
      ),
    ],
    unit: pick(lang, '通', ''),
    rightUnit: '%',
    footnote: footnote(ageOf(state), context.clock, lang),
  };
}

/** The connect rate over the bars, with one decimal; a gap where nothing was dialled. */
function rateSeries(calls: readonly ({ dialled: number; connected: number } | null)[], lang: Lang) {
  return {
    name: pick(lang, '接通率', 'Connect rate'),
    kind: 'line' as const,
    role: 'trend' as const,
    axis: 'right' as const,
    unit: '%',
    values: calls.map((each) =>
      each && each.dialled > 0 ? Math.round((1000 * each.connected) / each.dialled) / 10 : null,
    ),
  };
}
