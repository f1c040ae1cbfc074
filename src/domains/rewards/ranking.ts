import type { Context } from '../../core/context.ts';
import { footnote } from '../../core/footnote.ts';
import { groupBy } from '../../core/group.ts';
import { type DataAge, type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { type Fen, grouped, yuanShort, yuanWhole } from '../../core/money.ts';
import type { Standing } from './campaigns.ts';
import { type Decision, shownName } from './model.ts';

export interface RankRow {
  person: string;
  count: number;
  countedSumFen: Fen;
  paidFen: Fen;
  mine: boolean;
}

/** 奖励排行. */
export function rankCard(
  { campaign }: Standing,
  rows: readonly RankRow[],
  age: DataAge | null,
  { words, clock }: Pick<Context, 'words' | 'clock'>,
  lang: Lang,
): MessageDraft {
  const leader = rows[0] as RankRow;
  const mine = rows.findIndex((row) => row.mine) + 1;
  const said = words.say('rewards/rank', lang, {
    campaign: campaign.title,
    leader: shownName(leader.person),
    leaderSum: yuanWhole(leader.countedSumFen),
    people: grouped(rows.length),
    contracts: grouped(rows.reduce((sum, row) => sum + row.count, 0)),
    sum: yuanWhole(rows.reduce((sum, row) => sum + row.countedSumFen, 0)),
    rewards: yuanShort(rows.reduce((sum, row) => sum + row.paidFen, 0)),
    hasMine: mine > 0,
    mine: String(mine),
  });
  const top = rows.slice(0, 10);
  return {
    title: said.title,
    lang,
    ...(age && { asOf: age }),
    blocks: [
      { type: 'text', text: said.text },
      {
        type: 'chart',
        alt: top.map((row, at) => `${at + 1} ${shownName(row.person)} ${yuanWhole(row.countedSumFen)}`).join(' · '),
        chart: {
          title: pick(
            lang,
            `计入业绩：${shownName(leader.person)} ${yuanWhole(leader.countedSumFen)} 元`,
            `Counted: ${shownName(leader.person)} ${yuanWhole(leader.countedSumFen)} yuan`,
          ),
          shape: 'ranking',
          labels: top.map((row) => shownName(row.person)),
          unit: pick(lang, '元', 'yuan'),
          footnote: age ? footnote(age, clock, lang) : '',
          series: [
            {
              name: pick(lang, '计入业绩', 'Counted'),
              kind: 'bar',
              role: 'subject',
              // Whole yuan, as in the words beside it.
              values: top.map((row) => Math.trunc(row.countedSumFen / 100)),
            },
          ],
        },
      },
      {
        type: 'table',
        columns: [
          { label: '#', align: 'right' },
          { label: pick(lang, '管家', 'Housekeeper') },
          { label: pick(lang, '合同', 'Contracts'), align: 'right' },
          { label: pick(lang, '计入业绩', 'Counted'), align: 'right' },
          { label: pick(lang, '奖励', 'Rewards'), align: 'right' },
        ],
        rows: rows
          .slice(0, 20)
          .map((row, at) => [
            String(at + 1),
            shownName(row.person),
            grouped(row.count),
            yuanWhole(row.countedSumFen),
            yuanShort(row.paidFen),
          ]),
      },
    ],
  };
}

/** One row a person, by what counts; equal sums by who has more contracts, then by who got there first. */
export function rankRows(standing: Standing, housekeeperIds: readonly string[] = []): RankRow[] {
  const people = groupBy(standing.decisions, (decision) => decision.personId);
  return [...people]
    .map(([, own]) => {
      const last = own.at(-1) as Decision;
      return {
        person: last.person,
        count: last.count,
        countedSumFen: last.countedSumFen,
        paidFen: own.flatMap((decision) => decision.rewards).reduce((sum, reward) => sum + reward.paidFen, 0),
        mine: own.some(({ contract }) => housekeeperIds.includes(contract.housekeeperId ?? '')),
      };
    })
    .toSorted((a, b) => b.countedSumFen - a.countedSumFen || b.count - a.count);
}
