import { readFileSync } from 'node:fs';
import { type Campaign, campaignsFrom } from '../src/domains/rewards/campaign.ts';
import type { ContractRow, DecidedContract } from '../src/domains/rewards/model.ts';

/** The first campaign of a document under `rules/rewards/`. */
export function campaignIn(file: string): Campaign {
  const { campaigns, mistakes } = campaignsFrom([{ file, text: readFileSync(`rules/rewards/${file}`, 'utf8') }]);
  if (!campaigns[0]) throw new Error(mistakes.join('\n'));
  return campaigns[0];
}

let ids = 0;

/** A platform contract of 管家001 at 甲, with an id and a work order of its own. */
export function contract(yuan: number, more: Partial<DecidedContract> = {}): DecidedContract {
  const id = String(++ids);
  return {
    id,
    number: `T${id}`,
    workOrder: `G${id}`,
    housekeeper: '管家001',
    housekeeperId: null,
    provider: '甲',
    sourceType: '2',
    amountFen: Math.round(yuan * 100),
    projectAddress: null,
    signedDay: null,
    signedText: null,
    performanceFen: null,
    historicalNo: null,
    conversion: null,
    ...more,
  };
}

/** A stored contract of Beijing, signed on 2025-10-10; ids are the caller's. */
export function contractRow(more: Partial<ContractRow> & { id: string }): ContractRow {
  return {
    province: '110000',
    number: null,
    workOrder: null,
    status: null,
    state: null,
    housekeeper: '管家001',
    housekeeperId: 'hk001',
    provider: '甲',
    sourceType: '2',
    amountFen: 100_000,
    paidFen: null,
    performanceFen: null,
    customerAddress: null,
    projectAddress: null,
    historicalNo: null,
    conversion: null,
    averageFen: null,
    signedAt: null,
    signedDay: '2025-10-10',
    signedText: null,
    createdAt: null,
    ...more,
  };
}
