import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Campaign } from './campaign.ts';
import type { DecidedContract, Decision } from './model.ts';
import { openCampaign } from './open-campaign.ts';

/** Contracts decided per second with every decision kept, over invented contracts of which two in five share a work order. */
export function benchDecide(
  campaign: Campaign,
  contracts = 500_000,
  persons = 5_000,
): { perSecond: number; awards: number } {
  // What making the contracts left behind is not to be collected while they are decided.
  setFlagsFromString('--expose-gc');
  const rows = Array.from({ length: contracts }, (_, index) => invented(index, persons));
  runInNewContext('gc')();
  const open = openCampaign(campaign);
  const trace: Decision[] = [];
  const begin = performance.now();
  for (const row of rows) trace.push(open.take(row));
  const perSecond = Math.round((contracts / (performance.now() - begin)) * 1_000);
  return { perSecond, awards: trace.reduce((sum, { rewards }) => sum + rewards.length, 0) };
}

function invented(index: number, persons: number): DecidedContract {
  const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return {
    id: `${1_000_000_000 + index}`,
    number: `B-${index}`,
    workOrder: `G${index % 5 < 2 ? index - (index % 5) : index}`,
    housekeeper: `管家${mixed % persons}`,
    housekeeperId: `hk-${mixed % persons}`,
    provider: `服务商${(mixed % persons) % 97}`,
    sourceType: mixed % 5 === 0 ? '1' : '2',
    amountFen: mixed % 3_000_000,
    projectAddress: `路 ${mixed % 400}`,
    signedDay: null,
    signedText: null,
    performanceFen: null,
    historicalNo: null,
    conversion: null,
  };
}
