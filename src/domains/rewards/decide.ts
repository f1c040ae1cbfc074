import type { Fen } from '../../core/money.ts';
import type { Campaign } from './campaign.ts';
import { type DecidedContract, type Decision, sourceCode } from './model.ts';
import { isHistorical, openCampaign } from './open-campaign.ts';

/**
 * Decides a campaign over its contracts: who is paid what, and why. Pure: no clock, no database, whole fen; one pass, so
 * that a prefix of the contracts gives a prefix of the decisions. Neither period nor city is looked at: that is for the
 * one who chooses the contracts.
 *
 * A negative amount (more refunded than paid) counts as it is, in full. It lowers what its work order has used up by the
 * same: what is counted of a work order never adds up to more than its cap. No later contract undoes an award.
 * @param contracts in processing order, each id once
 */
export function decide(campaign: Campaign, contracts: Iterable<DecidedContract>): Decision[] {
  const open = openCampaign(campaign);
  const decisions = inOrder(campaign, contracts).map((contract) => open.take(contract));
  return campaign.legacy.countedSum === 'signingTime' ? addUpBySigningTime(decisions) : decisions;
}

/** Whether each contract can be decided when it comes, without those after it. */
export function isInArrivalOrder({ order, historical, legacy }: Campaign): boolean {
  return order === 'arrival' && !historical && legacy.countedSum === null;
}

/** Whether a contract's source type is one of the campaign's. */
export function belongs({ only }: Campaign, { sourceType }: Pick<DecidedContract, 'sourceType'>): boolean {
  return only === null || only.includes(sourceCode(sourceType) ?? '');
}

/** The campaign's own contracts in processing order: historical ones first, else as they came or by signing time. */
function inOrder(campaign: Campaign, contracts: Iterable<DecidedContract>): DecidedContract[] {
  const own = Array.from(contracts).filter((contract) => belongs(campaign, contract));
  if (campaign.order === 'signingTime') own.sort(bySigningTime);
  if (!campaign.historical) return own;
  return [...own.filter(isHistorical), ...own.filter((contract) => !isHistorical(contract))];
}

function bySigningTime(a: DecidedContract, b: DecidedContract): number {
  const [one, other] = [a.signedText ?? '', b.signedText ?? ''];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The counted sum as each person's contracts add up by signing time, each shown at its contract. */
function addUpBySigningTime(decisions: Decision[]): Decision[] {
  const sums = new Map<string, Fen>();
  const shown = new Map<string, Fen>();
  const added = decisions.filter(({ historical }) => !historical);
  for (const { contractId, personId, countedFen } of added.toSorted((a, b) => bySigningTime(a.contract, b.contract))) {
    const sum = (sums.get(personId) ?? 0) + countedFen;
    sums.set(personId, sum);
    shown.set(contractId, sum);
  }
  return decisions.map((decision) => ({
    ...decision,
    countedSumFen: shown.get(decision.contractId) ?? decision.countedSumFen,
  }));
}
