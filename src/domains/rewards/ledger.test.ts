import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignIn, contract } from '../../../test/rewards.ts';
import { decide } from './decide.ts';
import { differences, type LedgerLine } from './ledger.ts';
import type { DecidedContract } from './model.ts';

const shanghai = campaignIn('shanghai-2025-09.yaml');
const book = (ledger: LedgerLine[], rows: readonly DecidedContract[]) => {
  const lines = differences(decide(shanghai, rows), ledger);
  return { lines, ledger: [...ledger, ...lines] };
};
const told = ({ awardKey, entry, amountFen }: LedgerLine) => [awardKey, entry, amountFen];

/** What the ledger holds of each award, without those that add up to nothing. */
function held(ledger: readonly LedgerLine[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { person, awardKey, amountFen } of ledger) {
    sums.set(`${person}/${awardKey}`, (sums.get(`${person}/${awardKey}`) ?? 0) + amountFen);
  }
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
}

describe('the ledger', () => {
  const rows = Array.from({ length: 5 }, () => contract(9_000));
  const first = book([], rows);

  it('books each award once, with the contract that won it', () => {
    expect(first.lines.map(told)).toEqual([['基础奖', 1, 20_000]]);
    expect(first.lines[0]).toMatchObject({
      person: '管家001_甲',
      contractId: rows[4]?.id,
      type: '节节高',
      name: '基础奖',
    });
    expect(book(first.ledger, rows).lines).toEqual([]);
  });

  it('takes back what a correction undid, and books it again as a new entry', () => {
    const refunded = rows.map((row, index) => (index === 0 ? { ...row, amountFen: 0 } : row));
    const second = book(first.ledger, refunded);
    expect(second.lines.map(told)).toEqual([['基础奖', 2, -20_000]]);
    expect(book(second.ledger, refunded).lines).toEqual([]);
    const third = book(second.ledger, rows);
    expect(third.lines.map(told)).toEqual([['基础奖', 3, 20_000]]);
  });

  it('books the difference where a rule pays another amount', () => {
    const tiers = shanghai.awards.tiers;
    if (!tiers) throw new Error('no tiers');
    const steps = tiers.steps.map((step) => ({ ...step, paysFen: step.paysFen + 5_000 }));
    const raised = { ...shanghai, awards: { ...shanghai.awards, tiers: { ...tiers, steps } } };
    expect(differences(decide(raised, rows), first.ledger).map(told)).toEqual([['基础奖', 2, 5_000]]);
  });

  it('holds what the decisions say, whatever happened before', () => {
    const row = fc
      .record({
        amount: fc.integer({ min: 0, max: 60_000 }),
        sourceType: fc.constantFrom('1', '2'),
        projectAddress: fc.constantFrom('一号', '二号', null),
        housekeeper: fc.constantFrom('甲', '乙'),
      })
      .map(({ amount, ...more }) => contract(amount, more));
    const states = fc.array(fc.array(row, { maxLength: 20 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(states, (answers) => {
        let ledger: LedgerLine[] = [];
        for (const answer of answers) {
          ledger = book(ledger, answer).ledger;
          const wanted = decide(shanghai, answer).flatMap(({ person, rewards }) =>
            rewards.map((reward) => [`${person}/${reward.awardKey}`, reward.paidFen]),
          );
          expect(held(ledger)).toEqual(Object.fromEntries(wanted));
        }
        const entries = ledger.map(({ person, awardKey, entry }) => `${person}/${awardKey}/${entry}`);
        expect(new Set(entries).size).toBe(entries.length);
      }),
      { numRuns: 100 },
    );
  });
});
