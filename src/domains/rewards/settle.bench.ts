import type { Context } from '../../core/context.ts';
import { saveContracts } from './contracts/store.ts';
import type { ContractRow } from './model.ts';
import { settleAll } from './settle.ts';

/**
 * Keeps a month of contracts of Beijing and settles it: each announced, each award booked and told.
 * @param period a campaign key and its month, `YYYY-MM`
 */
export async function benchSettle(
  context: Context,
  { campaign, month }: { campaign: string; month: string },
  contracts = 100_000,
  persons = 1_000,
) {
  const rows = Array.from({ length: contracts }, (_, at) => invented(at, persons, month));
  let [began, used] = [performance.now(), process.cpuUsage()];
  /** Seconds since the last lap, and of them those in which a processor worked for us. */
  const lap = () => {
    const [now, cpu] = [performance.now(), process.cpuUsage(used)];
    const lap = { s: rounded((now - began) / 1_000), cpuS: rounded((cpu.user + cpu.system) / 1_000_000) };
    [began, used] = [now, process.cpuUsage()];
    return lap;
  };
  for (let from = 0; from < contracts; from += 5_000) {
    await saveContracts(context, rows.slice(from, from + 5_000), { source: 'bench', sample: false });
  }
  const kept = lap();
  const { booked, announced, noticed } = await settleAll(context, { campaign, announce: false });
  const settled = lap();
  await settleAll(context, { campaign, announce: false });
  return { kept, settled, again: lap(), booked, announced, noticed };
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(2));
}

function invented(at: number, persons: number, month: string): ContractRow {
  const mixed = Math.imul(at + 1, 0x9e3779b1) >>> 0;
  return {
    id: `${1_000_000_000 + at}`,
    province: '110000',
    number: `B-${at}`,
    workOrder: `G${at % 5 < 2 ? at - (at % 5) : at}`,
    status: null,
    state: null,
    housekeeper: `管家${mixed % persons}`,
    housekeeperId: `hk-${mixed % persons}`,
    provider: `服务商${(mixed % persons) % 97}`,
    sourceType: mixed % 5 === 0 ? '1' : '2',
    amountFen: mixed % 1_000_000,
    paidFen: null,
    performanceFen: null,
    customerAddress: null,
    projectAddress: `路 ${mixed % 400}`,
    historicalNo: null,
    conversion: null,
    averageFen: null,
    signedAt: null,
    signedDay: `${month}-${String(1 + (at % 20)).padStart(2, '0')}`,
    signedText: null,
    createdAt: null,
  };
}
