import type { Fen } from '../../core/money.ts';
import type { Campaign, NumberedRule, Scope } from './campaign.ts';
import type { DecidedContract, Decision, Reward } from './model.ts';
import { climb } from './tiers.ts';
import { tierScope } from './wording.ts';

export type Kind = Exclude<Scope, 'all'>;

export interface Sums {
  count: number;
  sumFen: Fen;
  countedFen: Fen;
}

/** Somebody in the middle of a campaign. */
export interface Person {
  id: string;
  name: string;
  sums: Record<Scope, Sums>;
  /** Names of the tiers that were won. */
  tiers: Set<string>;
  /** Addresses at which an award was won, by the award's key. */
  addresses: Set<string>;
}

export type Won = Pick<Decision, 'rewards' | 'next'>;

/** Most contracts win nothing: they share this. */
export const NO_REWARDS: readonly Reward[] = Object.freeze([]);

/**
 * What a contract wins: lucky awards first, then tiers, then addresses.
 * @param person with the contract already added to his sums; what is won is noted in him
 * @param sequence running number of the contract in the campaign, from 1
 */
export function awardsOf(
  campaign: Campaign,
  person: Person,
  kind: Kind,
  contract: DecidedContract,
  sequence: number,
): Won {
  const { numbered, every, tiers, perAddress } = campaign.awards;
  let rewards = NO_REWARDS;
  let next: Decision['next'] = null;

  const band = bandOf(numbered, contract, sequence);
  if (band) rewards = [reward('幸运数字', band.name, band.paysFen, `${band.name}/${contract.id}`)];

  for (const { name, count, of, paysFen } of every) {
    if (!covers(of, kind) || person.sums[of].count % count !== 0) continue;
    rewards = [...rewards, reward('幸运数字', name, paysFen, `${name}/${contract.id}`)];
  }

  const of = tierScope(campaign);
  if (tiers && covers(of, kind)) {
    const { unlock, measure, steps } = tiers;
    const { count, countedFen, sumFen } = person.sums[of];
    if (count < unlock) next = { contractsShort: unlock - count };
    else {
      const climbed = climb(steps, person.tiers, measure === 'counted' ? countedFen : sumFen);
      next = climbed.next;
      for (const { name, paysFen } of climbed.reached) {
        person.tiers.add(name);
        rewards = [...rewards, reward('节节高', name, paysFen, name)];
      }
    }
  }

  for (const { name, of, paysFen } of perAddress) {
    const address = contract.projectAddress?.trim();
    const awardKey = `${name}/${address}`;
    if (!covers(of, kind) || !address || person.addresses.has(awardKey)) continue;
    person.addresses.add(awardKey);
    rewards = [...rewards, reward('自引单', name, paysFen, awardKey)];
  }
  return { rewards, next };
}

/** What the contract's running number wins: of the first rule that it meets, the highest band that its amount reaches. */
function bandOf(rules: readonly NumberedRule[], { amountFen }: DecidedContract, sequence: number) {
  for (const { first, endsIn, bands } of rules) {
    if (first === null ? sequence % 10 !== endsIn : sequence > first) continue;
    return bands.findLast(({ fromFen }) => fromFen === null || amountFen >= fromFen);
  }
  return undefined;
}

function covers(scope: Scope, kind: Kind): boolean {
  return scope === 'all' || scope === kind;
}

function reward(type: Reward['type'], name: string, amountFen: Fen, awardKey: string): Reward {
  return { type, name, amountFen, paidFen: amountFen, awardKey };
}
