import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from './app.ts';
import { type MetabaseEmulator, startMetabaseEmulator } from './emulators/metabase.ts';

const COLUMNS = ['_id', 'province', 'serviceHousekeeper', 'adjustRefundMoney', 'signedDate'];

describe('feeds, day by day', () => {
  let test: TestApp;
  let metabase: MetabaseEmulator;

  beforeAll(async () => {
    const rows = ['05', '05', '07'].map((day, n) => ({
      _id: `bigint:${1_000_000_003_000_000_000n + BigInt(n)}`,
      province: 'bigint:110000',
      serviceHousekeeper: '李师傅',
      adjustRefundMoney: 1_000,
      signedDate: `2025-10-${day}T10:00:00+08:00`,
    }));
    const cards = { 2003: { columns: COLUMNS.map((name) => ({ name })), rows } };
    metabase = await startMetabaseEmulator({ cards, apiKey: 'mb_key' });
    test = await testApp({
      at: '2025-10-17T09:30:00+08:00',
      settings: { METABASE_URL: metabase.url, METABASE_API_KEY: 'mb_key' },
    });
  });
  afterAll(async () => {
    await test?.close();
    await metabase?.close();
  });

  it('are fetched by hand, and then shown with what there is of each day', async () => {
    expect(await test.say('数据完整度')).toContain('没有已知的缺口');
    const run = await test.run('feeds.sync', { feed: 'rewards.contracts', from: '2025-10-01', to: '2025-10-17' });
    expect(run).toMatchObject({ state: 'done', counts: { added: 3, problems: 0 } });
    const { message } = await test.ask({ command: 'feeds.calendar', args: { from: '2025-10-01', to: '2025-10-10' } });
    const { feeds } = message.data as { feeds: { feed: string }[] };
    expect(feeds.find(({ feed }) => feed === 'rewards.contracts')).toMatchObject({
      syncs: true,
      sample: false,
      asOf: '2025-10-17T01:30:00.000Z',
      days: [
        { day: '2025-10-05', rows: 2, state: 'kept' },
        { day: '2025-10-07', rows: 1, state: 'kept' },
      ],
    });
    expect(feeds.find(({ feed }) => feed === 'calls.records')).toMatchObject({ days: [], asOf: null });
  });

  it('say what they cannot do', async () => {
    expect(await test.run('feeds.sync', { feed: 'drivers.moods' })).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('no feed drivers.moods'),
    });
    const wish = { command: 'feeds.calendar', args: { from: '2020-01-01', to: '2025-01-01' } };
    expect((await test.ask(wish)).outcome).toBe('wrong');
    await test.app.people.add({ name: '小工', role: 'staff' });
    expect((await test.ask('数据完整度', { as: '小工' })).outcome).toBe('forbidden');
  });
});
