import { footnote } from '../../../core/footnote.ts';
import { type Lang, type MessageDraft, pick } from '../../../core/message.ts';
import { grouped } from '../../../core/money.ts';
import { type Day, daysBetween } from '../../../core/time.ts';
import type { CallRules } from '../decide.ts';
import { type CallCount, percent, totalsOf } from '../model.ts';
import { ageOf, known, rate, sayHours, type World } from '../say.ts';
import type { CallsState } from '../store.ts';
import { groupBy, hoursOf, labelsOf, type Part } from './model.ts';

type Block = NonNullable<MessageDraft['blocks']>[number];

/** What every breakdown is about. */
export interface About {
  world: World;
  /** 今日, 10-20 至 10-26 */
  when: string;
  state: CallsState;
}

const MOST_ROWS = 20;
const RANKED = 12;

const right = (label: string) => ({ label, align: 'right' as const });
const framed = ({ world, state }: About, title: string, blocks: NonNullable<MessageDraft['blocks']>): MessageDraft => ({
  title,
  ...(state.completeness === 'late' || state.completeness === 'partial' ? { tone: 'warn' as const } : {}),
  blocks,
  asOf: ageOf(state),
  lang: world.lang,
});
const noted = ({ world, state }: About) => footnote(ageOf(state), world.context.clock, world.lang);

/** Seats by their orders, with how they moved since the period before. */
export function rankCard(about: About, parts: readonly Part[], before: readonly Part[]): MessageDraft {
  const { lang } = about.world;
  const first = parts[0];
  const { title } = about.world.context.words.say('calls/rank', lang, {
    when: about.when,
    seats: grouped(parts.length),
    first: first && { name: first.name, success: known(first.totals.success, lang) },
  });
  const moved = (key: string, at: number): string => {
    const was = before.findIndex((one) => one.key === key);
    if (was < 0) return pick(lang, '新', 'new');
    return was === at ? '–' : was > at ? `▲${was - at}` : `▼${at - was}`;
  };
  return framed(about, title, [
    ...(first ? [rankingOf(about, title, parts)] : []),
    {
      type: 'table',
      columns: [
        right('#'),
        { label: pick(lang, '变化', 'Change') },
        { label: pick(lang, '坐席', 'Seat') },
        ...columns(about),
      ],
      rows: parts
        .slice(0, MOST_ROWS)
        .map((part, at) => [String(at + 1), moved(part.key, at), part.name, ...cells(part, about)]),
    },
  ]);
}

/** Orders of the first seats, as a chart. */
export function rankingOf(about: About, title: string, parts: readonly Part[]): Block {
  const { lang } = about.world;
  const shown = parts.slice(0, RANKED);
  return {
    type: 'chart',
    alt: pick(lang, '各坐席的成单', 'Orders by seat'),
    chart: {
      title,
      labels: shown.map(({ name }) => name),
      series: [
        {
          name: pick(lang, '成单', 'Orders'),
          kind: 'bar',
          role: 'subject',
          values: shown.map(({ totals }) => totals.success),
        },
      ],
      unit: pick(lang, '单', ''),
      shape: 'ranking',
      footnote: noted(about),
    },
  };
}

/**
 * Tasks or lines.
 * @param source where the figures are from
 */
export function partsCard(
  about: About,
  kind: 'task' | 'line',
  { parts, source }: { parts: readonly Part[]; source?: string },
): MessageDraft {
  const { lang } = about.world;
  const what = kind === 'task' ? pick(lang, '任务', 'tasks') : pick(lang, '线路', 'lines');
  const most = parts.slice(0, MOST_ROWS);
  const { title } = about.world.context.words.say('calls/parts', lang, {
    when: about.when,
    what,
    count: grouped(parts.length),
    more: parts.length > most.length && { shown: grouped(most.length) },
  });
  return framed(about, title, [
    {
      type: 'table',
      columns: [{ label: what }, ...columns(about)],
      rows: most.map((part) => [part.name, ...cells(part, about)]),
    },
    ...(source && parts.length > 0 ? [{ type: 'text' as const, text: source }] : []),
  ]);
}

const columns = ({ world: { lang } }: About) =>
  pick(lang, '成单 外呼 接通 接通率', 'Orders Dialled Connected Rate').split(' ').map(right);

function cells({ totals }: Part, { world: { lang } }: About): string[] {
  const { success, dialled, connected, connectRate } = totals;
  return [known(success, lang), grouped(dialled), grouped(connected), rate(connectRate, lang)];
}

/** Hours of the day; and of several days weekday × hour as a heat map: the darker, the more was dialled. */
export function hoursCard(about: About, counts: readonly (CallCount & { day: Day; hour: number })[]): MessageDraft {
  const { lang } = about.world;
  const { byHour, byWeekday } = hoursOf(counts);
  const busy = byHour.flatMap(({ dialled }, hour) => (dialled > 0 ? [hour] : []));
  const best = [...busy].sort((a, b) => rateOf(byHour[b]) - rateOf(byHour[a]))[0];
  const { title } = about.world.context.words.say('calls/hours', lang, {
    when: about.when,
    best: best !== undefined && { hour: sayHours(best, lang), rate: rate(rateOf(byHour[best]), lang) },
  });
  if (best === undefined) return framed(about, title, []);
  const worked = byWeekday.filter((hours) => hours.some(({ dialled }) => dialled > 0)).length;
  return framed(about, title, [
    {
      type: 'chart',
      alt: pick(lang, '各时段的外呼数和接通率', 'Dialled calls and connect rate by hour'),
      chart: {
        title,
        labels: busy.map((hour) => sayHour(hour, lang)),
        series: [
          {
            name: pick(lang, '外呼', 'Dialled'),
            kind: 'bar',
            role: 'subject',
            values: busy.map((hour) => byHour[hour]?.dialled ?? null),
          },
          {
            name: pick(lang, '接通率', 'Connect rate'),
            kind: 'line',
            role: 'trend',
            axis: 'right',
            unit: '%',
            values: busy.map((hour) => rateOf(byHour[hour])),
          },
        ],
        unit: pick(lang, '通', ''),
        rightUnit: '%',
        footnote: noted(about),
      },
    },
    ...(worked > 1 ? [heatmapOf(about, byWeekday, busy)] : []),
  ]);
}

/** Weekday × hour: the shade is how much was dialled, the number the connect rate. */
function heatmapOf(about: About, byWeekday: ReturnType<typeof hoursOf>['byWeekday'], busy: readonly number[]): Block {
  const { lang } = about.world;
  const names = pick(lang, '周一 周二 周三 周四 周五 周六 周日', 'Mon Tue Wed Thu Fri Sat Sun').split(' ');
  const rows = byWeekday.flatMap((hours, at) =>
    hours.some(({ dialled }) => dialled > 0) ? [{ name: names[at] ?? '', cells: busy.map((hour) => hours[hour]) }] : [],
  );
  const most = rows
    .flatMap(({ name, cells }) => cells.map((cell, at) => ({ name, hour: busy[at] ?? 0, cell })))
    .reduce((best, one) => ((one.cell?.dialled ?? 0) > (best.cell?.dialled ?? 0) ? one : best));
  const when = `${most.name} ${sayHours(most.hour, lang)}`;
  const title = pick(lang, `外呼最多：${when}（${about.when}）`, `Most was dialled ${when} (${about.when})`);
  const legend = pick(lang, '颜色越深外呼越多，数字是接通率 %', 'darker: more dialled; number: connect rate in %');
  return {
    type: 'chart',
    alt: `${title}（${pick(lang, '接通率', 'connect rate')} ${rate(rateOf(most.cell), lang)}）`,
    chart: {
      title,
      shape: 'heatmap',
      labels: busy.map((hour) => sayHour(hour, lang)),
      series: rows.map(({ name, cells }) => ({
        name,
        kind: 'bar',
        role: 'subject',
        values: cells.map((cell) => (cell?.dialled ? cell.dialled : null)),
        texts: cells.map((cell) => (cell?.dialled ? String(Math.round(rateOf(cell))) : '')),
      })),
      footnote: `${legend} · ${noted(about)}`,
    },
  };
}

function sayHour(hour: number, lang: Lang): string {
  return pick(lang, `${hour}时`, `${hour}:00`);
}

function rateOf(cell: { dialled: number; connected: number } | undefined): number {
  return cell ? percent(cell.connected, cell.dialled) : 0;
}

/** Orders by product and day, and the labels. */
export function gradesCard(
  about: About,
  { from, to }: { from: Day; to: Day },
  counts: readonly (CallCount & { day: Day })[],
  rules: CallRules,
): MessageDraft {
  const { lang } = about.world;
  const byDay = groupBy(counts, ({ day }) => day);
  const days = daysBetween(from, to).map((day) => {
    const own = byDay.get(day);
    return { day, totals: own ? totalsOf(own, rules) : null };
  });
  const total = totalsOf(counts, rules);
  const split = total.products.map(({ product, count }) => `${product} ${known(count, lang)}`).join(' · ');
  const { title } = about.world.context.words.say('calls/grades', lang, { when: about.when, split });
  const roles = ['subject', 'subject-2', 'comparison', 'good', 'warn'] as const;
  const labels = labelsOf(counts);
  return framed(about, title, [
    {
      type: 'chart',
      alt: pick(lang, '每天各产品的成单', 'Orders of each product by day'),
      chart: {
        title,
        labels: days.map(({ day }) => day.slice(5)),
        series: rules.products.slice(0, roles.length).map((product, at) => ({
          name: product,
          kind: days.length > 1 ? ('line' as const) : ('bar' as const),
          role: roles[at] ?? ('subject' as const),
          values: days.map(({ totals }) => totals?.products.find((one) => one.product === product)?.count ?? null),
        })),
        unit: pick(lang, '单', ''),
        footnote: noted(about),
      },
    },
    {
      type: 'table',
      columns: [
        { label: pick(lang, '意向度', 'Label') },
        right(pick(lang, '话单', 'Records')),
        right(pick(lang, '占比', 'Share')),
      ],
      rows: labels
        .slice(0, MOST_ROWS)
        .map(({ grade, records }) => [
          grade || pick(lang, '（无）', '(none)'),
          grouped(records),
          rate(percent(records, total.records), lang),
        ]),
    },
  ]);
}
