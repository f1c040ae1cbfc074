import type { Fen } from '../../core/money.ts';
import type { Campaign, Scope } from './campaign.ts';
import {
  type CapTrace,
  type DecidedContract,
  type Decision,
  type OrderType,
  type Reward,
  sourceCode,
} from './model.ts';
import { climb } from './tiers.ts';

/** A campaign in the middle of its contracts. */
export interface OpenCampaign {
  /** Takes the next contract into account. Each id once, in processing order: that order uses up the caps. */
  take(contract: DecidedContract): Decision;
}

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
  return Array.from(contracts, (contract) => open.take(contract));
}

type Kind = Exclude<Scope, 'all'>;

interface Standing {
  count: number;
  sumFen: Fen;
  countedFen: Fen;
}

interface Person {
  id: string;
  name: string;
  standing: Record<Scope, Standing>;
  tiers: Set<string>;
  /** Addresses at which an award was won, by the award's key. */
  addresses: Set<string>;
}

/** Opens a campaign to take its contracts one by one: see `decide`. */
export function openCampaign(campaign: Campaign): OpenCampaign {
  const people = new Map<string, Person>();
  const usedFen = new Map<string, Fen>();
  const kinds = new Map<string | null, Kind>();
  let sequence = 0;

  function kindOf({ sourceType }: DecidedContract): Kind {
    let kind = kinds.get(sourceType);
    if (!kind) {
      kind = campaign.selfReferral.includes(sourceCode(sourceType) ?? '') ? 'selfReferral' : 'platform';
      kinds.set(sourceType, kind);
    }
    return kind;
  }

  /** Persons are told apart by their ids: two of one name are two. */
  function personOf(contract: DecidedContract): Person {
    const { housekeeper, housekeeperId, provider } = contract;
    const parts = campaign.person.map((part) => (part === 'housekeeper' ? (housekeeperId ?? housekeeper) : provider));
    const id = parts.filter(Boolean).join('_');
    let person = people.get(id);
    if (!person) {
      const standing = { all: nothing(), platform: nothing(), selfReferral: nothing() };
      const name = campaign.person
        .map((part) => contract[part])
        .filter(Boolean)
        .join('_');
      person = { id, name, standing, tiers: new Set(), addresses: new Set() };
      people.set(id, person);
    }
    return person;
  }

  /** Both kinds of contract use up the same work order; a contract without a work order has no quota. */
  function cap({ amountFen, workOrder }: DecidedContract, kind: Kind): CapTrace {
    const { contractFen, workOrderFen } = campaign.caps[kind];
    const base = contractFen === null ? amountFen : Math.min(amountFen, contractFen);
    if (workOrderFen === null || !workOrder) {
      return { contractCutFen: amountFen - base, workOrderCutFen: 0, quotaFen: null };
    }
    const used = usedFen.get(workOrder) ?? 0;
    const quotaFen = Math.max(0, workOrderFen - used);
    const counted = Math.min(base, quotaFen);
    usedFen.set(workOrder, used + counted);
    return { contractCutFen: amountFen - base, workOrderCutFen: base - counted, quotaFen };
  }

  return {
    take(contract) {
      const kind = kindOf(contract);
      const caps = cap(contract, kind);
      const { amountFen } = contract;
      const countedFen = amountFen - caps.contractCutFen - caps.workOrderCutFen;
      const person = personOf(contract);
      const { all, platform, selfReferral: own } = person.standing;
      add(all, amountFen, countedFen);
      add(person.standing[kind], amountFen, countedFen);
      return {
        contractId: contract.id,
        personId: person.id,
        person: person.name,
        orderType: ORDER_TYPES[kind],
        historical: false,
        sequence: ++sequence,
        amountFen,
        countedFen,
        count: all.count,
        sumFen: all.sumFen,
        countedSumFen: all.countedFen,
        platformCount: platform.count,
        platformSumFen: platform.sumFen,
        selfCount: own.count,
        selfSumFen: own.sumFen,
        ...awardsOf(campaign.awards, person, kind, contract),
        caps,
        contract,
      };
    },
  };
}

const ORDER_TYPES: Record<Kind, OrderType> = {
  platform: 'platform',
  selfReferral: 'self_referral',
};

/** What this contract, already added to the person's standing, wins: lucky awards first, then tiers, then addresses. */
function awardsOf(
  awards: Campaign['awards'],
  person: Person,
  kind: Kind,
  contract: DecidedContract,
): Pick<Decision, 'rewards' | 'next'> {
  const rewards: Reward[] = [];
  const counts = (scope: Scope) => scope === 'all' || scope === kind;

  for (const { name, count, of, paysFen } of awards.every) {
    if (counts(of) && person.standing[of].count % count === 0) {
      rewards.push(reward('幸运数字', name, paysFen, `${name}/${contract.id}`));
    }
  }

  const tiers = awards.tiers && counts(awards.tiers.of) ? awards.tiers : null;
  const standing = tiers && person.standing[tiers.of];
  let next: Decision['next'] = null;
  if (tiers && standing && standing.count < tiers.unlock) next = { contractsShort: tiers.unlock - standing.count };
  else if (tiers && standing) {
    const sum = tiers.measure === 'counted' ? standing.countedFen : standing.sumFen;
    const climbed = climb(tiers.steps, person.tiers, sum);
    next = climbed.next;
    for (const { name, paysFen } of climbed.reached) {
      person.tiers.add(name);
      rewards.push(reward('节节高', name, paysFen, name));
    }
  }

  const address = contract.projectAddress?.trim();
  for (const { name, of, paysFen } of awards.perAddress) {
    const awardKey = `${name}/${address}`;
    if (!counts(of) || !address || person.addresses.has(awardKey)) continue;
    person.addresses.add(awardKey);
    rewards.push(reward('自引单', name, paysFen, awardKey));
  }
  return { rewards, next };
}

function reward(type: Reward['type'], name: string, amountFen: Fen, awardKey: string): Reward {
  return { type, name, amountFen, paidFen: amountFen, awardKey };
}

function add(standing: Standing, amountFen: Fen, countedFen: Fen): void {
  standing.count++;
  standing.sumFen += amountFen;
  standing.countedFen += countedFen;
}

function nothing(): Standing {
  return { count: 0, sumFen: 0, countedFen: 0 };
}
