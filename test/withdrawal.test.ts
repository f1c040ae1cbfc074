import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCampaigns, standingOf } from '../src/domains/rewards/campaigns.ts';
import { saveContracts } from '../src/domains/rewards/contracts/store.ts';
import type { Decision } from '../src/domains/rewards/index.ts';
import { withdrawMissing } from '../src/domains/rewards/withdraw.ts';
import { type TestApp, testApp } from './app.ts';
import { contractRow } from './rewards.ts';

const SOURCE = 'metabase:1693';
const WINDOW = { source: SOURCE, from: '2025-10-01', to: '2025-10-31' };

describe('contracts that their source no longer holds', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await testApp({ at: '2025-10-20T10:00:00+08:00' });
  });
  afterEach(() => test.close());

  const db = () => test.app.context.db;
  const rows = Array.from({ length: 15 }, (_, at) =>
    contractRow({ id: `c${at}`, number: `N${at}`, amountFen: 1_000_000 }),
  );
  const save = (some = rows, source = SOURCE) => saveContracts(test.app.context, some, { source, sample: false });
  const answer = (some: typeof rows, more = {}) =>
    withdrawMissing(test.app.context, { ...WINDOW, ids: new Set(some.map(({ id }) => id)), ...more });
  const settle = () => test.run('rewards.settle', { campaign: 'BJ-2025-10' });
  const decisions = async (): Promise<readonly Decision[]> => {
    const { campaigns } = await readCampaigns(test.app.context);
    const campaign = campaigns.find(({ key }) => key === 'BJ-2025-10');
    if (!campaign) throw new Error('no campaign');
    return (await standingOf(test.app.context, campaign)).decisions;
  };
  const paid = async () => (await db().ledgerEntry.findMany()).reduce((sum, { amountFen }) => sum + amountFen, 0);
  const warnings = () => db().letter.findMany({ where: { to: 'channel:admins' } });

  it('are withdrawn, taken back with their cause, and come back when the source gives them again', async () => {
    await save();
    await settle();
    const before = await paid();
    expect(before).toBeGreaterThan(0);
    expect(await answer(rows.slice(0, 14))).toEqual({ known: 15, withdrawn: 1, refused: null });
    expect((await decisions()).length).toBe(14);
    await settle();
    expect(await paid()).toBeLessThan(before);
    const last = await db().ledgerEntry.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(last.cause).toBe('withdrawn contract N14');
    expect(await db().contract.count()).toBe(15);
    await save();
    expect((await decisions()).length).toBe(15);
    await settle();
    expect(await paid()).toBe(before);
    expect((await db().ledgerEntry.findFirstOrThrow({ orderBy: { id: 'desc' } })).cause).toBe('contract N14 is back');
    expect(await warnings()).toEqual([]);
  });

  it('stay where the answer is empty or has shrunk too much, and the administrators are told once a day', async () => {
    await save();
    await settle();
    const before = await paid();
    for (const some of [[], rows.slice(0, 11), rows.slice(0, 11)]) {
      expect(await answer(some)).toMatchObject({ withdrawn: 0, refused: expect.any(String) });
    }
    expect((await warnings()).length).toBe(1);
    await settle();
    expect(await paid()).toBe(before);
    expect((await decisions()).length).toBe(15);
    expect(await answer(rows.slice(0, 11), { mayMiss: 0.5 })).toMatchObject({ withdrawn: 4 });
  });

  it('only those of this source, city and window', async () => {
    await save();
    const elsewhere = [
      contractRow({ id: 'x1', signedDay: '2025-09-30' }),
      contractRow({ id: 'x2', province: '310000' }),
    ];
    await save(elsewhere);
    await save([contractRow({ id: 'x3' })], 'by-hand.csv');
    expect(await answer(rows, { provinces: ['110000'] })).toMatchObject({ known: 15, withdrawn: 0 });
    expect(await db().contract.count({ where: { withdrawnAt: { not: null } } })).toBe(0);
  });
});
