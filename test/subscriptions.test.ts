import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Message } from '../src/core/message.ts';
import { runSubscriptions } from '../src/domains/subscriptions/index.ts';
import { plainText } from '../src/render/plain.ts';
import { type TestApp, testApp } from './app.ts';

const ROOM = 'console:sample-calls';
const LEAD = 'sample-lead';
const STAFF = 'sample-housekeeper';
const START = '2026-11-20T14:20:00+08:00';

describe('subscriptions', () => {
  let folder: string;
  let test: TestApp;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldbell-subscriptions-'));
    test = await testApp({ folder, at: START });
    await test.app.sample.open('on', false);
  }, 30_000);
  afterAll(async () => {
    await test?.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    const { db } = test.app.context;
    await Promise.all([db.subscription.deleteMany(), db.letter.deleteMany(), db.consoleMessage.deleteMany()]);
    await db.$executeRaw`DELETE FROM sqlite_sequence WHERE name = 'Subscription'`;
    test.clock.set(START);
  });

  /** Says a line in the group, or with `room` null where there is none, and gives the answer as text. */
  async function say(text: string, as = LEAD, room: string | null = ROOM): Promise<string> {
    const person = await test.app.people.find(as);
    const asker = { ...(await test.app.people.askerAt(`console:@${person.id}`)), from: null };
    const { message } = await test.app.answer({ asker, text, ...(room && { room, group: true }) });
    return plainText(message, { clock: test.clock });
  }
  const letters = async () =>
    (await test.app.context.db.letter.findMany({ orderBy: { seq: 'asc' } })).map(
      ({ key, to, class: kind, message }) => ({
        key,
        to,
        kind,
        message: Message.parse(JSON.parse(message)),
      }),
    );
  const run = () => runSubscriptions(test.app.context);
  const role = (id: string, is: string) => test.app.context.db.person.update({ where: { id }, data: { role: is } });

  it('posts a line to the group at its time, and 今日 is the day of each run', async () => {
    const answer = await say('订阅 今日外呼 每天18:00');
    expect(answer).toContain('已订阅：今日外呼，每天 18:00');
    expect(answer).toContain('发给 外呼战报群（示例） · 下次 11-20 周五 18:00');
    test.clock.set('2026-11-20T17:59:59+08:00');
    expect(await run()).toMatchObject({ due: 0 });
    for (const day of ['2026-11-20', '2026-11-21']) {
      test.clock.set(`${day}T18:00:30+08:00`);
      await test.run('sample.refresh');
      const ran = await test.run('subscriptions.run');
      expect(ran).toMatchObject({ state: 'done', counts: { due: 1, said: 1 } });
      expect(await run()).toMatchObject({ due: 0 });
      const letter = (await letters()).at(-1);
      expect(letter).toMatchObject({ key: `subscription/1/${day}T10:00:00.000Z`, to: ROOM, kind: 'broadcast' });
      const asked = await test.ask(`外呼 ${day}`, { as: LEAD });
      expect(letter?.message.title).toBe(asked.message.title);
      expect(letter?.message.title).toMatch(/^今日外呼 [\d,]+ 通/);
    }
    await test.deliver();
    const posted = await test.app.context.db.consoleMessage.findMany({ where: { room: 'sample-calls' } });
    expect(posted).toHaveLength(2);
  });

  it('understands English, and sends to the person alone', async () => {
    expect(await say('subscribe "calls today" every day at 18:00 to me', STAFF)).toContain(
      'Subscribed: calls today, every day at 18:00',
    );
    test.clock.set('2026-11-20T18:00:00+08:00');
    await run();
    expect((await letters()).at(-1)).toMatchObject({ to: `person:${STAFF}`, kind: 'notice', message: { lang: 'en' } });
  });

  it('never subscribes a group to what is personal', async () => {
    expect(await say('订阅 我的奖励 每周一9点')).toMatch(
      /这是个人数据，只能订阅给你自己。\n例：订阅 我的奖励 每周一9点 给我/,
    );
    expect(await say('订阅 我的奖励 每周一9点 给我')).toContain('每周一 09:00');
    test.clock.set('2026-11-23T09:00:00+08:00');
    expect(await run()).toMatchObject({ said: 1 });
    expect((await letters()).at(-1)).toMatchObject({ to: `person:${LEAD}`, kind: 'notice' });
  });

  it.each([
    ['订阅 今日外呼 每天18:00', STAFF, /发到群里的订阅要主管来设/],
    ['订阅 今日外忽 每天18:00', LEAD, /没看懂「今日外忽」。\n例：订阅 今日外呼 每天18:00/],
    ['订阅 外呼 2025-13-45 每天18:00', LEAD, /日期看不懂/],
    ['订阅 今日外呼', LEAD, /什么时候发？\n例：订阅 今日外呼 每天18:00/],
    ['订阅 每天18:00', LEAD, /要订阅什么？/],
    ['订阅 今日外呼 每天25点', LEAD, /时间不对：「25点」。\n例：每天18:00/],
    ['订阅 今日外呼 每周八9点', LEAD, /时间看不懂：「每周八」/],
    ['订阅 退订 3 每天18:00', LEAD, /只能订阅查询/],
    ['subscribe calls today', LEAD, /When shall it be sent\?/],
  ])('refuses at once: %s', async (line, as, error) => {
    expect(await say(line, as)).toMatch(error);
    expect(await test.app.context.db.subscription.count()).toBe(0);
  });

  it('needs somebody in whose name it runs, and a group for “here”', async () => {
    expect(await test.say('订阅 今日外呼 每天18:00')).toMatch(/订阅以你的名义运行/);
    expect(await say('订阅 今日外呼 每天18:00 到这里', LEAD, null)).toMatch(/没有「这里」/);
    expect(await say('订阅 今日外呼 每天18:00', LEAD, null)).toContain('发给 本人');
    expect(await say('订阅 今日外呼 每天18:00', LEAD, null)).toContain('已经订阅过了，编号 1');
  });

  it('lists and ends one’s own, and for leads those of the group', async () => {
    await say('订阅 今日外呼 每天18:00');
    await say('订阅 昨日外呼 每工作日 9:30 给我', STAFF);
    expect(await say('订阅列表')).toMatch(/今日外呼.*每天 18:00.*外呼战报群（示例）.*11-20 周五 18:00/s);
    expect(await say('订阅列表')).not.toContain('昨日外呼');
    expect(await say('subscriptions', STAFF)).toMatch(/昨日外呼.*every workday at 09:30.*11-23 Mon 09:30/s);
    expect(await say('退订 1', STAFF)).toMatch(/没有编号 1 的订阅，或不归你管/);
    expect(await say('退订 2')).toMatch(/没有编号 2/);
    expect(await say('unsubscribe 2', STAFF)).toContain('Unsubscribed: 昨日外呼');
    const pressed = await test.ask({ command: 'subscriptions.remove', args: { id: 1 } }, { as: LEAD });
    expect(pressed.message.title).toContain('已退订：今日外呼');
    test.clock.set('2026-11-23T18:00:00+08:00');
    expect(await run()).toMatchObject({ due: 0 });
    expect(await say('订阅列表')).toContain('还没有订阅');
  });

  it('is posted once, however many processes run it', async () => {
    await say('订阅 今日外呼 每天18:00');
    await say('订阅 今日外呼 每天18:00 错过都补 给我');
    const other = await testApp({ folder });
    try {
      for (const [day, expected] of [
        ['20', 2],
        ['23', 6],
      ] as const) {
        for (const one of [test, other]) one.clock.set(`2026-11-${day}T18:00:05+08:00`);
        const both = await Promise.all([run(), runSubscriptions(other.app.context), run()]);
        expect(both.reduce((sum, ran) => sum + ran.said, 0)).toBe(expected - (day === '20' ? 0 : 2));
        expect(await letters()).toHaveLength(expected);
      }
    } finally {
      await other.close();
    }
  });

  it('makes good what was missed as it was told to, each with the day that was meant', async () => {
    await say('订阅 今日外呼 每天18:00 错过不补');
    await say('订阅 外呼 每天18:00');
    await say('订阅 今日外呼 每天18:00 给我 错过都补');
    test.clock.set('2026-11-22T20:00:00+08:00');
    await test.run('sample.refresh');
    expect(await run()).toMatchObject({ said: 4, skipped: 5 });
    const said = await letters();
    expect(said.map(({ key }) => key)).toEqual([
      'subscription/2/2026-11-22T10:00:00.000Z',
      'subscription/3/2026-11-20T10:00:00.000Z',
      'subscription/3/2026-11-21T10:00:00.000Z',
      'subscription/3/2026-11-22T10:00:00.000Z',
    ]);
    expect(said[0]?.message.blocks.at(-1)).toEqual({ type: 'text', text: '补发：应于 2026-11-22 18:00 发出。' });
    const dialled = (title = '') => /([\d,]+) 通/.exec(title)?.[1];
    for (const [at, day] of ['2026-11-20', '2026-11-21', '2026-11-22'].entries()) {
      const asked = await test.ask(`外呼 ${day}`, { as: LEAD });
      expect(dialled(said[at + 1]?.message.title)).toBe(dialled(asked.message.title));
    }
    expect(await run()).toMatchObject({ due: 0, skipped: 0 });
  });

  it('rests while its owner may not, tells him once, and goes on when he may again', async () => {
    await say('订阅 今日外呼 每天18:00');
    await role(LEAD, 'staff');
    for (const day of ['20', '21']) {
      test.clock.set(`2026-11-${day}T18:00:00+08:00`);
      expect(await run()).toMatchObject({ rested: 1, said: 0 });
    }
    expect(await letters()).toMatchObject([
      {
        key: 'subscription/1/rests',
        to: `person:${LEAD}`,
        kind: 'notice',
        message: { title: '订阅暂停：今日外呼，每天 18:00' },
      },
    ]);
    expect(await say('订阅列表')).toContain('已暂停：你现在的权限不够。');
    await role(LEAD, 'lead');
    test.clock.set('2026-11-22T18:00:00+08:00');
    expect(await run()).toMatchObject({ rested: 0, said: 1 });
  });

  it('ends when its owner left, and the group is told', async () => {
    const { id } = await test.app.people.add({ name: '周明', role: 'lead' });
    await test.app.people.link(id, `console:@${id}`);
    await say('订阅 今日外呼 每天18:00', id);
    await say('订阅 今日外呼 每天18:00 给我', id);
    await test.app.context.db.person.delete({ where: { id } });
    test.clock.set('2026-11-20T18:00:00+08:00');
    expect(await run()).toMatchObject({ rested: 2 });
    expect(await letters()).toMatchObject([{ key: 'subscription/1/gone', to: ROOM }]);
    test.clock.set('2026-11-21T18:00:00+08:00');
    expect(await run()).toMatchObject({ due: 0 });
  });

  it('asks again when an answer fails, and says so when it still does', async () => {
    await say('订阅 今日外呼 每天18:00');
    const { context } = test.app;
    await context.db.$executeRaw`ALTER TABLE "CallTally" RENAME TO "Away"`;
    test.clock.set('2026-11-20T18:01:00+08:00');
    expect(await run()).toMatchObject({ failed: 1, said: 0 });
    await context.db.$executeRaw`ALTER TABLE "Away" RENAME TO "CallTally"`;
    test.clock.set('2026-11-20T18:02:00+08:00');
    expect(await run()).toMatchObject({ failed: 0, said: 1 });
    await context.db.$executeRaw`ALTER TABLE "CallTally" RENAME TO "Away"`;
    test.clock.set('2026-11-21T18:11:00+08:00');
    const late = await run();
    await context.db.$executeRaw`ALTER TABLE "Away" RENAME TO "CallTally"`;
    expect(late).toMatchObject({ said: 1 });
    expect((await letters()).at(-1)?.message.tone).toBe('bad');
  });

  it('goes with the sample workspace', async () => {
    await say('订阅 今日外呼 每天18:00');
    await test.app.sample.remove();
    expect(await test.app.context.db.subscription.count()).toBe(0);
  });
});
