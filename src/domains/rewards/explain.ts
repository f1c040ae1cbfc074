import { type Fen, yuanShort } from '../../core/money.ts';
import type { Campaign, Scope } from './campaign.ts';
import type { Decision, Next, Reward } from './model.ts';
import { addressWords, countingWords, everyWords, numberedWords, type Said, SCOPES, tierWords } from './rule-words.ts';
import { tierScope } from './wording.ts';

/** What is asked: one award, or one contract with all that it won. */
export type Asked = { awardKey: string } | { contractId: string };

/** Why an award was won, or what a contract brought: everything as it stood with that contract. */
export interface Explanation {
  campaign: { key: string; title: string; version: number };
  /** The contract that won the award, or that was asked about; count and sums are the person's at that moment. */
  decision: Decision;
  /** The award asked about, or all that the contract won; each with its rule in words. */
  awards: (Reward & { rule: Said })[];
  /** Awards that the contract asked about might have won, and why it did not. */
  missed: { name: string; reason: Said }[];
  /** How amounts are counted. */
  counting: Said;
  /** Which sum the tiers look at; null where no sum decides. */
  measure: 'counted' | 'signed' | null;
  /** The contracts that bear on the award, in order. */
  lines: ExplainedContract[];
  /** Sums of `lines`. */
  totals: { amountFen: Fen; countedFen: Fen };
  tiers: ExplainedTier[];
  next: Next;
  /** The person's other contracts up to then, and why they do not bear on it. */
  notCounted: { contractId: string; number: string; amountFen: Fen; reason: Said }[];
}

export interface ExplainedContract {
  contractId: string;
  number: string;
  /** Running number among the contracts that bear on the award, from 1. */
  ordinal: number;
  signedDay: string | null;
  amountFen: Fen;
  countedFen: Fen;
  /** Why the counted amount is not the signed one; null where it is. */
  reason: Said | null;
}

export interface ExplainedTier {
  name: string;
  atFen: Fen;
  paysFen: Fen;
  /** Number of the contract that won it; null: not won then. */
  wonBy: string | null;
  /** What was missing; 0 where the sum was enough. */
  gapFen: Fen;
}

/**
 * Explains an award or a contract, from the decisions alone.
 * @param own all decisions about one person, in order
 * @returns null where the person has no such award or contract
 */
export function explain(campaign: Campaign, own: readonly Decision[], asked: Asked): Explanation | null {
  const decision = own.find((one) =>
    'contractId' in asked
      ? one.contractId === asked.contractId
      : one.rewards.some((reward) => reward.awardKey === asked.awardKey),
  );
  if (!decision) return null;
  const upToHere = own.slice(0, own.indexOf(decision) + 1);
  const rewards = decision.rewards.filter((reward) => !('awardKey' in asked) || reward.awardKey === asked.awardKey);
  const basis = basisOf(campaign, decision, 'awardKey' in asked ? rewards[0] : undefined);
  const bearing = upToHere.filter(basis.bears);
  const lines = bearing.map((one, index) => lineOf(one, index + 1, basis.measure)).slice(-basis.shown);
  return {
    campaign: { key: campaign.key, title: campaign.title, version: campaign.version },
    decision,
    awards: rewards.map((reward) => ({ ...reward, rule: ruleOf(campaign, reward.name) })),
    missed: 'contractId' in asked ? missedBy(campaign, decision, upToHere) : [],
    counting: countingWords(campaign),
    measure: basis.measure,
    lines,
    totals: {
      amountFen: sum(lines.map((line) => line.amountFen)),
      countedFen: sum(lines.map((line) => line.countedFen)),
    },
    tiers: tierTable(campaign, upToHere),
    next: decision.next,
    notCounted: basis.measure ? upToHere.filter((one) => !basis.bears(one)).map(outsideOf) : [],
  };
}

interface Basis {
  bears(decision: Decision): boolean;
  measure: Explanation['measure'];
  /** How many of the bearing contracts, from the end, tell the story. */
  shown: number;
}

/** Which contracts an award rests on; a contract asked about is shown in the light of the tiers. */
function basisOf(campaign: Campaign, winner: Decision, reward: Reward | undefined): Basis {
  const { awards } = campaign;
  const every = awards.every.find((rule) => rule.name === reward?.name);
  if (every) return { bears: (one) => within(every.of, one), measure: null, shown: every.count };
  const alone = [...awards.perAddress, ...awards.numbered.flatMap(({ bands }) => bands)];
  if (alone.some((rule) => rule.name === reward?.name)) {
    return { bears: (one) => one.contractId === winner.contractId, measure: null, shown: 1 };
  }
  const of = tierScope(campaign);
  return {
    bears: (one) => within(of, one) && !one.historical,
    measure: awards.tiers?.measure ?? 'counted',
    shown: Number.MAX_SAFE_INTEGER,
  };
}

function within(scope: Scope, { orderType }: Decision): boolean {
  return scope === 'all' || (scope === 'platform') === (orderType === 'platform');
}

function ruleOf(campaign: Campaign, name: string): Said {
  const { awards } = campaign;
  const step = awards.tiers?.steps.find((one) => one.name === name);
  if (awards.tiers && step) return tierWords({ ...awards.tiers, of: tierScope(campaign) }, step);
  const every = awards.every.find((one) => one.name === name);
  if (every) return everyWords(every);
  const numbered = awards.numbered.find(({ bands }) => bands.some((band) => band.name === name));
  const band = numbered?.bands.find((one) => one.name === name);
  if (numbered && band) return numberedWords(numbered, band);
  const perAddress = awards.perAddress.find((one) => one.name === name);
  return perAddress ? addressWords(perAddress) : { zh: name, en: name };
}

function lineOf(decision: Decision, ordinal: number, measure: Explanation['measure']): ExplainedContract {
  const { contract, amountFen, countedFen } = decision;
  return {
    contractId: contract.id,
    number: numberOf(decision),
    ordinal,
    signedDay: contract.signedDay,
    amountFen,
    countedFen,
    reason: reasonOf(decision, measure),
  };
}

function reasonOf(decision: Decision, measure: Explanation['measure']): Said | null {
  const { amountFen, contractCutFen, workOrderCutFen, contract } = decision;
  if (amountFen === 0) return { zh: '金额为 0，只计单数', en: 'amount 0: counts as a contract only' };
  if (amountFen < 0) return { zh: '退款多于付款', en: 'more was refunded than paid' };
  if (measure === 'signed') return null;
  const zh: string[] = [];
  const en: string[] = [];
  if (contractCutFen > 0) {
    zh.push('单合同上限');
    en.push('cap on one contract');
  }
  if (workOrderCutFen > 0) {
    const left = decision.quotaFen ?? 0;
    zh.push(left === 0 ? `工单 ${contract.workOrder} 已计满` : `工单 ${contract.workOrder} 只剩 ${yuanShort(left)}`);
    en.push(
      left === 0
        ? `work order ${contract.workOrder} is used up`
        : `work order ${contract.workOrder} had ${yuanShort(left)} left`,
    );
  }
  return zh.length > 0 ? { zh: zh.join('；'), en: en.join('; ') } : null;
}

function tierTable(campaign: Campaign, upToHere: readonly Decision[]): ExplainedTier[] {
  const { tiers } = campaign.awards;
  if (!tiers) return [];
  const of = tierScope(campaign);
  const amounts = upToHere
    .filter((one) => within(of, one) && !one.historical)
    .map((one) => (tiers.measure === 'counted' ? one.countedFen : one.amountFen));
  return tiers.steps.map(({ name, atFen, paysFen }) => {
    const winner = upToHere.find((one) => one.rewards.some((reward) => reward.awardKey === name));
    return { name, atFen, paysFen, wonBy: winner ? numberOf(winner) : null, gapFen: Math.max(0, atFen - sum(amounts)) };
  });
}

function outsideOf(decision: Decision): Explanation['notCounted'][number] {
  if (decision.historical) {
    const reason = { zh: '历史合同，只占用工单额度', en: 'historical: it only uses up its work order' };
    return { contractId: decision.contractId, number: numberOf(decision), amountFen: decision.amountFen, reason };
  }
  const { zh, en } = SCOPES[decision.orderType === 'platform' ? 'platform' : 'selfReferral'];
  return {
    contractId: decision.contractId,
    number: numberOf(decision),
    amountFen: decision.amountFen,
    reason: { zh: `${zh}不计入`, en: `${en}contracts do not count` },
  };
}

/** Why a contract did not win what it might have: lucky awards and red packets; tiers are told by `next`. */
function missedBy({ awards }: Campaign, decision: Decision, upToHere: readonly Decision[]): Explanation['missed'] {
  const has = (name: string) => decision.rewards.some((reward) => reward.name === name);
  const every = awards.every
    .filter((rule) => within(rule.of, decision) && !has(rule.name))
    .map(({ name, count, of }) => {
      const short = count - (upToHere.filter((one) => within(of, one)).length % count);
      const { zh, en } = SCOPES[of];
      return {
        name,
        reason: { zh: `再签 ${short} 单${zh}`, en: `${short} more ${en}contract${short === 1 ? '' : 's'}` },
      };
    });
  const perAddress = awards.perAddress
    .filter((rule) => within(rule.of, decision) && !has(rule.name))
    .map(({ name }) => {
      const address = decision.contract.projectAddress?.trim();
      if (!address) return { name, reason: { zh: '没有项目地址', en: 'no project address' } };
      const first = upToHere.find((one) => one.rewards.some((reward) => reward.awardKey === `${name}/${address}`));
      const number = first ? numberOf(first) : '';
      return {
        name,
        reason: { zh: `该地址已由合同 ${number} 获得`, en: `contract ${number} won it for this address` },
      };
    });
  return [...every, ...perAddress];
}

function numberOf({ contract }: Decision): string {
  return contract.number ?? contract.id;
}

function sum(amounts: readonly Fen[]): Fen {
  return amounts.reduce((total, amount) => total + amount, 0);
}
