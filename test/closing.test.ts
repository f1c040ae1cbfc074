import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveContracts } from '../src/domains/rewards/contracts/store.ts';
import { withdrawMissing } from '../src/domains/rewards/withdraw.ts';
import { type TestApp, testApp } from './app.ts';
import { contractRow } from './rewards.ts';

/** Beijing, October 2025: 58 yuan for every fifth contract; from ten contracts on 200 at 100,000, 400 at 180,000. */
const KEY = 'BJ-2025-10';

describe('closing a period', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await testApp({ at: '2025-11-03T10:00:00+08:00' });
    await test.app.people.add({ name: '主管', role: 'lead' });
    await test.app.people.add({ name: '财务', role: 'admin' });
  });
  afterEach(() => test.close());

  const db = () => test.app.context.db;
  const rows = (from: number, to: number, yuan = 10_000) =>
    Array.from({ length: to - from }, (_, at) =>
      contractRow({ id: `c${from + at}`, number: `N${from + at}`, amountFen: yuan * 100 }),
    );
  const save = (some: ReturnType<typeof rows>) => saveContracts(test.app.context, some, { source: 'S', sample: false });
  const settle = () => test.run('rewards.settle');
  const closeIt = (as = '财务') => test.ask({ command: 'rewards.close', args: { campaign: KEY } }, { as });
  const entries = () => db().ledgerEntry.findMany({ orderBy: { id: 'asc' } });
  const own = async () => (await entries()).filter(({ paidIn }) => paidIn === null);
  const later = async () =>
    (await entries()).flatMap(({ paidIn, name, amountFen, cause }) =>
      paidIn ? [{ paidIn, name, amountFen, cause }] : [],
    );

  it('is for those who may, once, and only when the period is over', async () => {
    await save(rows(0, 10));
    expect((await closeIt('主管')).outcome).toBe('forbidden');
    test.clock.set('2025-10-31T23:00:00+08:00');
    expect((await closeIt()).outcome).toBe('wrong');
    test.clock.set('2025-11-01T00:00:00+08:00');
    expect(await test.say('应付奖励 BJ-2025-10', { as: '主管' })).toContain('未关账');
    const { message } = await closeIt();
    expect(message.title).toContain('应付 316 元，1 人');
    expect(message.data).toMatchObject({ totalFen: 31_600, closedBy: '财务' });
    expect((await closeIt()).outcome).toBe('wrong');
    expect(await test.say('关账 BJ-2025-10', { as: '主管' })).toContain('已关账');
    expect(await db().audit.count({ where: { action: 'rewards.close', name: '财务' } })).toBe(1);
  });

  it('books what it was not settled for yet, and says nothing of an old month', async () => {
    await save(rows(0, 10));
    await closeIt();
    expect((await own()).map(({ name }) => name)).toEqual(['接好运', '接好运', '达标奖']);
    expect(await db().letter.count()).toBe(0);
  });

  it('what comes late, is corrected or withdrawn afterwards is paid in the next open period, and told why', async () => {
    await save(rows(0, 10));
    await closeIt();
    const closed = await own();
    await save(rows(10, 18));
    await settle();
    const paidIn = '2025-11';
    expect(await later()).toEqual([
      { paidIn, name: '接好运', amountFen: 5_800, cause: 'late contract N14 (BJ-2025-10 is closed)' },
      { paidIn, name: '优秀奖', amountFen: 40_000, cause: 'late contract N17 (BJ-2025-10 is closed)' },
    ]);
    await save(rows(17, 18, 1));
    await settle();
    expect((await later()).at(-1)).toEqual({
      paidIn,
      name: '优秀奖',
      amountFen: -40_000,
      cause: 'corrected contract N17 (BJ-2025-10 is closed)',
    });
    const held = new Set(rows(0, 16).map(({ id }) => id));
    await withdrawMissing(test.app.context, { source: 'S', ids: new Set([...held].slice(0, 14)), mayMiss: 0.5 });
    await settle();
    expect((await later()).at(-1)).toMatchObject({ name: '接好运', amountFen: -5_800 });
    expect((await later()).at(-1)?.cause).toMatch(/^withdrawn contract N14.*is closed/);
    expect(await own()).toEqual(closed);
    const again = await settle();
    expect(again.counts).toMatchObject({ booked: 0, corrected: 0, noticed: 0 });
    const notices = await db().letter.findMany({ where: { to: 'housekeeper:hk001' } });
    expect(notices.some(({ message }) => message.includes('已关账'))).toBe(true);
  });

  it('a city whose next period pays gets the correction there, and its sum with the rest', async () => {
    const shanghai = (from: number, to: number) =>
      rows(from, to).map((row) => ({ ...row, province: '310000', signedDay: '2025-10-10' }));
    await save(shanghai(0, 5));
    await test.ask({ command: 'rewards.close', args: { campaign: 'SH-2025-10' } }, { as: '财务' });
    await save(shanghai(5, 9));
    await settle();
    expect((await later()).map(({ paidIn }) => paidIn)).toEqual(['SH-2025-11', 'SH-2025-11']);
    const { message } = await test.ask('应付奖励 SH-2025-11', { as: '主管' });
    expect(message.data).toMatchObject({ totalFen: 70_000, payables: [{ ownFen: 0, correctionsFen: 70_000 }] });
  });
});
