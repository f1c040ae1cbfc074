import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverForeseen, planMorning } from '../src/domains/sla/morning.bench.ts';
import { type TestApp, testApp } from './app.ts';
import { type EmulatedCard, type MetabaseEmulator, startMetabaseEmulator } from './emulators/metabase.ts';
import { startWecomRobotEmulator, type WecomRobotEmulator } from './emulators/wecom-robot.ts';
import { CHANNELS, PROVIDERS, VIOLATION_COLUMNS, violation } from './sla.ts';

describe('violations of service levels', () => {
  let test: TestApp;
  let metabase: MetabaseEmulator;
  let rules: string;
  const cards: Record<number, EmulatedCard> = {};
  const show = (rows: EmulatedCard['rows']) => {
    cards[1514] = { columns: VIOLATION_COLUMNS, rows };
  };
  const letters = (to?: string) =>
    test.app.context.db.letter.findMany({ where: to ? { to } : {}, orderBy: { seq: 'asc' } });
  const texts = async (to?: string) => (await letters(to)).map(({ message }) => message);
  const days = () => test.app.context.db.violationDay.findMany({ orderBy: { day: 'asc' } });

  beforeEach(async () => {
    rules = await mkdtemp(join(tmpdir(), 'fieldbell-rules-'));
    await mkdir(join(rules, 'sample'));
    for (const file of ['sla.yaml', 'metabase.yaml', 'sample/providers.yaml']) {
      await copyFile(join('rules', file), join(rules, file));
    }
    await writeFile(join(rules, 'providers.yaml'), PROVIDERS);
    await writeFile(join(rules, 'channels.yaml'), CHANNELS);
    show([violation(1), violation(2)]);
    metabase = await startMetabaseEmulator({ cards, apiKey: 'mb_key' });
    test = await testApp({
      at: '2025-10-17T09:00:00+08:00',
      settings: { METABASE_URL: metabase.url, METABASE_API_KEY: 'mb_key', FIELDBELL_RULES: rules },
    });
  });
  afterEach(async () => {
    await test.close();
    await metabase.close();
    await rm(rules, { recursive: true, force: true });
  });

  it('are told one by one to the provider’s group, with the facts, once', async () => {
    show([violation(1), violation(2), violation(2)]);
    expect((await test.run('sla.daily')).counts).toMatchObject({ read: 3, added: 2, repeated: 1, new: 2, said: 2 });
    const [told] = await texts('channel:jia');
    for (const fact of [
      'GD2',
      '2025-10-16 09:30',
      '李师傅',
      '首次联系超时',
      '4 小时未联系',
      '10-16 周四',
      '10-20 周一 12:00',
    ]) {
      expect(told).toContain(fact);
    }
    expect(await texts('channel:providers')).toHaveLength(1);
    test.clock.set('2025-10-17T10:00:00+08:00');
    show([violation(2), violation(1), violation(3, { orgName: '甲服务' })]);
    expect((await test.run('sla.daily')).counts).toMatchObject({ read: 3, added: 1, said: 1 });
    expect(await letters()).toHaveLength(3);
  });

  it('are repeated and escalated until somebody takes them, and everybody sees who', async () => {
    await test.app.people.add({ id: 'wang', name: '王师傅', role: 'lead' });
    await test.run('sla.daily');
    expect(await test.say('超时')).toContain('2 条无人认领');
    expect(await test.say('认领 GD2', { as: 'wang' })).toContain('王师傅');
    test.clock.set('2025-10-17T13:01:00+08:00');
    expect((await test.run('alerts.escalate')).counts).toMatchObject({ said: 1 });
    test.clock.set('2025-10-18T09:01:00+08:00');
    await test.run('alerts.escalate');
    const leads = await texts('channel:leads');
    expect(leads).toHaveLength(1);
    expect(leads[0]).toContain('GD1');
    expect(await test.say('超时')).toContain('王师傅 已认领');
  });

  it('that nobody took are one reminder a destination, by provider; in English where a group is', async () => {
    show([
      ...[2, 4, 6, 8, 10, 12].map((n) => violation(n)),
      violation(1),
      ...[21, 23].map((n) => violation(n, { orgName: '丁服务' })),
    ]);
    expect((await test.run('sla.daily')).counts).toMatchObject({ said: 9 });
    expect((await texts('channel:ding'))[0]).toContain('Violation: order GD21');
    expect((await texts('channel:ding'))[0]).toContain('may be appealed until 10-20 Mon 12:00');
    expect((await texts('channel:ding'))[0]).toContain("I'll take it");
    test.clock.set('2025-10-17T13:01:00+08:00');
    expect((await test.run('alerts.escalate')).counts).toEqual({ due: 9, said: 3 });
    const [jia, ding] = [(await texts('channel:jia')).at(-1), (await texts('channel:ding')).at(-1)];
    expect(jia).toContain('6 条超时 4 小时无人认领');
    expect(jia).toContain('甲服务：6 条（GD10、GD12、GD2、GD4、GD6 等）');
    expect(ding).toContain('2 overdue, taken by nobody for 4 h');
    // One that is taken is not in the next one.
    await test.app.people.add({ id: 'wang', name: '王师傅', role: 'lead' });
    await test.say('认领 GD4', { as: 'wang' });
    test.clock.set('2025-10-18T09:00:00+08:00');
    expect((await test.run('alerts.escalate')).counts).toMatchObject({ said: 2 });
    const leads = await texts('channel:leads');
    expect(leads).toHaveLength(1);
    expect(leads[0]).toContain('6 条超时 1 天无人认领');
    expect(leads[0]).toContain('北京 · 甲服务：5 条（GD10、GD12、GD2、GD6、GD8）');
    expect(leads[0]).toContain('2. 北京 · 乙服务：1 条（GD1）');
    expect((await texts('channel:english-leads'))[0]).toContain('2 overdue, taken by nobody for 1 d');
    expect((await test.run('alerts.escalate')).counts).toEqual({ due: 0, said: 0 });
  });

  it('stay with their business date over midnight, month and year', async () => {
    for (const [at, day] of [
      ['2025-10-17T00:01:00+08:00', '2025-10-16'],
      ['2025-11-01T09:00:00+08:00', '2025-10-31'],
      ['2026-01-01T12:00:00+08:00', '2025-12-31'],
    ] as const) {
      test.clock.set(at);
      await test.run('sla.daily');
      expect((await days()).at(-1)?.day).toBe(day);
    }
  });

  it('leave what was known alone where the source answers empty, shrunken or wrongly; somebody is told once', async () => {
    show(Array.from({ length: 10 }, (_, n) => violation(n)));
    await test.run('sla.daily');
    for (const rows of [[], [violation(1)], [violation(1)]]) {
      show(rows);
      const run = await test.run('sla.daily');
      expect(run).toMatchObject({ state: 'failed' });
      expect(run.error).toContain('nothing was changed');
    }
    cards[1514] = { columns: [{ name: 'other' }], rows: [{ other: 'x' }, { other: 'y' }] };
    expect((await test.run('sla.daily')).error).toMatch(/none of its 2 rows can be read.*aliases/);
    metabase.misbehave({ kind: 'http', status: 400 });
    expect((await test.run('sla.daily')).state).toBe('failed');
    expect(await test.app.context.db.violation.count({ where: { withdrawnAt: null } })).toBe(10);
    expect(await letters('channel:admins')).toHaveLength(1);
    expect(await letters()).toHaveLength(11);
  });

  it('that the source no longer holds are withdrawn, and whoever was told hears of it', async () => {
    show([violation(1), violation(2), violation(3)]);
    await test.run('sla.daily');
    show([violation(1), violation(3), violation(4, { orgName: undefined })]);
    expect((await test.run('sla.daily')).counts).toMatchObject({ rejected: 1, withdrawn: 0 });
    show([violation(1), violation(3)]);
    expect((await test.run('sla.daily')).counts).toMatchObject({ withdrawn: 1 });
    expect((await texts('channel:jia')).at(-1)).toContain('已撤销');
    expect(await test.say('超时')).not.toContain('GD2 ');
  });

  it('an evening without data is not a day without violations', async () => {
    expect(await test.say('超时')).toContain('还没有违规数据');
    await test.run('sla.daily');
    expect(await test.say('超时 2025-10-10')).toContain('不等于零违规');
    const week = await test.say('超时 近7天');
    expect(week).toContain('没有数据：10-10 周五');
    expect(week).toContain('不完整');
    expect(await test.say('超时 丁')).toContain('没有叫「丁」的服务商');
    expect(await test.say('超时 甲')).toContain('甲服务');
    expect(await test.say('sla yesterday')).toContain('GD1');
  });

  it('of a week go to each provider on Monday; praise to all others, own group or not', async () => {
    for (let day = 14; day <= 20; day++) {
      test.clock.set(`2025-10-${day}T09:00:00+08:00`);
      show([violation(day * 10 + 1)]);
      await test.run('sla.daily');
    }
    test.clock.set('2025-10-20T09:30:00+08:00');
    const before = (await letters()).length;
    expect((await test.run('sla.weekly')).counts).toEqual({ read: 7, new: 4, said: 4, praised: 3, skipped: 0 });
    const said = (await letters()).slice(before);
    const report = said.find(({ key }) => key.endsWith('乙服务'));
    expect(report?.to).toBe('channel:providers');
    for (const fact of ['2025-10-13 至 2025-10-19', '7. GD201 · 李师傅', '10-20 周一 24:00']) {
      expect(report?.message).toContain(fact);
    }
    expect(said.filter(({ message }) => message.includes('零违规')).map(({ to }) => to)).toEqual([
      'channel:jia',
      'channel:providers',
    ]);
    expect((await texts('channel:ding')).at(-1)).toContain('not a single violation last week');
    // A run that was missed on Monday is for the same week, and once.
    test.clock.set('2025-10-21T08:00:00+08:00');
    expect((await test.run('sla.weekly')).counts).toMatchObject({ said: 0 });
    expect((await test.run('sla.ranking')).counts).toMatchObject({ said: 1 });
    expect((await texts('channel:service-leads')).at(-1)).toContain('乙服务 7 条');
    expect(await test.say('超时排行 上周')).toContain('共 7 条');
  });

  it('of a week with a day missing praise nobody and say so', async () => {
    await test.run('sla.daily');
    test.clock.set('2025-10-20T09:30:00+08:00');
    expect((await test.run('sla.weekly')).counts).toMatchObject({ said: 2, praised: 0, skipped: 2 });
    expect((await texts()).at(-1)).toContain('数据缺失');
  });

  it('may be appealed until the stated deadline; accepted, it is withdrawn and stays so', async () => {
    await test.app.people.add({ id: 'li', name: '李师傅', role: 'staff' });
    await test.app.people.add({ id: 'wang', name: '王师傅', role: 'lead' });
    await test.run('sla.daily');
    expect(await test.say('违规申诉 GD2 客户要求改期', { as: 'li' })).toContain('已收到');
    expect(await test.say('违规申诉 GD2 再说一次', { as: 'li' })).toContain('已由 李师傅 申诉过：待处理');
    expect(await test.say('违规申诉 GD9 没有这单', { as: 'li' })).toContain('近期没有违规');
    expect((await texts('channel:leads'))[0]).toContain('客户要求改期');
    expect(await test.say('申诉列表')).toContain('GD2');
    expect(await test.say('申诉通过 1', { as: 'li' })).not.toContain('已通过');
    expect(await test.say('申诉通过 1', { as: 'wang' })).toContain('王师傅 已通过');
    expect(await test.say('申诉驳回 1', { as: 'wang' })).toContain('王师傅 已通过');
    expect((await texts('channel:jia')).at(-1)).toContain('申诉通过');
    await test.run('sla.daily');
    expect(await test.say('超时')).toContain('违规 1 条');
    test.clock.set('2025-10-20T23:59:00+08:00');
    expect(await test.say('违规申诉 GD1 晚了一点', { as: 'li' })).toContain('已收到');
    await test.say('申诉驳回 2', { as: 'wang' });
    test.clock.set('2025-10-21T00:00:00+08:00');
    expect(await test.say('违规申诉 GD1 太晚了', { as: 'li' })).toContain('已过申诉截止时间（2025-10-21 00:00）');
  });

  it('a dry run says what would be said to whom, and changes nothing', async () => {
    const dry = await test.app.dryRun('sla.daily');
    expect(dry.outcome).toMatchObject({ state: 'done', counts: { read: 2, said: 2 } });
    expect(dry.letters.map(({ recipient }) => recipient).toSorted()).toEqual(['服务商群', '甲的群']);
    expect(dry.letters[0]?.text).toContain('违规提醒');
    expect(await letters()).toEqual([]);
    expect(await days()).toEqual([]);
    await expect(test.app.dryRun('sla.never')).rejects.toThrow('There is no job');
  });

  it('mistakes in the rules name file and line', async () => {
    await writeFile(join(rules, 'sla.yaml'), 'notice: [{ after: 1x, tell: [group] }]\n');
    expect((await test.run('sla.daily')).error).toContain('rules/sla.yaml');
  });
});

describe('a Monday morning', () => {
  let test: TestApp;
  let robots: WecomRobotEmulator;
  let rules: string;

  beforeEach(async () => {
    rules = await mkdtemp(join(tmpdir(), 'fieldbell-rules-'));
    await mkdir(join(rules, 'sample'));
    for (const file of ['sla.yaml', 'sample/providers.yaml']) await copyFile(join('rules', file), join(rules, file));
    const keys = ['own', 'providers', 'service-leads'];
    const channels = keys.map((key) => `  - { name: ${key}, address: "wecom-robot:${key}" }\n`).join('');
    await writeFile(join(rules, 'channels.yaml'), `channels:\n${channels}`);
    await writeFile(
      join(rules, 'providers.yaml'),
      'fallback: { channel: providers, lead: service-leads }\nproviders: [{ name: 服务商0, channel: own }]\n',
    );
    let clock: TestApp['clock'] | undefined;
    robots = await startWecomRobotEmulator({ keys, clock: { now: () => clock?.now() ?? new Date() } });
    test = await testApp({
      at: '2025-10-20T09:00:00+08:00',
      settings: { FIELDBELL_RULES: rules, WECOM_API_BASE: robots.url },
    });
    clock = test.clock;
  });
  afterEach(async () => {
    await test.close();
    await robots.close();
    await rm(rules, { recursive: true, force: true });
  });

  it('the outbox foresees when a morning is delivered, by robots that take 20 a minute', async () => {
    // 72: the last round of a robot is nearly empty, so a forecast that is a fifth too short is seen.
    const planned = await planMorning(test.app.context, { providers: 10, violations: 72 });
    expect(planned).toMatchObject({ notices: 72, reports: 10, rankings: 1 });
    const { letters, etaMinutes, tookMinutes, off } = await deliverForeseen(test.app.dispatcher, test.clock, 5_000);
    expect(letters).toBe(83);
    expect(etaMinutes).toBeGreaterThan(1);
    expect(off, `${etaMinutes} min foreseen, ${tookMinutes} taken`).toBeLessThan(0.1);
    // Nothing was lost, and nothing said twice.
    const seen = [...robots.received('own'), ...robots.received('providers')].map(({ body }) => JSON.stringify(body));
    expect(seen.filter((text) => text.includes('违规提醒'))).toHaveLength(72);
    expect(new Set(seen).size).toBe(seen.length);
  });
});
