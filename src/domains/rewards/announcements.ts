import type { Words } from '../../core/context.ts';
import { type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { grouped, yuanShort, yuanWhole } from '../../core/money.ts';
import type { Standing } from './campaigns.ts';
import type { DueLine } from './ledger.ts';
import { type Decision, type Reward, shownName } from './model.ts';
import { listed, missing, orderType, paidFen } from './wording.ts';

/** 喜报: the good news of a contract, to the campaign's group. */
export function goodNews(decision: Decision, standing: Standing, words: Words, lang: Lang): MessageDraft {
  const { campaign } = standing;
  const said = words.say(campaign.announce.template, lang, {
    person: markedName(decision),
    orderType: orderType(decision, lang),
    contract: decision.contract.number ?? decision.contractId,
    sequence: grouped(decision.sequence),
    count: grouped(decision.count),
    platformCount: grouped(decision.platformCount),
    platformSum: yuanWhole(decision.platformSumFen),
    selfCount: grouped(decision.selfCount),
    selfSum: yuanWhole(decision.selfSumFen),
    sum: yuanWhole(decision.sumFen),
    counted: yuanWhole(decision.countedFen),
    countedSum: yuanWhole(decision.countedSumFen),
    conversion: percentWhole(conversionOf(standing, decision)),
    hasAwards: decision.rewards.length > 0,
    awards: listed(decision.rewards, lang),
    missing: missing(campaign, decision, lang),
  });
  return { title: said.title, tone: 'good', blocks: [{ type: 'text', text: said.text }], lang };
}

/** The name with the emblems of the badges that the person bore. */
function markedName({ badges, person }: Decision): string {
  return [...badges.map(({ mark }) => mark), shownName(person)].filter(Boolean).join(' ');
}

/** What a contract won, to the person. */
export function rewardNotice(
  decision: Decision,
  rewards: readonly Reward[],
  standing: Standing,
  words: Words,
  lang: Lang,
): MessageDraft {
  const { campaign, byPerson } = standing;
  const upToHere = (byPerson.get(decision.personId) ?? []).filter((one) => one.sequence <= decision.sequence);
  const said = words.say('rewards/award-notice', lang, {
    awards: listed(rewards, lang),
    contract: decision.contract.number ?? decision.contractId,
    orderType: orderType(decision, lang),
    campaign: campaign.title,
    total: yuanShort(paidFen(upToHere)),
    countedSum: yuanWhole(decision.countedSumFen),
    count: grouped(decision.count),
    missing: missing(campaign, decision, lang),
  });
  return {
    title: said.title,
    tone: 'good',
    lang,
    blocks: [
      { type: 'text', text: said.text },
      {
        type: 'actions',
        buttons: [
          {
            label: pick(lang, '为什么', 'Why'),
            call: { command: 'rewards.why', args: { contract: decision.contractId } },
          },
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

/** That an award was corrected, and why. */
export function correctionNotice(
  line: DueLine,
  cause: string,
  standing: Standing,
  words: Words,
  lang: Lang,
): MessageDraft {
  const { campaign, decisionOf } = standing;
  const contract = decisionOf.get(line.contractId ?? '')?.contract;
  const said = words.say('rewards/award-correction', lang, {
    award: line.name,
    before: yuanShort(line.beforeFen),
    after: yuanShort(line.beforeFen + line.amountFen),
    amount: `${line.amountFen > 0 ? '+' : ''}${yuanShort(line.amountFen)}`,
    cause,
    campaign: campaign.title,
    hasContract: line.contractId !== null,
    contract: contract?.number ?? line.contractId ?? '',
  });
  return { title: said.title, tone: 'warn', blocks: [{ type: 'text', text: said.text }], lang };
}

/** The contract's own rate; where amounts come as delivered, that of the person's newest contract. */
function conversionOf({ campaign, byPerson }: Standing, decision: Decision): number | null {
  const newest = campaign.delivered && byPerson.get(decision.personId)?.at(-1);
  return (newest || decision).contract.conversion;
}

/** 0.29 → 29%, at most 100%; `-` where it is not known. The rate is a decimal text: 0.29 × 100 is 28.999… in a double. */
function percentWhole(rate: number | null | undefined): string {
  if (rate === null || rate === undefined || !Number.isFinite(rate)) return '-';
  return `${Math.min(100, Math.trunc(Number((rate * 100).toFixed(6))))}%`;
}
