import { type DataAge, type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { yuan, yuanShort, yuanWhole } from '../../core/money.ts';
import type { Scope } from './campaign.ts';
import type { Standing } from './campaigns.ts';
import type { Decision } from './model.ts';
import { SCOPES } from './rule-words.ts';
import { climbs, missing, tierScope } from './wording.ts';

/** 还差多少: the next tier in the first line, then every award and what it still lacks. */
export function nextCard(
  { campaign }: Standing,
  own: readonly Decision[],
  age: DataAge | null,
  lang: Lang,
): MessageDraft {
  const last = own.at(-1) as Decision;
  const climbing = own.findLast((decision) => climbs(campaign, decision)) ?? last;
  const { tiers, every, perAddress } = campaign.awards;
  const scope = tierScope(campaign);
  const sumFen = tiers?.measure === 'signed' ? sumOf(last, scope) : last.countedSumFen;
  const counted = tiers?.measure === 'signed' ? pick(lang, '签约', 'signed') : pick(lang, '计入业绩', 'counted');
  const count = countOf(last, scope);
  const won = new Set(own.flatMap(({ rewards }) => rewards.map(({ name }) => name)));
  const lines = [
    ...every.map(({ name, count: each, of, paysFen }) => {
      const short = each - (countOf(last, of) % each);
      return pick(
        lang,
        `${name}（${yuanShort(paysFen)} 元）：再签 ${short} 单${SCOPES[of].zh}`,
        `${name} (${yuanShort(paysFen)} yuan): ${short} more ${SCOPES[of].en}contract${short === 1 ? '' : 's'}`,
      );
    }),
    ...perAddress.map(({ name, of, paysFen }) =>
      pick(
        lang,
        `${name}（${yuanShort(paysFen)} 元）：每个新项目地址的首份${SCOPES[of].zh || '合同'}`,
        `${name} (${yuanShort(paysFen)} yuan): the first ${SCOPES[of].en}contract at each new project address`,
      ),
    ),
  ];
  const unlock =
    tiers && count < tiers.unlock
      ? [pick(lang, `先满 ${tiers.unlock} 单，现在 ${count} 单`, `first ${tiers.unlock} contracts; now ${count}`)]
      : [];
  return {
    title: missing(campaign, climbing, lang),
    tone: climbing.next ? 'info' : 'good',
    lang,
    ...(age && { asOf: age }),
    blocks: [
      {
        type: 'text',
        text: [
          `${campaign.title} · ${counted} ${yuan(sumFen)} ${pick(lang, '元', 'yuan')} / ${count} ${pick(lang, '单', 'contracts')}`,
          ...unlock,
          ...lines,
        ].join('\n'),
      },
      ...(tiers
        ? [
            {
              type: 'table' as const,
              columns: [
                { label: pick(lang, '档位', 'Tier') },
                { label: pick(lang, '门槛', 'At'), align: 'right' as const },
                { label: pick(lang, '奖励', 'Pays'), align: 'right' as const },
                { label: pick(lang, '还差', 'Missing'), align: 'right' as const },
              ],
              rows: tiers.steps.map(({ name, atFen, paysFen }) => [
                name,
                yuanWhole(atFen),
                yuanShort(paysFen),
                won.has(name) ? '✓' : yuan(Math.max(0, atFen - sumFen)),
              ]),
            },
          ]
        : []),
      {
        type: 'actions',
        buttons: [
          {
            label: pick(lang, '我的奖励', 'My rewards'),
            call: { command: 'rewards.mine', args: { campaign: campaign.key } },
          },
        ],
      },
    ],
  };
}

function countOf(decision: Decision, scope: Scope): number {
  return { all: decision.count, platform: decision.platformCount, selfReferral: decision.selfCount }[scope];
}

function sumOf(decision: Decision, scope: Scope): number {
  return { all: decision.sumFen, platform: decision.platformSumFen, selfReferral: decision.selfSumFen }[scope];
}
