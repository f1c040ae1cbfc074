import { z } from 'zod';
import type { Fen } from '../../core/money.ts';
import type { Badge } from './badges.ts';

/**
 * A signed deal as its source gives it. Ids are text, money is whole fen, days are text in the house's zone; what the
 * source did not say is null.
 */
export const ContractRow = z.object({
  id: z.string().min(1),
  province: z.string().nullable(),
  number: z.string().nullable(),
  workOrder: z.string().nullable(),
  status: z.string().nullable(),
  state: z.string().nullable(),
  housekeeper: z.string().min(1),
  housekeeperId: z.string().nullable(),
  provider: z.string().nullable(),
  /** A code as text: `1` is self-referral. */
  sourceType: z.string().nullable(),
  /** The amount after refunds; below zero where more was refunded than paid. */
  amountFen: z.int(),
  paidFen: z.int().nullable(),
  performanceFen: z.int().nullable(),
  customerAddress: z.string().nullable(),
  projectAddress: z.string().nullable(),
  historicalNo: z.string().nullable(),
  conversion: z.number().nullable(),
  averageFen: z.int().nullable(),
  signedAt: z.date().nullable(),
  signedDay: z.string().nullable(),
  /** The signing time as it came, also where it cannot be read. */
  signedText: z.string().nullable(),
  createdAt: z.date().nullable(),
});
export type ContractRow = z.output<typeof ContractRow>;

/** What deciding looks at, and what an explanation shows. */
export type DecidedContract = Pick<
  ContractRow,
  | 'id'
  | 'number'
  | 'workOrder'
  | 'housekeeper'
  | 'housekeeperId'
  | 'provider'
  | 'sourceType'
  | 'amountFen'
  | 'projectAddress'
  | 'signedDay'
  | 'signedText'
  | 'performanceFen'
  | 'historicalNo'
  | 'conversion'
>;

export type OrderType = 'platform' | 'self_referral';

export interface Reward {
  /** 幸运数字, 节节高 or 自引单. */
  type: string;
  name: string;
  /** By the rule. */
  amountFen: Fen;
  /** What is paid, and booked. */
  paidFen: Fen;
  /** Names the award within (campaign, person): it can be won once. */
  awardKey: string;
  /** Number of the dispute by which it pays what it pays. */
  dispute?: number;
}

/** What is missing to the next tier; null: nothing left, or this contract does not count for tiers. */
export type Next = { tier: string; gapFen: Fen } | { contractsShort: number } | null;

/** How a contract's amount became its counted amount: `amountFen - contractCutFen - workOrderCutFen`. */
export interface CapTrace {
  /** Cut off by the cap on one contract. */
  contractCutFen: Fen;
  /** Cut off because the work order's quota was used up. */
  workOrderCutFen: Fen;
  /** The work order's quota before this contract; null where there is none (no cap, or no work order). */
  quotaFen: Fen | null;
}

/** What a campaign says about one contract. Counts and sums are the person's, this contract included. */
export interface Decision extends CapTrace {
  contractId: string;
  /** Who it is: the housekeeper's id, or his name where the source gives no id; then the other parts, joined by `_`. */
  personId: string;
  /** The person's name for people to read: the parts' names joined by `_`. Namesakes share it. */
  person: string;
  orderType: OrderType;
  historical: boolean;
  /** Running number of the contract in the campaign, from 1; 0 of a historical one. */
  sequence: number;
  amountFen: Fen;
  countedFen: Fen;
  count: number;
  sumFen: Fen;
  countedSumFen: Fen;
  platformCount: number;
  platformSumFen: Fen;
  selfCount: number;
  selfSumFen: Fen;
  rewards: readonly Reward[];
  next: Next;
  /** Badges that the person bore on the signing day. */
  badges: readonly Pick<Badge, 'name' | 'title' | 'mark'>[];
  contract: DecidedContract;
}

/** How a decision's caps cut its amount, by itself. */
export function capTrace({ contractCutFen, workOrderCutFen, quotaFen }: Decision): CapTrace {
  return { contractCutFen, workOrderCutFen, quotaFen };
}

/** A decision as `fieldbell rewards compute` prints it: these keys and no others. */
export function decisionJson(decision: Decision) {
  const { contractId, person, orderType, historical, sequence, amountFen, countedFen } = decision;
  const { count, sumFen, countedSumFen, platformCount, platformSumFen, selfCount, selfSumFen, next } = decision;
  return {
    contractId,
    person,
    orderType,
    historical,
    sequence,
    amountFen,
    countedFen,
    count,
    sumFen,
    countedSumFen,
    platformCount,
    platformSumFen,
    selfCount,
    selfSumFen,
    rewards: decision.rewards.map(({ type, name, amountFen, paidFen }) => ({ type, name, amountFen, paidFen })),
    next,
  };
}

/** The name that people read: the part of a person's key before the first `_`. */
export function shownName(person: string): string {
  return person.split('_', 1)[0] ?? person;
}

/** A source code as text: `1`, `'1'`, `'1.0'` and `１` are the same code; blank is none. */
export function sourceCode(value: string | null): string | null {
  const text = value?.normalize('NFKC').trim() ?? '';
  if (text === '') return null;
  return /^\d+(?:\.0*)?$/.test(text) ? text.replace(/\..*$/, '').replace(/^0+(?=\d)/, '') : text;
}
