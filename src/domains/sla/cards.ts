import type { AlertStanding } from '../../core/alert.ts';
import type { Context } from '../../core/context.ts';
import { footnote } from '../../core/footnote.ts';
import { asData, type Button, type DataAge, type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { grouped } from '../../core/money.ts';
import { type Day, sayDay } from '../../core/time.ts';
import type { Rank, Ranking } from './ranking.ts';
import type { Violation } from './store.ts';

/** Rows of a table in a chat. */
const ROWS = 20;

type World = Pick<Context, 'words' | 'clock'>;

export interface ListFacts {
  from: Day;
  to: Day;
  provider: string | undefined;
  violations: readonly Violation[];
  standing: ReadonlyMap<string, AlertStanding>;
  keyOf(one: Violation): string;
  /** Days of the period of which nothing is known. */
  missing: readonly Day[];
  age: DataAge;
}

/** 超时: violations of a period, and who has taken which. */
export function listCard(facts: ListFacts, { words }: World, lang: Lang): MessageDraft {
  const { violations, missing, standing } = facts;
  const standingOf = (one: Violation) => standing.get(facts.keyOf(one));
  const open = violations.filter((one) => standingOf(one)?.state === 'open').length;
  const said = words.say('sla/list', lang, {
    period: sayPeriodWords(facts, lang),
    hasProvider: facts.provider !== undefined,
    provider: facts.provider ?? '',
    count: grouped(violations.length),
    providers: grouped(new Set(violations.map((one) => one.provider)).size),
    open: grouped(open),
    hasOpen: open > 0,
    isIncomplete: missing.length > 0,
    missing: missing.map((day) => sayDay(day, lang)).join(pick(lang, '、', ', ')),
  });
  const several = facts.from !== facts.to;
  const buttons: Button[] = violations
    .flatMap((one) => {
      const stands = standingOf(one);
      return stands?.state === 'open' ? [{ one, id: String(stands.id) }] : [];
    })
    .slice(0, 3)
    .map(({ one, id }) => ({
      label: pick(lang, `认领 ${one.orderNum}`, `Take ${one.orderNum}`),
      call: { command: 'sla.ack', args: { alert: id } },
    }));
  return {
    title: said.title,
    tone: violations.length > 0 ? 'warn' : 'good',
    lang,
    asOf: facts.age,
    blocks: [
      ...(said.text ? [{ type: 'text' as const, text: said.text }] : []),
      ...(violations.length > 0
        ? [
            {
              type: 'table' as const,
              columns: [
                ...(several ? [{ label: pick(lang, '日期', 'Day') }] : []),
                { label: pick(lang, '工单', 'Order') },
                ...(facts.provider ? [] : [{ label: pick(lang, '服务商', 'Provider') }]),
                { label: pick(lang, '管家', 'Housekeeper') },
                { label: pick(lang, '违规类型', 'Kind') },
                { label: pick(lang, '处理', 'Who has it') },
              ],
              rows: violations
                .slice(0, ROWS)
                .map((one) => [
                  ...(several ? [one.day.slice(5)] : []),
                  one.orderNum,
                  ...(facts.provider ? [] : [one.provider]),
                  one.housekeeper ?? '-',
                  one.kind,
                  standingWords(standingOf(one), lang),
                ]),
            },
          ]
        : []),
      ...(violations.length > ROWS
        ? [
            {
              type: 'text' as const,
              text: pick(
                lang,
                `另有 ${violations.length - ROWS} 条；加上服务商名称可以缩小范围。`,
                `And ${violations.length - ROWS} more; name a provider to narrow it down.`,
              ),
            },
          ]
        : []),
      {
        type: 'actions',
        buttons: [
          ...buttons,
          { label: pick(lang, '超时排行', 'Ranking'), call: { command: 'sla.ranking', args: { period: 'week' } } },
        ],
      },
    ],
    data: asData({
      from: facts.from,
      to: facts.to,
      missing,
      violations: violations.map((one) => ({ ...one, alert: standingOf(one) ?? null })),
    }),
  };
}

/** The number by which it is taken, and how it stands. */
function standingWords(stands: AlertStanding | undefined, lang: Lang): string {
  if (!stands) return '-';
  const { id, owner } = stands;
  if (stands.state === 'taken') return pick(lang, `#${id} ${owner} 已认领`, `#${id} ${owner}`);
  if (stands.state === 'handled') return pick(lang, `#${id} ${owner} 已处理`, `#${id} done by ${owner}`);
  if (stands.state === 'closed') return pick(lang, `#${id} 已结束`, `#${id} over`);
  return pick(lang, `#${id} 无人`, `#${id} nobody`);
}

function sayPeriodWords({ from, to }: { from: Day; to: Day }, lang: Lang): string {
  return from === to ? sayDay(from, lang) : pick(lang, `${from} 至 ${to}`, `${from} to ${to}`);
}

/** 超时排行: violations per provider and kind, against as many days before, with both charts. */
export function rankingCard(ranking: Ranking, age: DataAge, { words, clock }: World, lang: Lang): MessageDraft {
  const { providers, kinds, total, byDay } = ranking;
  const [worst] = providers;
  const said = words.say('sla/ranking', lang, {
    period: sayPeriodWords(ranking, lang),
    total: grouped(total.now),
    change: changeWords(total, lang),
    hasWorst: worst !== undefined && worst.now > 0,
    worst: worst?.name ?? '',
    worstCount: grouped(worst?.now ?? 0),
    kinds: kinds
      .filter(({ now }) => now > 0)
      .slice(0, 5)
      .map((kind) => {
        const count = `${kind.name} ${grouped(kind.now)}`;
        return pick(lang, `${count}（${changeWords(kind, lang)}）`, `${count} (${changeWords(kind, lang)})`);
      })
      .join(' · '),
    hasKinds: kinds.some(({ now }) => now > 0),
  });
  const top = providers.slice(0, 10);
  const unit = pick(lang, '条', '');
  const note = footnote(age, clock, lang);
  // Each day stands beside the one as many days earlier.
  const [before, now] = [byDay.slice(0, byDay.length / 2), byDay.slice(byDay.length / 2)];
  const hasBefore = top.some(({ before }) => before !== null);
  return {
    title: said.title,
    tone: total.before !== null && total.now > total.before ? 'warn' : 'info',
    lang,
    asOf: age,
    blocks: [
      { type: 'text', text: said.text },
      ...(top.length > 0
        ? [
            {
              type: 'chart' as const,
              alt: top.map(({ name, now }, at) => `${at + 1} ${name} ${now}`).join(' · '),
              chart: {
                title: pick(lang, '各服务商违规', 'Violations by provider'),
                shape: 'ranking' as const,
                labels: top.map(({ name }) => name),
                unit,
                footnote: note,
                series: [
                  {
                    name: pick(lang, '本期', 'Now'),
                    kind: 'bar' as const,
                    role: 'subject' as const,
                    values: top.map(({ now }) => now),
                  },
                  ...(hasBefore
                    ? [
                        {
                          name: pick(lang, '上期', 'Before'),
                          kind: 'bar' as const,
                          role: 'comparison' as const,
                          values: top.map(({ before }) => before),
                        },
                      ]
                    : []),
                ],
              },
            },
          ]
        : []),
      {
        type: 'chart',
        alt: now.map(({ day, count }) => `${day.slice(5)} ${count ?? '-'}`).join(' · '),
        chart: {
          title: pick(lang, `每日违规：共 ${total.now} 条`, `Violations by day: ${total.now}`),
          labels: now.map(({ day }) => day.slice(5)),
          unit,
          footnote: note,
          series: [
            {
              name: pick(lang, '本期', 'Now'),
              kind: 'bar',
              role: 'subject',
              values: now.map(({ count }) => count),
            },
            ...(before.some(({ count }) => count !== null)
              ? [
                  {
                    name: pick(lang, '上期', 'Before'),
                    kind: 'bar' as const,
                    role: 'comparison' as const,
                    values: before.map(({ count }) => count),
                  },
                ]
              : []),
          ],
        },
      },
      {
        type: 'table',
        columns: [
          { label: '#', align: 'right' },
          { label: pick(lang, '服务商', 'Provider') },
          { label: pick(lang, '本期', 'Now'), align: 'right' },
          { label: pick(lang, '环比', 'Change'), align: 'right' },
        ],
        rows: providers
          .slice(0, ROWS)
          .map((one, at) => [String(at + 1), one.name, grouped(one.now), changeWords(one, lang)]),
      },
    ],
    data: asData(ranking),
  };
}

/** +3, −2, 持平; 不可比 where what was before is not known. */
function changeWords({ now, before }: Rank, lang: Lang): string {
  if (before === null) return pick(lang, '上期不详', 'before unknown');
  if (now === before) return pick(lang, '持平', 'same');
  return now > before ? `+${now - before}` : `−${before - now}`;
}
