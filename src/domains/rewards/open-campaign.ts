import type { Fen } from '../../core/money.ts';
import { awardsOf, type Kind, NO_REWARDS, type Person, type Sums, type Won } from './awards.ts';
import type { Badge } from './badges.ts';
import type { Campaign } from './campaign.ts';
import {
  type CapTrace,
  type DecidedContract,
  type Decision,
  type OrderType,
  type Reward,
  sourceCode,
} from './model.ts';

/** A campaign in the middle of its contracts. */
export interface OpenCampaign {
  /** Takes the next contract into account. Each id once, in processing order: that order uses up the caps. */
  take(contract: DecidedContract): Decision;
}

const ORDER_TYPES: Record<Kind, OrderType> = {
  platform: 'platform',
  selfReferral: 'self_referral',
};

/** Opens a campaign to take its contracts one by one: see `decide`. What many decisions have in common they share. */
export function openCampaign(campaign: Campaign): OpenCampaign {
  const people = new Map<string, Person>();
  const usedFen = new Map<string, Fen>();
  /** What was signed of a work order, for a cap on the signed sum. */
  const signedFen = new Map<string, Fen>();
  const { delivered, legacy } = campaign;
  const capsSum = legacy.workOrderCap === 'signedSum';
  const whole = legacy.sums === 'wholeYuan';
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
    let id = '';
    for (const part of campaign.person)
      id = joined(id, part === 'housekeeper' ? (housekeeperId ?? housekeeper) : provider);
    let person = people.get(id);
    if (!person) {
      let name = '';
      for (const part of campaign.person) name = joined(name, contract[part]);
      const sums = { all: nothing(), platform: nothing(), selfReferral: nothing() };
      person = { id, name, sums, tiers: new Set(), addresses: new Set() };
      people.set(id, person);
    }
    return person;
  }

  /** Both kinds of contract use up the same work order; a contract without a work order has no quota. */
  function cap({ amountFen, workOrder, performanceFen }: DecidedContract, kind: Kind): CapTrace {
    if (delivered) return { contractCutFen: amountFen - (performanceFen ?? 0), workOrderCutFen: 0, quotaFen: null };
    const { contractFen, workOrderFen } = campaign.caps[kind];
    const base = contractFen === null ? amountFen : Math.min(amountFen, contractFen);
    if (workOrderFen === null || !workOrder || capsSum) {
      return { contractCutFen: amountFen - base, workOrderCutFen: 0, quotaFen: null };
    }
    const used = usedFen.get(workOrder) ?? 0;
    const quotaFen = Math.max(0, workOrderFen - used);
    const counted = Math.min(base, quotaFen);
    usedFen.set(workOrder, used + counted);
    return { contractCutFen: amountFen - base, workOrderCutFen: base - counted, quotaFen };
  }

  /** What a contract adds to the person's sum: what was signed, or what of it its work order leaves (legacy). */
  function summed({ amountFen, workOrder }: DecidedContract, kind: Kind): Fen {
    const { workOrderFen } = campaign.caps[kind];
    if (!capsSum || workOrderFen === null || !workOrder) return amountFen;
    const before = signedFen.get(workOrder) ?? 0;
    signedFen.set(workOrder, before + amountFen);
    return Math.min(amountFen, Math.max(0, workOrderFen - before));
  }

  /** The badges of a person on a contract's signing day; where that is not known, on the campaign's first day. */
  function badgesOf(contract: DecidedContract): readonly Badge[] {
    if (campaign.badges.length === 0) return campaign.badges;
    const who = [contract.housekeeperId, contract.housekeeper];
    const day = contract.signedDay ?? campaign.from;
    return campaign.badges.filter(({ holders }) =>
      holders.some(({ person, from, to }) => who.includes(person) && from <= day && (to === null || day <= to)),
    );
  }

  return {
    take(contract) {
      const kind = kindOf(contract);
      const { contractCutFen, workOrderCutFen, quotaFen } = cap(contract, kind);
      const { amountFen } = contract;
      const countedFen = amountFen - contractCutFen - workOrderCutFen;
      const person = personOf(contract);
      const { all, platform, selfReferral: own } = person.sums;
      const historical = campaign.historical && isHistorical(contract);
      const badges = badgesOf(contract);
      let won: Won = { rewards: NO_REWARDS, next: null };
      if (!historical) {
        const sumFen = summed(contract, kind);
        add(all, sumFen, countedFen, whole);
        add(person.sums[kind], sumFen, countedFen, whole);
        sequence++;
        won = awardsOf(campaign, person, kind, contract, sequence);
        if (badges.some(({ doublesTiers }) => doublesTiers)) won.rewards = won.rewards.map(doubled);
      }
      return {
        contractId: contract.id,
        personId: person.id,
        person: person.name,
        orderType: ORDER_TYPES[kind],
        historical,
        sequence: historical ? 0 : sequence,
        amountFen,
        countedFen,
        count: all.count,
        sumFen: all.sumFen,
        countedSumFen: all.countedFen,
        platformCount: platform.count,
        platformSumFen: platform.sumFen,
        selfCount: own.count,
        selfSumFen: own.sumFen,
        rewards: won.rewards,
        next: won.next,
        contractCutFen,
        workOrderCutFen,
        quotaFen,
        badges,
        contract,
      };
    },
  };
}

/** Whether a contract is of before the campaign, where the campaign asks. */
export function isHistorical({ historicalNo }: DecidedContract): boolean {
  return historicalNo !== null && historicalNo.trim() !== '';
}

function joined(parts: string, part: string | null): string {
  return parts && part ? `${parts}_${part}` : parts || (part ?? '');
}

/** A tier that pays twice; what the rule says stays what it was. */
function doubled(won: Reward): Reward {
  return won.type === '节节高' ? { ...won, paidFen: 2 * won.amountFen } : won;
}

/** @param whole the sums are cut to whole yuan (legacy) */
function add(sums: Sums, sumFen: Fen, countedFen: Fen, whole: boolean): void {
  sums.count++;
  sums.sumFen = whole ? wholeYuan(sums.sumFen + sumFen) : sums.sumFen + sumFen;
  sums.countedFen = whole ? wholeYuan(sums.countedFen + countedFen) : sums.countedFen + countedFen;
}

function wholeYuan(fen: Fen): Fen {
  return Math.trunc(fen / 100) * 100;
}

function nothing(): Sums {
  return { count: 0, sumFen: 0, countedFen: 0 };
}
