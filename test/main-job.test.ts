import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from '../src/runtime/dispatch/parse.ts';
import { typedLine } from '../src/runtime/dispatch/typed-line.ts';
import { type TestApp, testApp } from './app.ts';

/** The first minute of a newcomer: the sample workspace, asked in both languages. */
describe('the sample workspace', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await testApp({ at: '2026-11-20T14:20:00+08:00', settings: { FIELDBELL_SAMPLE: 'auto' } });
    await test.app.sample.open('auto', false);
    await test.run('rewards.settle');
    // It runs every minute, also where there is no work order.
    await test.run('sla.watch');
  });
  afterAll(() => test.close());

  it.each([
    ['司机 D-1023 近7天趋势', /王师傅（D-1023）近7天 [\d,]+ 单/],
    ['trend driver D-1023', /D-1023.*last 7 days/i],
    ['我的奖励', /累计奖励/],
    ['今日外呼', /^今日外呼 [\d,]+ 通，接通 \d+\.\d\d%，成单 \d+/],
    ['calls yesterday', /calls/i],
    ['本月外呼', /^本月外呼|11月外呼|2026-11/],
    ['奖励排行', /排行：.+ 领先/],
    ['reward rank', /leads with/],
    ['帮助', /可以这样问我/],
    ['help trend', /drivers\.trend/],
    ['超时', /违规 [1-9]/],
    ['超时排行', /共 [1-9]\d* 条/],
    ['超时 今天', /GD\d+.*(?:按期完成|首次联系)超时/],
    ['提醒列表', /未解决的提醒 [1-9]/],
    ['待预约', /待预约/],
    ['我是谁', /你是/],
  ])('%s', async (line, answer) => {
    const { message, outcome } = await test.ask(line, { as: 'sample-lead' });
    expect(outcome).toBe('done');
    expect(await test.say(line, { as: 'sample-lead' })).toMatch(answer);
    expect(message.blocks.length).toBeGreaterThan(0);
  });

  it.each(['今日外呼', '司机 D-1023 近7天趋势', '奖励排行', '本月外呼'])(
    '%s says how old it is and shows a chart',
    async (line) => {
      const { message } = await test.ask(line, { as: 'sample-lead' });
      expect(message.asOf?.sample).toBe(true);
      expect(message.blocks.some((block) => block.type === 'chart')).toBe(true);
      expect(await test.say(line, { as: 'sample-lead' })).toContain('示例数据');
    },
  );

  it('answers a person about himself, and privately', async () => {
    const mine = await test.ask('我的奖励', { as: 'sample-housekeeper', group: true });
    expect(mine.private).toBe(true);
    expect(mine.message.title).toMatch(/累计奖励 [\d,]+ 元/);
    const why = await test.ask('为什么', { as: 'sample-housekeeper' });
    expect(why.outcome).toBe('done');
    expect(await test.say('为什么', { as: 'sample-housekeeper' })).toContain('✓ 与台账一致');
    const trend = await test.ask('司机 近7天趋势', { as: 'sample-driver', group: true });
    expect(trend).toMatchObject({ outcome: 'done', private: true });
  });

  it('keeps personal things from others', async () => {
    expect((await test.ask('司机 D-2044 趋势', { as: 'sample-driver' })).outcome).toBe('forbidden');
    expect((await test.ask('我的奖励', { as: 'sample-seat' })).outcome).toBe('wrong');
    const others = await test.app.context.db.contract.findFirstOrThrow({ where: { housekeeperId: 'hk-sample-1' } });
    expect(await test.say(`为什么 ${others.number}`, { as: 'sample-housekeeper' })).toContain('没有找到你的合同');
  });

  it('a pressed button, HTTP and a typed line are the same call', async () => {
    const typed = await test.ask('昨日外呼', { as: 'sample-lead' });
    const pressed = await test.ask({ command: 'calls.day', args: { day: '2026-11-19' } }, { as: 'sample-lead' });
    expect(pressed.message).toEqual(typed.message);
  });

  it('has only examples that work, and buttons say what to type instead', () => {
    const { commands, context } = test.app;
    for (const command of commands) {
      for (const lang of ['zh', 'en'] as const) {
        for (const example of command.examples[lang]) {
          const parsed = parse(example, commands, context.clock, lang);
          expect([example, parsed?.command.name]).toEqual([example, command.name]);
          const call = { command: command.name, args: parsed?.args ?? {} };
          const typed = typedLine(call, commands, lang);
          expect([typed, parse(typed, commands, context.clock, lang)]).toEqual([typed, parsed]);
        }
      }
    }
  });

  it('offers what was meant for a line with a typo, and the offer works', async () => {
    const { message } = await test.ask('今日外忽', { as: 'sample-lead' });
    const actions = message.blocks.find((block) => block.type === 'actions');
    const first = actions?.type === 'actions' ? actions.buttons[0] : undefined;
    expect(first?.label).toBe('今日外呼');
    if (first) expect((await test.ask(first.call, { as: 'sample-lead' })).outcome).toBe('done');
  });

  it('has several drivers of one name, as buttons to choose from', async () => {
    const { message, outcome } = await test.ask('司机 张三 趋势', { as: 'sample-lead' });
    expect(outcome).toBe('wrong');
    const actions = message.blocks.find((block) => block.type === 'actions');
    expect(actions?.type === 'actions' && actions.buttons.length).toBe(2);
  });

  it('does not remember what a guest may not know', async () => {
    const guest = {
      personId: null,
      name: '',
      role: 'guest' as const,
      lang: 'zh' as const,
      subjects: [],
      from: 'console:x',
    };
    const answer = await test.app.answer({ asker: guest, text: '今日外呼' });
    expect(answer.outcome).toBe('forbidden');
    expect(JSON.stringify(answer.message)).not.toMatch(/\d+ 通/);
  });

  it('says how the outbox stands to administrators alone', async () => {
    expect((await test.ask('发送状态', { as: 'sample-lead' })).outcome).toBe('forbidden');
    const { message, outcome } = await test.ask('outbox', { as: 'sample-admin' });
    expect(outcome).toBe('done');
    const waiting = await test.app.context.db.letter.count({ where: { state: 'queued' } });
    expect(waiting).toBeGreaterThan(0);
    expect(message.title).toContain(`${waiting} wait`);
  });

  it('is filled up to now without changing what was there, and removed without a trace', async () => {
    const { db } = test.app.context;
    const count = async () => ({
      deliveries: await db.delivery.count(),
      calls: await db.callRecord.count(),
      contracts: await db.contract.count(),
    });
    const before = await count();
    expect(before.deliveries * before.calls * before.contracts).toBeGreaterThan(0);
    await test.run('sample.refresh');
    expect(await count()).toEqual(before);
    test.clock.advance(2 * 3_600_000);
    await test.run('sample.refresh');
    const after = await count();
    expect(after.calls).toBeGreaterThan(before.calls);
    expect(after.deliveries).toBeGreaterThan(before.deliveries);

    await test.app.sample.remove();
    expect(await count()).toEqual({ deliveries: 0, calls: 0, contracts: 0 });
    for (const left of [
      db.person,
      db.driver,
      db.letter,
      db.ledgerEntry,
      db.settlement,
      db.campaignState,
      db.consoleMessage,
      db.feedState,
    ]) {
      expect(await (left as typeof db.person).count()).toBe(0);
    }
    expect(await test.app.sample.open('auto', false)).toBe(false);
  });
});
