import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveContracts } from '../src/domains/rewards/contracts/store.ts';
import { type TestApp, testApp } from './app.ts';
import { contractRow } from './rewards.ts';

const CHANNEL = 'channel:beijing-sales';

describe('what a campaign says by itself', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await testApp({ at: '2025-10-20T10:30:00+08:00' });
    for (const [name, id] of [
      ['李师傅', 'hk001'],
      ['赵师傅', 'hk002'],
    ] as const) {
      const person = await test.app.people.add({ name, role: 'staff' });
      await test.app.people.subject(person.id, 'housekeeper', id);
      await test.app.people.link(person.id, `console:@${id}`);
    }
  });
  afterEach(() => test.close());

  const db = () => test.app.context.db;
  const contracts = (id: string, from: number, to: number, yuan: number) =>
    saveContracts(
      test.app.context,
      Array.from({ length: to - from }, (_, at) =>
        contractRow({ id: `${id}-${from + at}`, housekeeper: id, housekeeperId: id, amountFen: yuan * 100 }),
      ),
      { source: 'S', sample: false },
    );
  const letters = async (kind: string) =>
    (await db().letter.findMany({ where: { key: { contains: `/${kind}/` } }, orderBy: { seq: 'asc' } })).map(
      ({ key, to, message }) => ({ key, to, title: (JSON.parse(message) as { title: string }).title }),
    );
  const nudge = () => test.run('rewards.nudge');

  it('one more contract to the next tier: once per tier, not twice in three days, not to whom does not want it', async () => {
    // 11 of 9,000: 1,000 short of 达标奖, less than a usual contract. The other: 2 of 9,000, far from anything.
    await contracts('hk001', 0, 11, 9_000);
    await contracts('hk002', 0, 2, 9_000);
    expect((await nudge()).counts).toEqual({ looked: 2, said: 1 });
    expect((await nudge()).counts).toMatchObject({ said: 0 });
    await test.deliver();
    const [shown] = await db().consoleMessage.findMany({ where: { room: '@hk001' } });
    expect(shown?.message).toContain('再签一单 1,000 元，就到 达标奖');
    expect(shown?.message).toContain('9,000 元');

    // The tier after it, on the next day: too soon; after three days it is said.
    await contracts('hk001', 11, 19, 9_000);
    await contracts('hk002', 2, 9, 9_000);
    test.clock.set('2025-10-21T10:30:00+08:00');
    await nudge();
    expect((await letters('nudge')).map(({ key }) => key)).toEqual([
      'rewards/BJ-2025-10/nudge/hk001/达标奖',
      'rewards/BJ-2025-10/nudge/hk002/unlock',
    ]);
    test.clock.set('2025-10-23T10:30:00+08:00');
    await nudge();
    expect((await letters('nudge')).at(-1)).toMatchObject({ key: 'rewards/BJ-2025-10/nudge/hk001/优秀奖' });

    await test.say('关闭奖励提醒', { as: '赵师傅' });
    await contracts('hk002', 9, 11, 9_000);
    test.clock.set('2025-10-29T10:30:00+08:00');
    expect((await nudge()).counts).toMatchObject({ said: 0 });
    await test.say('nudges on', { as: '赵师傅' });
    await db().person.updateMany({ where: { name: '赵师傅' }, data: { locale: 'en' } });
    expect((await nudge()).counts).toMatchObject({ said: 1 });
    expect((await letters('nudge')).at(-1)?.title).toBe('One more contract of 1,000 yuan brings 达标奖');
    await test.run('rewards.settle');
    const notices = await letters('award');
    const said = (to: string) => notices.filter((letter) => letter.to === to).map(({ title }) => title);
    expect(said('housekeeper:hk002')).toContainEqual(expect.stringMatching(/^You won 接好运 58 yuan/));
    expect(said('housekeeper:hk001')).toContainEqual(expect.stringMatching(/^你获得/));
    expect(said('channel:beijing-manager')).not.toContainEqual(expect.stringMatching(/won/));
    test.clock.set('2025-11-01T10:30:00+08:00');
    expect((await nudge()).counts).toEqual({ looked: 0, said: 0 });
  });

  it('the ranking once a day with its chart, and the last one once the month is over', async () => {
    await contracts('hk001', 0, 3, 20_000.1);
    await contracts('hk002', 0, 2, 9_000);
    expect((await test.run('rewards.ranking')).counts).toMatchObject({ said: 1 });
    expect((await test.run('rewards.ranking')).counts).toMatchObject({ said: 0 });
    await contracts('hk002', 2, 9, 9_000);
    for (const day of ['2025-10-31', '2025-11-01', '2025-11-02', '2025-11-20']) {
      test.clock.set(`${day}T18:30:00+08:00`);
      await test.run('rewards.ranking');
    }
    const said = await letters('ranking');
    expect(said.map(({ key }) => key.split('/').at(-1))).toEqual(['2025-10-20', '2025-10-31', 'final']);
    expect(said.map(({ to }) => to)).toEqual([CHANNEL, CHANNEL, CHANNEL]);
    expect(said[0]?.title).toMatch(/^今日排行 · .*hk001/);
    expect(said[2]?.title).toMatch(/^收官排行 · .*hk002/);
    const [first] = await db().letter.findMany({ where: { key: { contains: '/ranking/' } } });
    // Whole yuan, as in the words beside it: 60000.5 would be drawn as 60,000.5.
    expect(first?.message).toContain('"values":[60000,18000]');
  });

  it('an award of whom tiers pay twice says so, and the manager gets a copy', async () => {
    const folder = join(test.folder, 'rules');
    await cp('rules', folder, { recursive: true });
    const edit = async (file: string, from: string, to: string) => {
      const text = await readFile(join(folder, file), 'utf8');
      expect(text).toContain(from);
      await writeFile(join(folder, file), text.replace(from, to));
    };
    await edit('badges.yaml', 'mark: 🎖, holders: []', 'mark: 🎖, holders: [{ person: hk001, from: 2025-10-01 }]');
    await edit('rewards/beijing-2025-10.yaml', 'announce:', 'badges: [{ badge: 精英管家, doubles: tiers }]\nannounce:');
    await contracts('hk001', 0, 10, 10_000);
    const own = await testApp({
      at: '2025-10-20T10:30:00+08:00',
      folder: test.folder,
      settings: { FIELDBELL_RULES: folder },
    });
    await own.run('rewards.settle');
    await own.close();
    const notices = await letters('award');
    const [lucky, copy, doubled] = notices;
    expect(lucky).toMatchObject({ to: 'housekeeper:hk001', title: '你获得 接好运 58 元' });
    expect(copy).toMatchObject({ to: 'channel:beijing-manager', key: `${lucky?.key}/copy` });
    expect(doubled?.title).toBe('你获得 接好运 58 元、达标奖 400 元（200 翻倍）');
    const news = await letters('good-news');
    expect(news.at(-1)).toMatchObject({ title: expect.stringContaining('🎖') });
    const entries = await db().ledgerEntry.findMany({ where: { name: '达标奖' } });
    expect(entries.map(({ amountFen }) => amountFen)).toEqual([40_000]);
  });
});
