import type { Fen } from '../../core/money.ts';
import type { Badge } from './badges.ts';
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
import { tierScope } from './wording.ts';

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

function isHistorical({ historicalNo }: DecidedContract): boolean {
  return historicalNo !== null && historicalNo.trim() !== '';
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
  function badgesOf(contract: DecidedContract): Badge[] {
    if (campaign.badges.length === 0) return [];
    const who = [contract.housekeeperId, contract.housekeeper];
    const day = contract.signedDay ?? campaign.from;
    return campaign.badges.filter(({ holders }) =>
      holders.some(({ person, from, to }) => who.includes(person) && from <= day && (to === null || day <= to)),
    );
  }

  return {
    take(contract) {
      const kind = kindOf(contract);
      const caps = cap(contract, kind);
      const { amountFen } = contract;
      const countedFen = amountFen - caps.contractCutFen - caps.workOrderCutFen;
      const person = personOf(contract);
      const { all, platform, selfReferral: own } = person.standing;
      const historical = campaign.historical && isHistorical(contract);
      const badges = badgesOf(contract);
      let won: Pick<Decision, 'rewards' | 'next'> = { rewards: [], next: null };
      if (!historical) {
        const sumFen = summed(contract, kind);
        add(all, sumFen, countedFen, whole);
        add(person.standing[kind], sumFen, countedFen, whole);
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
        caps,
        badges,
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
  campaign: Campaign,
  person: Person,
  kind: Kind,
  contract: DecidedContract,
  sequence: number,
): Pick<Decision, 'rewards' | 'next'> {
  const { awards } = campaign;
  const rewards: Reward[] = [];
  const counts = (scope: Scope) => scope === 'all' || scope === kind;

  const numbered = awards.numbered.find(({ first, endsIn }) =>
    first === null ? sequence % 10 === endsIn : sequence <= first,
  );
  const band = numbered?.bands.findLast(({ fromFen }) => fromFen === null || contract.amountFen >= fromFen);
  if (band) rewards.push(reward('幸运数字', band.name, band.paysFen, `${band.name}/${contract.id}`));

  for (const { name, count, of, paysFen } of awards.every) {
    if (counts(of) && person.standing[of].count % count === 0) {
      rewards.push(reward('幸运数字', name, paysFen, `${name}/${contract.id}`));
    }
  }

  const of = tierScope(campaign);
  const tiers = awards.tiers && counts(of) ? awards.tiers : null;
  const standing = tiers && person.standing[of];
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

/** A tier that pays twice; what the rule says stays what it was. */
function doubled(won: Reward): Reward {
  return won.type === '节节高' ? { ...won, paidFen: 2 * won.amountFen } : won;
}

/** @param whole the sums are cut to whole yuan (legacy) */
function add(standing: Standing, sumFen: Fen, countedFen: Fen, whole: boolean): void {
  const cut = (fen: Fen) => (whole ? Math.trunc(fen / 100) * 100 : fen);
  standing.count++;
  standing.sumFen = cut(standing.sumFen + sumFen);
  standing.countedFen = cut(standing.countedFen + countedFen);
}

function nothing(): Standing {
  return { count: 0, sumFen: 0, countedFen: 0 };
}
