import { asData, type Lang, type MessageDraft, pick } from '../../../core/message.ts';
import { type Fen, yuan, yuanShort } from '../../../core/money.ts';
import { shownName } from '../model.ts';
import type { Mistake } from './editions.ts';
import type { Replay } from './replay.ts';

/** Persons that are shown; `data` has all. */
const LISTED = 15;

/** What a draft would change: totals, months, persons, and what its author may not have meant. */
export function diffCard(
  { document, version, holds }: { document: string; version: number | null; holds: number },
  replay: Replay,
  lang: Lang,
): MessageDraft {
  const { months, people, beforeFen, afterFen, winners, losers, findings } = replay;
  const changed = people.filter((row) => row.afterFen !== row.beforeFen);
  const kinds = {
    own: pick(lang, '发布后生效', 'would change'),
    closed: pick(lang, '已关账，不变', 'closed, stays'),
    other: pick(lang, '只作对比', 'to compare'),
  };
  const name = version === null ? pick(lang, '草稿', 'Draft') : pick(lang, `第 ${version} 版`, `Version ${version}`);
  const right = (label: string) => ({ label, align: 'right' as const });
  return {
    title: pick(
      lang,
      `${name}：${yuanShort(beforeFen)} → ${yuanShort(afterFen)} 元（${signed(afterFen - beforeFen)}），${winners} 人多得，${losers} 人少得`,
      `${name}: ${yuanShort(beforeFen)} → ${yuanShort(afterFen)} yuan (${signed(afterFen - beforeFen)}), ${winners} get more, ${losers} get less`,
    ),
    tone: findings.length > 0 || losers > 0 ? 'warn' : 'info',
    lang,
    blocks: [
      ...(findings.length > 0
        ? [
            {
              type: 'text' as const,
              text: findings
                .map(
                  ({ line, words }) =>
                    `⚠ ${line === null ? '' : pick(lang, `第 ${line} 行：`, `line ${line}: `)}${words[lang]}`,
                )
                .join('\n'),
            },
          ]
        : []),
      {
        type: 'table',
        columns: [
          { label: pick(lang, '活动', 'Campaign') },
          right(pick(lang, '合同', 'Contracts')),
          right(pick(lang, '原来', 'Before')),
          right(pick(lang, '草稿', 'Draft')),
          right(pick(lang, '差额', 'Difference')),
          { label: '' },
        ],
        rows: months.map((month) => [
          month.key,
          String(month.contracts),
          yuan(month.beforeFen),
          yuan(month.afterFen),
          signed(month.afterFen - month.beforeFen),
          kinds[month.kind],
        ]),
      },
      ...(changed.length > 0
        ? [
            {
              type: 'table' as const,
              columns: [
                { label: pick(lang, '管家', 'Housekeeper') },
                right(pick(lang, '原来', 'Before')),
                right(pick(lang, '草稿', 'Draft')),
                right(pick(lang, '差额', 'Difference')),
              ],
              rows: changed
                .slice(0, LISTED)
                .map((row) => [
                  shownName(row.person),
                  yuan(row.beforeFen),
                  yuan(row.afterFen),
                  signed(row.afterFen - row.beforeFen),
                ]),
            },
          ]
        : []),
      ...(version === null || version === holds
        ? []
        : [
            {
              type: 'actions' as const,
              buttons: [
                {
                  label: pick(lang, '发布', 'Publish'),
                  call: { command: 'rewards.publish', args: { document, version } },
                  confirm: pick(
                    lang,
                    `第 ${version} 版发布后立即生效。确定吗？`,
                    `Version ${version} will hold at once. Sure?`,
                  ),
                },
              ],
            },
          ]),
    ],
    data: asData({ document, version, ...replay }),
  };
}

/** What is wrong with a document, line by line. */
export function checkCard(mistakes: readonly Mistake[], lang: Lang): MessageDraft {
  return {
    title:
      mistakes.length === 0
        ? pick(lang, '没有错误', 'No mistakes')
        : pick(lang, `${mistakes.length} 处错误`, `${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}`),
    tone: mistakes.length === 0 ? 'good' : 'bad',
    lang,
    blocks:
      mistakes.length === 0
        ? []
        : [
            {
              type: 'text',
              text: mistakes
                .map(({ line, text }) => `${pick(lang, `第 ${line} 行`, `line ${line}`)} ${text}`)
                .join('\n'),
            },
          ],
    data: asData({ mistakes }),
  };
}

function signed(fen: Fen): string {
  return `${fen > 0 ? '+' : ''}${yuan(fen)}`;
}
