import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jobs } from '../jobs/index.ts';
import { createProgram } from '../src/cli/program.ts';
import { readConfig } from '../src/config.ts';
import { type TestApp, testApp } from './app.ts';
import { CHANNELS, PROVIDERS } from './sla.ts';

const RULES = `
notice: [{ after: 0m, tell: [group] }]
appeals: { daily: "12:00", weekly: "24:00" }
ranking: { channel: leads }
calendars:
  working: { days: workdays, hours: ["09:00-12:00", "13:00-18:00"] }
levels:
  - name: contact
    title: 首次联系
    orders: { type: [防水] }
    start: [已派单]
    stop: [已联系, 已取消]
    pause: [客户要求延后]
    target: 4h
    calendar: working
    warn: [{ before: 30m, tell: [owner] }]
    breach:
      - { after: 0m, tell: [group] }
      - { after: 1h, tell: [lead] }
`;

describe('fieldbell sla check', () => {
  const check = async (...args: string[]) => {
    const written = { out: '', err: '' };
    const spies = (['out', 'err'] as const).map((name) =>
      vi.spyOn(process[`std${name}`], 'write').mockImplementation((text) => {
        written[name] += String(text);
        return true;
      }),
    );
    try {
      await createProgram(() => readConfig({})).parseAsync(['node', 'fieldbell', 'sla', 'check', ...args]);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    return written;
  };
  const file = ['--orders', 'test/fixtures/orders/incidents.csv'];
  const incidents = ['--level', 'docs/service-levels/incident-log.yaml'];

  it('judges a file of state changes, and holds its own verdicts against ours', async () => {
    const { out, err } = await check(...file, ...incidents, '--expect', 'made_sla');
    expect(err).toBe('line 13: 创建时间看不懂：soon (the opening time is unreadable)\n');
    expect(out).toContain('rows 12  rejected 1  orders 4  judged 4');
    expect(out).toMatch(/moderate-and-low +orders 2 +met 1 +late 1/);
    expect(out).toMatch(/critical +orders 1 +met 1/);
    expect(out).toContain('made_sla  agree 3 of 4 (75.0 %)');
    expect(out).toContain('INC4  theirs missed, ours met  high  started 2016-03-01 11:00, stopped 2016-03-01 11:20');
  });

  it('takes files whose columns have other names, and says which there are', async () => {
    const own = join(tmpdir(), `fieldbell-orders-${process.pid}.csv`);
    await writeFile(
      own,
      '\ufeffTicket;Begun;Until;Now;Since\nA1;2025-10-17 09:00;2025-10-17 12:00;Closed;2025-10-17 12:01\n',
    );
    const map = ['id=Ticket', 'openedAt=Begun', 'dueAt=Until', 'state=Now', 'stateAt=Since'];
    const due = ['--level', 'docs/service-levels/due-dates.yaml', '--json'];
    const { out } = await check('--orders', own, ...due, '--map', ...map);
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ order: 'A1', outcome: 'breached', level: 'due' });
    await expect(check('--orders', own, ...due, '--map', 'id=Number')).rejects.toThrow(
      'no such columns): Number; 有 (there are): Ticket, Begun, Until, Now, Since',
    );
    await rm(own);
    await expect(check(...file, '--level', 'nothing')).rejects.toThrow('no level nothing; there are: first-contact');
  });
});

describe('computed service levels', () => {
  let test: TestApp;
  let rules: string;
  const order = (n: number, state: string, stateAt: string, more: Record<string, unknown> = {}) => ({
    工单号: `GD${n}`,
    创建时间: '2025-10-17 08:30',
    工单类型: '防水',
    服务商: '甲服务',
    管家: '李师傅',
    管家ID: 'hk1',
    状态: state,
    状态时间: stateAt,
    ...more,
  });
  const take = async (...rows: Record<string, unknown>[]) => {
    const feed = test.app.feeds.find(({ name }) => name === 'sla.orders');
    if (!feed) throw new Error('no feed of orders');
    const read = rows.map((values, at) => feed.read({ line: at + 1, values }, test.app.context));
    return feed.save(test.app.context, read, {});
  };
  const at = (time: string) => test.clock.set(`2025-10-${time.replace(' ', 'T')}:00+08:00`);
  const watch = async (time: string) => {
    at(time);
    return (await test.run('sla.watch')).counts;
  };
  const letters = () => test.app.context.db.letter.findMany({ orderBy: { seq: 'asc' } });

  beforeEach(async () => {
    rules = await mkdtemp(join(tmpdir(), 'fieldbell-rules-'));
    await mkdir(join(rules, 'sample'));
    await copyFile('rules/sample/providers.yaml', join(rules, 'sample/providers.yaml'));
    await writeFile(join(rules, 'providers.yaml'), PROVIDERS);
    await writeFile(join(rules, 'channels.yaml'), CHANNELS);
    await writeFile(join(rules, 'sla.yaml'), RULES);
    test = await testApp({ at: '2025-10-17T10:00:00+08:00', settings: { FIELDBELL_RULES: rules } });
  });
  afterEach(async () => {
    await test.close();
    await rm(rules, { recursive: true, force: true });
  });

  it('warn the person before, tell the group at the breach, the lead an hour later; each once', async () => {
    await take(order(1, '已派单', '2025-10-17 10:00'), order(2, '已派单', '2025-10-17 10:00', { 工单类型: '保洁' }));
    expect(await watch('17 14:29')).toMatchObject({ read: 2, said: 0 });
    expect(await watch('17 14:30')).toMatchObject({ warned: 1, said: 1 });
    expect(await watch('17 14:31')).toMatchObject({ warned: 0, said: 0 });
    const [warning] = await letters();
    expect(warning).toMatchObject({ to: 'housekeeper:hk1', expires: new Date('2025-10-17T15:00:00+08:00') });
    expect(warning?.message).toContain('30 分钟');
    expect(await watch('17 15:01')).toMatchObject({ breached: 1, said: 1 });
    expect(await watch('17 15:02')).toMatchObject({ breached: 0, said: 0 });
    at('17 16:02');
    await test.run('alerts.escalate');
    expect((await letters()).map(({ to }) => to)).toEqual(['housekeeper:hk1', 'channel:jia', 'channel:leads']);
    // It counts as a violation of its day.
    await watch('18 09:00');
    expect((await test.run('sla.daily')).counts).toMatchObject({ said: 0 });
    expect(await test.say('超时')).toContain('首次联系超时');
  });

  it('taken, they are quiet; done, whoever was told hears of it', async () => {
    await test.app.people.add({ id: 'wang', name: '王师傅', role: 'lead' });
    await take(order(1, '已派单', '2025-10-17 10:00'));
    await watch('17 15:01');
    expect(await test.say('认领 GD1', { as: 'wang' })).toContain('王师傅');
    at('17 17:00');
    expect((await test.run('alerts.escalate')).counts).toMatchObject({ said: 0 });
    await take(order(1, '已联系', '2025-10-17 17:05'));
    expect(await watch('17 17:06')).toMatchObject({ read: 1, over: 1 });
    expect((await letters()).at(-1)?.message).toContain('超时完成');
    expect(await watch('17 17:07')).toMatchObject({ read: 0 });
  });

  it('a pause moves the end, and there is a warning of the new one', async () => {
    await take(order(1, '已派单', '2025-10-17 10:00'));
    await watch('17 14:40');
    await take(order(1, '客户要求延后', '2025-10-17 14:45'));
    expect(await watch('17 16:00')).toMatchObject({ said: 0, breached: 0 });
    await take(order(1, '已派单', '2025-10-20 09:00'));
    expect(await watch('20 09:01')).toMatchObject({ warned: 1, said: 1 });
    expect(await watch('20 09:16')).toMatchObject({ breached: 1 });
  });

  it('a pause that is told late takes the breach back', async () => {
    await take(order(1, '已派单', '2025-10-17 10:00'));
    await watch('17 15:01');
    await take(order(1, '客户要求延后', '2025-10-17 11:00'));
    await watch('17 15:10');
    expect((await letters()).at(-1)?.message).toContain('更正');
    at('18 09:00');
    await test.run('sla.watch');
    expect(await test.say('超时')).toContain('违规 0 条');
  });

  it('what was late long before it was read wakes nobody, and is counted', async () => {
    await take(order(1, '已派单', '2025-10-13 10:00', { 创建时间: '2025-10-13 09:00' }));
    expect(await watch('17 10:00')).toMatchObject({ breached: 1, skipped: 1, said: 0 });
    expect(await letters()).toEqual([]);
    expect(await test.app.context.db.violation.findMany()).toMatchObject([{ day: '2025-10-13', source: 'rules' }]);
  });

  it('that are new judge the orders that are over as well, from their day on, and wake nobody', async () => {
    const late = (n: number, day: string) => [
      order(n, '已派单', `${day} 10:00`, { 创建时间: `${day} 09:00` }),
      order(n, '已联系', `${day} 17:00`, { 创建时间: `${day} 09:00` }),
    ];
    await take(...late(1, '2025-10-13'), ...late(2, '2025-10-15'));
    expect(await watch('17 10:00')).toMatchObject({ read: 2, breached: 2, over: 2 });
    expect(await watch('17 10:01')).toMatchObject({ read: 0 });
    const quick = RULES.slice(RULES.indexOf('  - name: contact'))
      .replace('name: contact', 'name: quick\n    from: 2025-10-14')
      .replace('首次联系', '{ zh: 快速联系, en: Quick contact }')
      .replace('target: 4h', 'target: 1h');
    await writeFile(join(rules, 'sla.yaml'), RULES + quick);
    expect(await watch('17 10:02')).toMatchObject({ read: 2, breached: 1, skipped: 1, over: 2, said: 0 });
    expect(await watch('17 10:03')).toMatchObject({ read: 0 });
    const violations = await test.app.context.db.violation.findMany({ orderBy: [{ day: 'asc' }, { kind: 'asc' }] });
    expect(violations.map(({ day, kind }) => `${day} ${kind}`)).toEqual([
      '2025-10-13 首次联系超时',
      '2025-10-15 快速联系超时',
      '2025-10-15 首次联系超时',
    ]);
    // The days on which orders came or changed are known; others are not.
    expect(await test.say('超时 2025-10-15')).toContain('违规 2 条');
    expect(await test.say('超时 2025-10-14')).toContain('没有违规数据');
    expect(await letters()).toEqual([]);
  });

  it('every job of notices counts what was read, new, said and skipped', async () => {
    const names = jobs.map(({ name }) => name).filter((name) => /^(sla|field)\./.test(name));
    expect(names.length).toBeGreaterThan(9);
    await copyFile('rules/field.yaml', join(rules, 'field.yaml'));
    for (const name of names) {
      const { state, counts } = await test.run(name);
      expect([name, state]).toEqual([name, 'done']);
      expect(Object.keys(counts ?? {})).toEqual(expect.arrayContaining(['read', 'new', 'said', 'skipped']));
    }
  });

  it('of today are shown when they are asked for', async () => {
    await take(order(1, '已派单', '2025-10-17 09:00'));
    expect(await watch('17 14:01')).toMatchObject({ breached: 1 });
    const today = await test.say('超时 今天');
    expect(today).toContain('GD1');
    expect(today).toContain('不完整');
    expect(today).not.toContain('没有数据');
    // It can be taken there, and who has it is seen.
    expect(today).toContain('1 条无人认领');
    await test.app.people.add({ id: 'wang', name: '王师傅', role: 'lead' });
    await test.say('认领 GD1', { as: 'wang' });
    expect(await test.say('超时 今天')).toContain('王师傅 已认领');
    // An appeal that is granted ends the reminders too.
    await test.say('违规申诉 GD1 客户要求改期', { as: 'wang' });
    expect(await test.say('申诉通过 1', { as: 'wang' })).toContain('已通过');
    expect(await test.say('提醒列表')).toContain('没有未解决的提醒');
    expect(await watch('17 14:05')).toMatchObject({ breached: 0 });
    expect(await test.say('超时 今天')).toContain('没有违规数据');
  });

  it('a row without a time for its state is dated by when it was seen', async () => {
    await take(order(1, '已派单', ''));
    at('17 12:00');
    await take(order(1, '已联系', ''), order(1, '已联系', ''));
    const states = await test.app.context.db.orderState.findMany({ orderBy: { at: 'asc' } });
    expect(states.map(({ state, at: when }) => [state, when.toISOString()])).toEqual([
      ['已派单', '2025-10-17T00:30:00.000Z'],
      ['已联系', '2025-10-17T04:00:00.000Z'],
    ]);
  });

  it('mistakes in the rules name file and line', async () => {
    await writeFile(
      join(rules, 'sla.yaml'),
      RULES.replace('calendar: working', 'calendar: never').replace('[已联系, 已取消]', '[客户要求延后]'),
    );
    const { error } = await test.run('sla.watch');
    expect(error).toContain('rules/sla.yaml:15 no calendar never');
    expect(error).toContain('客户要求延后 pauses and stops');
  });
});
