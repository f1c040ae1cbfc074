import type { Words } from '../../core/context.ts';
import { type Block, type DataAge, type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { grouped, yuan, yuanShort } from '../../core/money.ts';
import { localMinute } from '../../core/time.ts';
import type { Explanation } from './explain.ts';
import type { Reward } from './model.ts';
import type { LedgerRow } from './store.ts';

/** Contracts that are listed one by one; earlier ones are added up in one line. */
const LISTED = 20;

export interface WhyFacts {
  explanation: Explanation;
  /** The person's ledger entries in the campaign. */
  ledger: readonly LedgerRow[];
  age: DataAge | null;
  zone: string;
}

/** 为什么: the rule, what the person had, the arithmetic, and what the ledger says. */
export function whyCard({ explanation, ledger, age, zone }: WhyFacts, words: Words, lang: Lang): MessageDraft {
  const { campaign, decision, awards, missed, totals, measure, next, notCounted } = explanation;
  const nextTier = next && 'tier' in next ? next : null;
  const said = words.say('rewards/why', lang, {
    campaign: campaign.title,
    version: String(campaign.version),
    contract: decision.contract.number ?? decision.contractId,
    hasAwards: awards.length > 0,
    awards: awards
      .map((award) => `${award.name} ${yuanShort(award.paidFen)}${byDispute(award, lang)}`)
      .join(pick(lang, ' 元、', ' yuan, ')),
    rules: awards.map((award) => award.rule[lang]).join(pick(lang, '；', '; ')),
    hasMissed: missed.length > 0,
    missed: missed.map(({ name, reason }) => `${name}：${reason[lang]}`).join(pick(lang, '；', '; ')),
    count: grouped(decision.count),
    countedSum: yuan(decision.countedSumFen),
    signedSum: yuan(decision.sumFen),
    counting: explanation.counting[lang],
    hasShort: nextTier !== null,
    shortTier: nextTier?.tier ?? '',
    shortBy: nextTier ? yuanShort(nextTier.gapFen) : '',
  });
  const sum =
    measure === null
      ? ''
      : `${pick(lang, '合计', 'Total')} ${yuan(measure === 'counted' ? totals.countedFen : totals.amountFen)} · `;
  const outside = notCounted.map((one) => `${one.number}（${one.reason[lang]}）`).join(pick(lang, '、', ', '));
  const closing = [
    ...awards.map((award) => `${sum}${ledgerLine(award, ledger, zone, lang)}`),
    ...(outside
      ? [pick(lang, `未计入 ${notCounted.length} 份：${outside}`, `Not counted, ${notCounted.length}: ${outside}`)]
      : []),
  ];
  return {
    title: said.title,
    lang,
    ...(age && { asOf: age }),
    blocks: [
      { type: 'text', text: said.text },
      contractTable(explanation, lang),
      ...tierTable(explanation, lang),
      ...(closing.length > 0 ? [{ type: 'text' as const, text: closing.join('\n') }] : []),
      {
        type: 'actions',
        buttons: [
          {
            label: pick(lang, '我的奖励', 'My rewards'),
            call: { command: 'rewards.mine', args: { campaign: campaign.key } },
          },
          {
            label: pick(lang, '申诉', 'Dispute'),
            call: { command: 'rewards.dispute', args: { contract: decision.contractId } },
          },
        ],
      },
    ],
  };
}

function byDispute({ dispute }: Reward, lang: Lang): string {
  return dispute === undefined ? '' : pick(lang, `（申诉 #${dispute}）`, ` (dispute #${dispute})`);
}

function contractTable({ lines }: Explanation, lang: Lang): Block {
  const listed = lines.slice(-LISTED);
  const earlier = lines.slice(0, -LISTED);
  const rows = listed.map((line) => [
    String(line.ordinal),
    line.number,
    yuan(line.amountFen),
    yuan(line.countedFen),
    line.reason?.[lang] ?? '',
  ]);
  if (earlier.length > 0) {
    const total = (of: 'amountFen' | 'countedFen') => yuan(earlier.reduce((sum, line) => sum + line[of], 0));
    rows.unshift([
      '',
      pick(lang, `更早的 ${earlier.length} 单`, `${earlier.length} earlier ones`),
      total('amountFen'),
      total('countedFen'),
      '',
    ]);
  }
  // Most often nothing was cut: then there is nothing to note.
  const noted = listed.some((line) => line.reason !== null);
  return {
    type: 'table',
    columns: [
      { label: '#', align: 'right' },
      { label: pick(lang, '合同', 'Contract'), align: 'left' },
      { label: pick(lang, '签约', 'Signed'), align: 'right' },
      { label: pick(lang, '计入', 'Counted'), align: 'right' },
      ...(noted ? [{ label: pick(lang, '说明', 'Note'), align: 'left' as const }] : []),
    ],
    rows: noted ? rows : rows.map((row) => row.slice(0, -1)),
  };
}

function tierTable({ tiers }: Explanation, lang: Lang): Block[] {
  if (tiers.length === 0) return [];
  return [
    {
      type: 'table',
      columns: [
        { label: pick(lang, '档位', 'Tier'), align: 'left' },
        { label: pick(lang, '门槛', 'Needs'), align: 'right' },
        { label: pick(lang, '奖励', 'Pays'), align: 'right' },
        { label: pick(lang, '情况', 'State'), align: 'left' },
      ],
      rows: tiers.map((tier) => [
        tier.name,
        yuanShort(tier.atFen),
        yuanShort(tier.paysFen),
        tier.wonBy
          ? pick(lang, `✓ 合同 ${tier.wonBy}`, `✓ contract ${tier.wonBy}`)
          : tier.gapFen > 0
            ? pick(lang, `还差 ${yuanShort(tier.gapFen)}`, `${yuanShort(tier.gapFen)} short`)
            : pick(lang, '单数还不够', 'too few contracts'),
      ]),
    },
  ];
}

/** `✓ 与台账一致 · 台账 #8841 · 10-17 09:30`, or what differs. */
function ledgerLine(
  award: { name: string; awardKey: string; paidFen: number },
  ledger: readonly LedgerRow[],
  zone: string,
  lang: Lang,
): string {
  const entries = ledger.filter((entry) => entry.awardKey === award.awardKey);
  const booked = entries.reduce((sum, entry) => sum + entry.amountFen, 0);
  const first = entries[0];
  if (!first) return pick(lang, `${award.name}：下次结算时入账`, `${award.name}: booked with the next settling`);
  const place = `${pick(lang, '台账', 'ledger')} #${first.id} · ${localMinute(first.bookedAt, zone).slice(5)}`;
  return booked === award.paidFen
    ? `${award.name} ${yuanShort(booked)} ${pick(lang, '✓ 与台账一致', '✓ as in the ledger')} · ${place}`
    : pick(
        lang,
        `${award.name}：台账记了 ${yuanShort(booked)} 元，下次结算更正 · ${place}`,
        `${award.name}: the ledger holds ${yuanShort(booked)} yuan; corrected with the next settling · ${place}`,
      );
}
