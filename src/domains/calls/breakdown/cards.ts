import { footnote } from '../../../core/footnote.ts';
import { type MessageDraft, pick } from '../../../core/message.ts';
import { grouped } from '../../../core/money.ts';
import { type Day, daysBetween } from '../../../core/time.ts';
import type { CallRules } from '../decide.ts';
import { type CallCount, percent, totalsOf } from '../model.ts';
import { ageOf, known, rate, type World } from '../say.ts';
import type { CallsState } from '../store.ts';
import { groupBy, hoursOf, labelsOf, type Part } from './model.ts';

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
  const title = first
    ? pick(
        lang,
        `${about.when}坐席排行：第一 ${first.name}，成单 ${known(first.totals.success, lang)}`,
        `Seats ${about.when}: first ${first.name}, orders ${known(first.totals.success, lang)}`,
      )
    : pick(lang, `${about.when}没有坐席外呼`, `No seat dialled ${about.when}`);
  const moved = (key: string, at: number): string => {
    const was = before.findIndex((one) => one.key === key);
    if (was < 0) return pick(lang, '新', 'new');
    return was === at ? '–' : was > at ? `▲${was - at}` : `▼${at - was}`;
  };
  const shown = parts.slice(0, RANKED);
  return framed(about, title, [
    ...(first
      ? [
          {
            type: 'chart' as const,
            alt: pick(lang, '各坐席的成单', 'Orders by seat'),
            chart: {
              title,
              labels: shown.map(({ name }) => name),
              series: [
                {
                  name: pick(lang, '成单', 'Orders'),
                  kind: 'bar' as const,
                  role: 'subject' as const,
                  values: shown.map(({ totals }) => totals.success),
                },
              ],
              unit: pick(lang, '单', ''),
              shape: 'ranking' as const,
              footnote: noted(about),
            },
          },
        ]
      : []),
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

/** Tasks or lines. */
export function partsCard(about: About, kind: 'task' | 'line', parts: readonly Part[]): MessageDraft {
  const { lang } = about.world;
  const what = kind === 'task' ? pick(lang, '任务', 'tasks') : pick(lang, '线路', 'lines');
  const most = parts.slice(0, MOST_ROWS);
  const more = parts.length > most.length ? pick(lang, `，前 ${most.length} 个`, `, the first ${most.length}`) : '';
  const title = pick(
    lang,
    `${about.when}外呼${what} ${parts.length} 个${more}`,
    `${parts.length} ${what} ${about.when}${more}`,
  );
  return framed(about, title, [
    {
      type: 'table',
      columns: [{ label: what }, ...columns(about)],
      rows: most.map((part) => [part.name, ...cells(part, about)]),
    },
  ]);
}

const columns = ({ world: { lang } }: About) =>
  pick(lang, '成单 外呼 接通 接通率', 'Orders Dialled Connected Rate').split(' ').map(right);

function cells({ totals }: Part, { world: { lang } }: About): string[] {
  const { success, dialled, connected, connectRate } = totals;
  return [known(success, lang), grouped(dialled), grouped(connected), rate(connectRate, lang)];
}

const SHADES = ['', '░', '▒', '▓', '█'];

/** Hours of the day, and weekday × hour as a heat map: the shade is how much was dialled, the number the connect rate. */
export function hoursCard(about: About, counts: readonly (CallCount & { day: Day; hour: number })[]): MessageDraft {
  const { lang } = about.world;
  const { byHour, byWeekday } = hoursOf(counts);
  const busy = byHour.flatMap(({ dialled }, hour) => (dialled > 0 ? [hour] : []));
  const best = [...busy].sort((a, b) => rateOf(byHour[b]) - rateOf(byHour[a]))[0];
  const title =
    best === undefined
      ? pick(lang, `${about.when}没有外呼`, `Nothing was dialled ${about.when}`)
      : pick(
          lang,
          `${about.when}接通率最高 ${best}–${best + 1} 时：${rate(rateOf(byHour[best]), lang)}`,
          `Best hour ${about.when}: ${best}:00, ${rate(rateOf(byHour[best]), lang)} connected`,
        );
  if (best === undefined) return framed(about, title, []);
  const most = Math.max(...byWeekday.flat().map(({ dialled }) => dialled));
  const names = pick(lang, '周一 周二 周三 周四 周五 周六 周日', 'Mon Tue Wed Thu Fri Sat Sun').split(' ');
  return framed(about, title, [
    {
      type: 'chart',
      alt: pick(lang, '各时段的外呼数和接通率', 'Dialled calls and connect rate by hour'),
      chart: {
        title,
        labels: busy.map((hour) => pick(lang, `${hour}时`, `${hour}:00`)),
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
    {
      type: 'text',
      text: pick(
        lang,
        '星期 × 时段：色块越深外呼越多，数字是接通率 %。',
        'Weekday × hour: the darker, the more was dialled; the number is the connect rate in %.',
      ),
    },
    {
      type: 'table',
      columns: [{ label: '' }, ...busy.map((hour) => right(String(hour)))],
      rows: byWeekday.flatMap((hours, at) =>
        hours.every(({ dialled }) => dialled === 0)
          ? []
          : [
              [
                names[at] ?? '',
                ...busy.map((hour) => {
                  const cell = hours[hour];
                  if (!cell?.dialled) return '';
                  return `${SHADES[Math.ceil((4 * cell.dialled) / most)]}${Math.round(rateOf(cell))}`;
                }),
              ],
            ],
      ),
    },
  ]);
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
  const title = pick(lang, `${about.when}意向度：${split}`, `Labels ${about.when}: ${split}`);
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
