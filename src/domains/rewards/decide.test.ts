import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignIn, contract } from '../../../test/rewards.ts';
import type { Campaign } from './campaign.ts';
import { decide } from './decide.ts';
import { capTrace, type DecidedContract, type Decision } from './model.ts';
import { openCampaign } from './open-campaign.ts';

const beijing = campaignIn('beijing-2025-10.yaml');
const shanghai = campaignIn('shanghai-2025-09.yaml');

const own = { sourceType: '1' };
const many = (count: number, yuan: number, more: Partial<DecidedContract> = {}) =>
  Array.from({ length: count }, () => contract(yuan, more));
const names = (decision: Decision | undefined) => decision?.rewards.map((reward) => reward.name);
const counted = (decisions: Decision[]) => decisions.map((decision) => decision.countedFen / 100);

describe('tiers', () => {
  it('are not won before the contracts that unlock them', () => {
    const decisions = decide(beijing, many(9, 50_000));
    expect(decisions.flatMap((decision) => decision.rewards.map((reward) => reward.name))).toEqual(['接好运']);
    expect(decisions.at(-1)?.next).toEqual({ contractsShort: 1 });
  });

  it('come highest first, then the lower ones ascending, each once', () => {
    const decisions = decide(beijing, many(12, 30_000));
    expect(names(decisions[9])).toEqual(['接好运', '精英奖', '达标奖', '优秀奖']);
    expect(decisions[9]?.next).toEqual({ tier: '卓越奖', gapFen: 16_000_000 });
    expect(names(decisions[10])).toEqual([]);
    expect(decisions[10]?.next).toEqual({ tier: '卓越奖', gapFen: 13_000_000 });
  });

  it('are won by landing exactly on the threshold, and not a fen below', () => {
    const below = [...many(9, 10_000), contract(9_999.99)];
    expect(names(decide(beijing, below).at(-1))).toEqual(['接好运']);
    expect(decide(beijing, below).at(-1)?.next).toEqual({ tier: '达标奖', gapFen: 1 });
    const exact = [...many(9, 10_000), contract(10_000)];
    expect(names(decide(beijing, exact).at(-1))).toEqual(['接好运', '达标奖']);
    expect(decide(beijing, exact).at(-1)?.next).toEqual({ tier: '优秀奖', gapFen: 8_000_000 });
  });

  it('leave nothing missing after the top', () => {
    expect(decide(beijing, many(11, 50_000)).at(-1)?.next).toBeNull();
  });

  it('stay won where a refund takes the sum down again', () => {
    const decisions = decide(beijing, [...many(10, 10_000), contract(-5_000), contract(5_000)]);
    expect(names(decisions[9])).toContain('达标奖');
    expect(decisions[10]?.next).toEqual({ tier: '优秀奖', gapFen: 8_500_000 });
    expect(names(decisions[11])).toEqual([]);
  });

  it('of Shanghai look at platform contracts alone, and at what was signed', () => {
    const decisions = decide(shanghai, [...many(4, 30_000), contract(90_000, own), contract(45_000)]);
    expect(decisions[4]).toMatchObject({ rewards: [], next: null, orderType: 'self_referral', selfSumFen: 9_000_000 });
    expect(names(decisions[5])).toEqual(['卓越奖', '基础奖', '达标奖', '优秀奖', '精英奖']);
    expect(decisions[5]).toMatchObject({ countedFen: 4_000_000, platformSumFen: 16_500_000 });
  });
});

describe('接好运', () => {
  it('goes with every fifth platform contract of the person; a self-referral contract never wins it', () => {
    const decisions = decide(beijing, [...many(4, 1), ...many(3, 1, own), contract(1), contract(1)]);
    expect(decisions.map((decision) => decision.rewards.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect(decisions[7]?.rewards[0]).toEqual({
      type: '幸运数字',
      name: '接好运',
      amountFen: 5_800,
      paidFen: 5_800,
      awardKey: `接好运/${decisions[7]?.contractId}`,
    });
  });

  it('is not won with no platform contract at all', () => {
    expect(decide(beijing, many(9, 1, own)).flatMap((decision) => decision.rewards)).toEqual([]);
  });
});

describe('caps', () => {
  it('limit one contract and one work order, each kind by its own', () => {
    const together = { workOrder: 'G' };
    const decisions = decide(beijing, [
      contract(60_000),
      contract(250_000, own),
      contract(30_000, together),
      contract(30_000, together),
      contract(30_000, together),
    ]);
    expect(counted(decisions)).toEqual([50_000, 200_000, 30_000, 20_000, 0]);
    expect(decisions.map(capTrace)).toEqual([
      { contractCutFen: 1_000_000, workOrderCutFen: 0, quotaFen: 5_000_000 },
      { contractCutFen: 5_000_000, workOrderCutFen: 0, quotaFen: 20_000_000 },
      { contractCutFen: 0, workOrderCutFen: 0, quotaFen: 5_000_000 },
      { contractCutFen: 0, workOrderCutFen: 1_000_000, quotaFen: 2_000_000 },
      { contractCutFen: 0, workOrderCutFen: 3_000_000, quotaFen: 0 },
    ]);
  });

  it('are used up by both kinds of contract, and by all persons', () => {
    const together = { workOrder: 'G' };
    const decisions = decide(beijing, [
      contract(150_000, { ...own, ...together }),
      contract(10_000, { ...together, housekeeper: '管家002' }),
      contract(70_000, { ...own, ...together }),
    ]);
    expect(counted(decisions)).toEqual([150_000, 0, 50_000]);
  });

  it.each([null, ''])('have no quota for a blank work order (%j)', (workOrder) => {
    expect(counted(decide(beijing, many(3, 40_000, { workOrder })))).toEqual([40_000, 40_000, 40_000]);
  });

  it('give back what a negative amount took away, and no more', () => {
    const together = { workOrder: 'G' };
    const amounts = [50_000, -10_000, 30_000, 5_000];
    const decisions = decide(
      beijing,
      amounts.map((yuan) => contract(yuan, together)),
    );
    expect(counted(decisions)).toEqual([50_000, -10_000, 10_000, 0]);
    expect(decisions.at(-1)?.countedSumFen).toBe(5_000_000);
  });
});

describe('红包', () => {
  const at = (projectAddress: string | null, more: Partial<DecidedContract> = {}) =>
    contract(1, { ...own, projectAddress, ...more });

  it('goes once to each person and address; a blank address wins none', () => {
    const decisions = decide(shanghai, [
      at('一号'),
      at('一号'),
      at(' 一号 '),
      at('二号'),
      at('一号', { housekeeper: '管家002' }),
      at('一号', { provider: '乙' }),
      at(null),
      at('  '),
    ]);
    expect(decisions.map((decision) => decision.rewards.length)).toEqual([1, 0, 0, 1, 1, 1, 0, 0]);
    expect(decisions[0]?.rewards[0]).toMatchObject({ type: '自引单', paidFen: 5_000, awardKey: '红包/一号' });
    expect(decisions[1]).toMatchObject({ selfCount: 2, next: null });
  });

  it('is not used up by a platform contract at the same address', () => {
    const decisions = decide(shanghai, [at('一号', { sourceType: '2' }), at('一号')]);
    expect(decisions.map((decision) => decision.rewards.length)).toEqual([0, 1]);
  });
});

describe('who and what', () => {
  it.each([['1'], ['1.0'], [' 1 '], ['１'], ['01']])('source type %j is self-referral', (sourceType) => {
    expect(decide(beijing, [contract(1, { sourceType })])[0]?.orderType).toBe('self_referral');
  });

  it.each([['2'], ['11'], ['1.5'], ['-1'], ['x'], [''], [null]])('source type %j is platform', (sourceType) => {
    expect(decide(beijing, [contract(1, { sourceType })])[0]?.orderType).toBe('platform');
  });

  it('a person is one housekeeper in Beijing, and a housekeeper at one provider in Shanghai', () => {
    const rows = [contract(1), contract(1, { provider: '乙' })];
    expect(decide(beijing, rows).map(({ person, count }) => [person, count])).toEqual([
      ['管家001', 1],
      ['管家001', 2],
    ]);
    expect(decide(shanghai, rows).map(({ person, count }) => [person, count])).toEqual([
      ['管家001_甲', 1],
      ['管家001_乙', 1],
    ]);
  });

  it('tells namesakes apart by their ids, and knows one id under two spellings', () => {
    const rows = [
      contract(1, { housekeeper: '王伟', housekeeperId: 'hk-1' }),
      contract(2, { housekeeper: '王伟', housekeeperId: 'hk-2' }),
      contract(3, { housekeeper: '王 伟', housekeeperId: 'hk-1' }),
    ];
    expect(decide(beijing, rows).map(({ personId, person, count }) => [personId, person, count])).toEqual([
      ['hk-1', '王伟', 1],
      ['hk-2', '王伟', 1],
      ['hk-1', '王伟', 2],
    ]);
  });

  it('keeps the parts of a name with commas and underscores', () => {
    const [decision] = decide(shanghai, [contract(1, { housekeeper: '张,三_丰', provider: '甲_乙, 丙' })]);
    expect(decision).toMatchObject({ person: '张,三_丰_甲_乙, 丙', personId: '张,三_丰_甲_乙, 丙' });
  });
});

describe('whatever the contracts', () => {
  const contracts = fc
    .array(
      fc.record({
        amount: fc.oneof(fc.integer({ min: 0, max: 9_000_000 }), fc.constantFrom(5_000_000, 1_000_000, -1, -500_000)),
        workOrder: fc.constantFrom('G1', 'G2', 'G3', '', null),
        housekeeper: fc.constantFrom('甲', '乙'),
        sourceType: fc.constantFrom('1', '2', null),
        projectAddress: fc.constantFrom('一号', '二号', '', null),
      }),
      { maxLength: 60 },
    )
    .map((rows) => rows.map(({ amount, ...row }) => contract(amount / 100, row)));
  const holds = (property: (campaign: Campaign, rows: DecidedContract[]) => void) =>
    fc.assert(fc.property(fc.constantFrom(beijing, shanghai), contracts, property), { numRuns: 200 });

  it('a counted amount is within the caps and never above the amount', () => {
    holds((campaign, rows) => {
      const used = new Map<string, number>();
      for (const decision of decide(campaign, rows)) {
        const { amountFen, countedFen, contractCutFen, workOrderCutFen, orderType, contract: row } = decision;
        const cap = campaign.caps[orderType === 'platform' ? 'platform' : 'selfReferral'];
        expect(countedFen).toBeLessThanOrEqual(Math.min(amountFen, cap.contractFen ?? amountFen));
        expect(contractCutFen).toBeGreaterThanOrEqual(0);
        expect(workOrderCutFen).toBeGreaterThanOrEqual(0);
        const before = used.get(row.workOrder ?? '') ?? 0;
        used.set(row.workOrder ?? '', before + countedFen);
        // A contract never takes its work order above the cap of its kind.
        if (row.workOrder && cap.workOrderFen !== null && countedFen > 0) {
          expect(before + countedFen).toBeLessThanOrEqual(cap.workOrderFen);
        }
      }
    });
  });

  it('counts and sums add up', () => {
    holds((campaign, rows) => {
      const decisions = decide(campaign, rows);
      for (const [index, one] of decisions.entries()) {
        const same = decisions.slice(0, index + 1).filter((other) => other.person === one.person);
        const sum = (of: (decision: Decision) => number) => same.reduce((total, decision) => total + of(decision), 0);
        expect(one).toMatchObject({
          sequence: index + 1,
          count: same.length,
          sumFen: sum((decision) => decision.amountFen),
          countedSumFen: sum((decision) => decision.countedFen),
          platformCount: same.filter((decision) => decision.orderType === 'platform').length,
        });
        expect(one.platformCount + one.selfCount).toBe(one.count);
        expect(one.platformSumFen + one.selfSumFen).toBe(one.sumFen);
      }
    });
  });

  it('no award is won twice', () => {
    holds((campaign, rows) => {
      const keys = decide(campaign, rows).flatMap(({ person, rewards }) =>
        rewards.map((reward) => `${person}|${reward.awardKey}`),
      );
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  it('a prefix of the contracts gives a prefix of the decisions, and one by one is the same', () => {
    holds((campaign, rows) => {
      const decisions = decide(campaign, rows);
      const half = Math.floor(rows.length / 2);
      expect(decide(campaign, rows.slice(0, half))).toEqual(decisions.slice(0, half));
      const open = openCampaign(campaign);
      expect(rows.map((row) => open.take(row))).toEqual(decisions);
    });
  });
});

describe('badges', () => {
  const elite = {
    name: '精英管家',
    title: '精英管家',
    mark: '🎖',
    doublesTiers: true,
    holders: [{ person: 'hk-1', from: '2025-10-01', to: '2025-10-15' }],
  };
  const campaign: Campaign = { ...beijing, badges: [elite] };
  const signed = (day: string, more: Partial<DecidedContract> = {}) =>
    many(10, 10_000, { housekeeperId: 'hk-1', signedDay: day, ...more });

  it('double what tiers pay, not what lucky numbers do, and leave the rule as it is', () => {
    const last = decide(campaign, signed('2025-10-15')).at(-1);
    expect(last?.badges).toEqual([elite]);
    expect(last?.rewards.map(({ name, amountFen, paidFen }) => [name, amountFen, paidFen])).toEqual([
      ['接好运', 5_800, 5_800],
      ['达标奖', 20_000, 40_000],
    ]);
  });

  it('hold on their days and for their persons alone', () => {
    for (const contracts of [signed('2025-10-16'), signed('2025-10-15', { housekeeperId: 'hk-2' })]) {
      const last = decide(campaign, contracts).at(-1);
      expect(last?.badges).toEqual([]);
      expect(last?.rewards.at(-1)?.paidFen).toBe(20_000);
    }
  });
});
