import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { campaignIn } from '../../../test/rewards.ts';
import { AskerError } from '../../core/errors.ts';
import { fenFromYuan } from '../../core/money.ts';
import type { RawRow, Source } from '../../core/source.ts';
import type { Campaign } from './campaign.ts';
import { computeFile } from './compute.ts';
import { type Decision, decisionJson } from './model.ts';

const FIXTURES = 'test/fixtures/rewards';

function linesOf<T>(file: string): T[] {
  const lines = readFileSync(`${FIXTURES}/${file}.jsonl`, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

function source(rows: readonly Record<string, unknown>[]): Source {
  const page = { rows: rows.map((values, index): RawRow => ({ line: index + 1, values })) };
  return {
    name: 'rows',
    async *snapshot() {
      yield page;
    },
  };
}

async function compute(campaign: Campaign, rows: readonly Record<string, unknown>[], runs = 1) {
  const decisions: Decision[] = [];
  const bad: number[] = [];
  const options = { zone: 'Asia/Shanghai', runs, onBad: ({ line }: { line: number }) => bad.push(line) };
  for await (const decision of computeFile(campaign, source(rows), options)) decisions.push(decision);
  return { decisions, bad };
}

interface Expected {
  contract_id: string;
  housekeeper_key: string;
  order_type: string;
  is_historical: boolean;
  sequence: number;
  contract_amount: number;
  performance_amount: number;
  count: number;
  total_amount: number;
  stats_performance_amount: number;
  platform_count: number;
  platform_amount: number;
  self_referral_count: number;
  self_referral_amount: number;
  reward_types: string[];
  reward_names: string[];
  money: number[];
  money_paid: number[];
  next: unknown;
}

/** A row of the replaced system's calculation in our words: yuan as doubles become fen, rounded. */
function asOurs(row: Expected) {
  return {
    contractId: row.contract_id,
    person: row.housekeeper_key,
    orderType: row.order_type,
    historical: row.is_historical,
    sequence: row.sequence,
    amountFen: fenFromYuan(row.contract_amount),
    countedFen: fenFromYuan(row.performance_amount),
    count: row.count,
    sumFen: fenFromYuan(row.total_amount),
    countedSumFen: fenFromYuan(row.stats_performance_amount),
    platformCount: row.platform_count,
    platformSumFen: fenFromYuan(row.platform_amount),
    selfCount: row.self_referral_count,
    selfSumFen: fenFromYuan(row.self_referral_amount),
    rewards: row.reward_names.map((name, index) => ({
      type: row.reward_types[index],
      name,
      amountFen: fenFromYuan(row.money[index] ?? Number.NaN),
      paidFen: fenFromYuan(row.money_paid[index] ?? Number.NaN),
    })),
    next: row.next,
  };
}

const beijing = campaignIn('beijing-2025-10.yaml');
const shanghai = campaignIn('shanghai-2025-09.yaml');

// Every row is compared: the artefacts that the replaced system had in other months do not occur in these two.
describe.each([
  ['BJ-2025-10', beijing, 'contracts.BJ', 236],
  ['SH-2025-09', shanghai, 'contracts.SH', 233],
])('%s, as the replaced system computed it', (key, campaign, contracts, count) => {
  const rows = linesOf<Record<string, unknown>>(contracts);
  const expected = linesOf<Expected>(`expected.${key}`).map(asOurs);

  it.each([1, 4, 17])('in %i runs', async (runs) => {
    const { decisions, bad } = await compute(campaign, rows, runs);
    expect(bad).toEqual([]);
    expect(expected).toHaveLength(count);
    expect(decisions.map(decisionJson)).toEqual(expected);
  });
});

describe('a contract file', () => {
  it('that totals a threshold exactly gets the tier, which sums of doubles miss', async () => {
    const { decisions } = await compute(beijing, linesOf('float-threshold'));
    expect(decisions.at(-1)?.countedSumFen).toBe(10_000_000);
    expect(decisions.at(-1)?.rewards.map((reward) => reward.name)).toEqual(['接好运', '达标奖']);
  });

  it('gives the good rows though others are bad', async () => {
    const good = { 合同ID: '1', 管家: '王', 合同金额: 10 };
    const { decisions, bad } = await compute(beijing, [
      { ...good, 合同金额: 'NaN' },
      good,
      { ...good, 合同ID: '2', 管家: ' ' },
      { ...good, 合同ID: '' },
      { ...good, 合同金额: 20 },
      { ...good, 合同ID: '3' },
    ]);
    expect(bad).toEqual([1, 3, 4]);
    expect(decisions.map(({ contractId, amountFen }) => [contractId, amountFen])).toEqual([
      ['1', 1_000],
      ['3', 1_000],
    ]);
  });

  it('is printed with the keys that scripts rely on, and no others', async () => {
    const { decisions } = await compute(beijing, [{ _id: '1', serviceHousekeeper: '王', adjustRefundMoney: 1 }]);
    expect(decisions.map(decisionJson)).toEqual([
      {
        contractId: '1',
        person: '王',
        orderType: 'platform',
        historical: false,
        sequence: 1,
        amountFen: 100,
        countedFen: 100,
        count: 1,
        sumFen: 100,
        countedSumFen: 100,
        platformCount: 1,
        platformSumFen: 100,
        selfCount: 0,
        selfSumFen: 0,
        rewards: [],
        next: { contractsShort: 9 },
      },
    ]);
  });

  it('cannot be computed in no runs', async () => {
    await expect(compute(beijing, [], 0)).rejects.toBeInstanceOf(AskerError);
    await expect(compute(beijing, [], 1.5)).rejects.toBeInstanceOf(AskerError);
  });
});
