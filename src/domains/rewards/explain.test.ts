import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { campaignIn, contract } from '../../../test/rewards.ts';
import type { Campaign } from './campaign.ts';
import { readContractRow } from './contract-row.ts';
import { decide } from './decide.ts';
import { type Asked, explain } from './explain.ts';
import type { DecidedContract } from './model.ts';

const beijing = campaignIn('beijing-2025-10.yaml');
const shanghai = campaignIn('shanghai-2025-09.yaml');
const own = { sourceType: '1' };

function explained(campaign: Campaign, rows: readonly DecidedContract[], asked: Asked) {
  const explanation = explain(campaign, decide(campaign, rows), asked);
  if (!explanation) throw new Error('nothing to explain');
  return explanation;
}

describe('why a tier was won', () => {
  const rows = [
    contract(98_500, { number: '…0021' }),
    contract(40_000, { number: '…0033', workOrder: 'GD17' }),
    contract(12_000, { number: '…0034', workOrder: 'GD17' }),
    contract(5_000, { number: '…0035', workOrder: 'GD17' }),
    contract(0, { number: '…0036' }),
    ...Array.from({ length: 5 }, () => contract(100, own)),
    contract(70_000),
  ];
  const why = explained(beijing, rows, { awardKey: '达标奖' });

  it('names the rule, the campaign and its edition', () => {
    expect(why.campaign).toEqual({ key: 'BJ-2025-10', title: '北京 2025 年 10 月签约激励', version: 1 });
    expect(why.awards).toEqual([
      {
        type: '节节高',
        name: '达标奖',
        awardKey: '达标奖',
        amountFen: 20_000,
        paidFen: 20_000,
        rule: {
          zh: '10 单且计入业绩满 100,000 元',
          en: 'at least 10 contracts and 100,000 yuan counted in them',
        },
      },
    ]);
    expect(why.counting).toEqual({
      zh: '平台单：单合同上限 50,000；同一工单合计上限 50,000。自引单：单合同上限 200,000；同一工单合计上限 200,000',
      en: 'platform: at most 50,000 of one contract, at most 50,000 of one work order; self-referral: at most 200,000 of one contract, at most 200,000 of one work order',
    });
  });

  it('shows the arithmetic of every contract up to the one that won', () => {
    expect(why.decision.contractId).toBe(rows[9]?.id);
    expect(why.lines).toHaveLength(10);
    expect(
      why.lines
        .slice(0, 5)
        .map(({ number, amountFen, countedFen, reason }) => [number, amountFen, countedFen, reason?.zh]),
    ).toEqual([
      ['…0021', 9_850_000, 5_000_000, '单合同上限'],
      ['…0033', 4_000_000, 4_000_000, undefined],
      ['…0034', 1_200_000, 1_000_000, '工单 GD17 只剩 10,000'],
      ['…0035', 500_000, 0, '工单 GD17 已计满'],
      ['…0036', 0, 0, '金额为 0，只计单数'],
    ]);
    expect(why.lines.map((line) => line.ordinal)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(why.totals).toEqual({ amountFen: 15_600_000, countedFen: why.decision.countedSumFen });
    expect(why.notCounted).toEqual([]);
  });

  it('shows the tiers, and what was short of the next', () => {
    expect(why.tiers.map(({ name, wonBy, gapFen }) => [name, wonBy, gapFen])).toEqual([
      ['达标奖', rows[9]?.number, 0],
      ['优秀奖', null, 7_950_000],
      ['精英奖', null, 19_950_000],
      ['卓越奖', null, 35_950_000],
    ]);
    expect(why.next).toEqual({ tier: '优秀奖', gapFen: 7_950_000 });
  });

  it('in Shanghai rests on what was signed, and names the contracts that do not count', () => {
    const mixed = [...Array.from({ length: 4 }, () => contract(9_000)), contract(60_000, own), contract(45_000)];
    const because = explained(shanghai, mixed, { awardKey: '优秀奖' });
    expect(because.measure).toBe('signed');
    expect(because.awards[0]?.rule.zh).toBe('5 单平台单且平台单签约金额满 80,000 元');
    expect(because.lines.map(({ reason }) => reason)).toEqual([null, null, null, null, null]);
    expect(because.totals).toEqual({ amountFen: 8_100_000, countedFen: 7_600_000 });
    expect(because.notCounted).toEqual([
      {
        contractId: mixed[4]?.id,
        number: mixed[4]?.number,
        amountFen: 6_000_000,
        reason: { zh: '自引单不计入', en: 'self-referral contracts do not count' },
      },
    ]);
  });
});

describe('why 接好运 or 红包 was won, or not', () => {
  it('shows the five contracts of 接好运', () => {
    const rows = [
      ...Array.from({ length: 7 }, () => contract(1)),
      contract(1, own),
      ...[1, 2, 3].map((yuan) => contract(yuan)),
    ];
    const decisions = decide(beijing, rows);
    const [, second] = decisions.flatMap((decision) => decision.rewards);
    const why = explained(beijing, rows, { awardKey: second?.awardKey ?? '' });
    expect(why.awards[0]?.rule).toEqual({ zh: '平台单每 5 单一次', en: 'every 5th platform contract' });
    expect(why.lines.map((line) => line.ordinal)).toEqual([6, 7, 8, 9, 10]);
    expect(why.lines.map((line) => line.contractId)).not.toContain(rows[7]?.id);
  });

  it('says how many contracts are missing to 接好运', () => {
    const rows = Array.from({ length: 7 }, () => contract(1));
    const why = explained(beijing, rows, { contractId: rows[6]?.id ?? '' });
    expect(why.awards).toEqual([]);
    expect(why.missed).toEqual([
      { name: '接好运', reason: { zh: '再签 3 单平台单', en: '3 more platform contracts' } },
    ]);
    expect(why.next).toEqual({ contractsShort: 3 });
  });

  it('says which contract won 红包 for the address', () => {
    const rows = [
      contract(1, { ...own, projectAddress: '一号' }),
      contract(1, { ...own, projectAddress: '一号' }),
      contract(1, own),
    ];
    expect(explained(shanghai, rows, { contractId: rows[0]?.id ?? '' })).toMatchObject({
      awards: [{ name: '红包', rule: { zh: '自引单的每个项目地址一次' } }],
      missed: [],
    });
    expect(explained(shanghai, rows, { contractId: rows[1]?.id ?? '' }).missed[0]?.reason.zh).toBe(
      `该地址已由合同 ${rows[0]?.number} 获得`,
    );
    expect(explained(shanghai, rows, { contractId: rows[2]?.id ?? '' }).missed[0]?.reason.zh).toBe('没有项目地址');
  });

  it('is nothing for an award that was not won, or a contract of somebody else', () => {
    const decisions = decide(beijing, [contract(1)]);
    expect(explain(beijing, decisions, { awardKey: '达标奖' })).toBeNull();
    expect(explain(beijing, decisions, { contractId: 'x' })).toBeNull();
  });
});

describe.each([
  ['BJ', beijing],
  ['SH', shanghai],
])('every award of the %s file', (city, campaign) => {
  const rows = readFileSync(`test/fixtures/rewards/contracts.${city}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => readContractRow(JSON.parse(line), 'Asia/Shanghai'));
  const first = rows.filter((row, index) => rows.findIndex((other) => other.id === row.id) === index);
  const decisions = decide(campaign, first);

  it('is explained by contracts that add up to the sum that won it', () => {
    const tiers = campaign.awards.tiers;
    let explainedTiers = 0;
    for (const decision of decisions) {
      const person = decisions.filter((other) => other.person === decision.person);
      for (const reward of decision.rewards) {
        const why = explain(campaign, person, { awardKey: reward.awardKey });
        expect(why?.decision).toBe(decision);
        expect(why?.awards.map(({ name }) => name)).toEqual([reward.name]);
        const step = tiers?.steps.find(({ name }) => name === reward.name);
        if (!step || !why) continue;
        explainedTiers++;
        const sum = tiers?.measure === 'counted' ? why.totals.countedFen : why.totals.amountFen;
        expect(sum).toBe(tiers?.measure === 'counted' ? decision.countedSumFen : decision.platformSumFen);
        expect(sum).toBeGreaterThanOrEqual(step.atFen);
      }
    }
    expect(explainedTiers).toBeGreaterThan(15);
  });
});
