import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contractsSync } from '../src/domains/rewards/index.ts';
import { type TestApp, testApp } from './app.ts';
import { type EmulatedCard, type MetabaseEmulator, startMetabaseEmulator } from './emulators/metabase.ts';

const RULES = `feeds:
  rewards.contracts:
    - { card: 2003 }
`;

describe('contracts from Metabase', () => {
  let test: TestApp;
  let metabase: MetabaseEmulator;
  const cards: Record<number, EmulatedCard> = {};
  const columns = [
    '_id',
    'province',
    'contractdocNum',
    'serviceHousekeeper',
    'serviceHousekeeperId',
    'adjustRefundMoney',
    'signedDate',
  ];

  const rows = (count: number, amount = 1_000.1) =>
    Array.from({ length: count }, (_, n) => ({
      _id: `bigint:${1_000_000_003_000_000_000n + BigInt(n)}`,
      province: 'bigint:110000',
      contractdocNum: `YHWX-BJ-${n}`,
      serviceHousekeeper: '李师傅',
      serviceHousekeeperId: 'bigint:2000000000000000001',
      adjustRefundMoney: amount,
      signedDate: '2025-10-05T10:00:00+08:00',
    }));
  const show = (found: EmulatedCard['rows']) => {
    cards[2003] = { columns: columns.map((name) => ({ name })), rows: found };
  };
  const sync = () => contractsSync.run(test.app.context, { trigger: 'hand' });
  const stored = () => test.app.context.db.contract.findMany({ orderBy: { seq: 'asc' } });

  beforeEach(async () => {
    show(rows(20));
    metabase = await startMetabaseEmulator({ cards, apiKey: 'mb_key' });
    test = await testApp({
      at: '2025-10-17T09:30:00+08:00',
      settings: { METABASE_URL: metabase.url, METABASE_API_KEY: 'mb_key' },
    });
  });
  afterEach(async () => {
    await test.close();
    await metabase.close();
  });

  it('are kept with their long ids, in fen, and known again', async () => {
    expect(await sync()).toMatchObject({ counts: { read: 20, added: 20 }, completeness: 'complete' });
    expect((await stored())[0]).toMatchObject({ id: '1000000003000000000', province: '110000', amountFen: 100_010 });
    expect(await sync()).toMatchObject({ counts: { added: 0, changed: 0, unchanged: 20 } });
    show(rows(21, 2_000));
    expect((await test.run('rewards.sync')).counts).toMatchObject({ read: 21, added: 1, changed: 20 });
    expect((await test.app.ready())['metabase']).toBe('ok');
    expect(await test.say('奖励排行')).toContain('Metabase 2003 · 完整');
    // What the card no longer holds is withdrawn, and taken back when it gives it again.
    show(rows(19, 2_000));
    expect((await sync()).counts).toMatchObject({ read: 19, withdrawn: 2 });
    expect((await stored()).filter(({ withdrawnAt }) => withdrawnAt)).toHaveLength(2);
    show(rows(21, 2_000));
    expect((await sync()).counts).toMatchObject({ withdrawn: 0 });
    expect((await stored()).filter(({ withdrawnAt }) => withdrawnAt)).toHaveLength(0);
  });

  it('are left alone by an empty or shrunken answer, and somebody is told once', async () => {
    await sync();
    for (const found of [rows(0), rows(9), rows(9)]) {
      show(found);
      await expect(sync()).rejects.toThrow('nothing was changed');
    }
    metabase.misbehave({ kind: 'http', status: 400 });
    await expect(sync()).rejects.toThrow('HTTP 400');
    expect((await test.app.ready())['metabase']).toContain('HTTP 400');
    expect(await stored()).toHaveLength(20);
    const told = await test.app.context.db.letter.findMany({ where: { to: 'channel:admins' } });
    expect(told.map((letter) => letter.key)).toEqual(['rewards/contracts/shrunken/2003/2025-10-17']);
    // Somewhat shrunken: what it gives is taken, nothing is withdrawn, and that is told, too.
    show(rows(15));
    expect(await sync()).toMatchObject({ counts: { read: 15, added: 0, withdrawn: 0 } });
    expect(
      await test.app.context.db.letter.count({ where: { key: { startsWith: 'rewards/contracts-missing/' } } }),
    ).toBe(1);
  });

  it('of rows that cannot be read are told by row, and the others kept', async () => {
    show([{ ...rows(1)[0], adjustRefundMoney: 'much' }, ...rows(3)]);
    const report = await sync();
    expect(report).toMatchObject({ counts: { read: 4, added: 3, rejected: 1 }, completeness: 'partial' });
    expect(report.problems[0]).toContain('card 2003 row 1');
  });

  it('come from the cards that the rules name', async () => {
    const folder = join(test.folder, 'rules');
    await mkdir(folder);
    await writeFile(join(folder, 'metabase.yaml'), RULES.replace('2003', '2004'));
    const other = await testApp({
      settings: { METABASE_URL: metabase.url, METABASE_API_KEY: 'mb_key', FIELDBELL_RULES: folder },
    });
    await expect(contractsSync.run(other.app.context, { trigger: 'hand' })).rejects.toThrow('no card 2004');
    await other.close();
  });
});
