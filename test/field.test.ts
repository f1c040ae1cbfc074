import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Message } from '../src/core/message.ts';
import { plainText } from '../src/render/plain.ts';
import { type TestApp, testApp } from './app.ts';
import { type EmulatedCard, type MetabaseEmulator, startMetabaseEmulator } from './emulators/metabase.ts';
import { CHANNELS, PROVIDERS, VIOLATION_COLUMNS, violation } from './sla.ts';

const columns = (...names: string[]) => names.map((name) => ({ name }));

describe('field notices', () => {
  let test: TestApp;
  let metabase: MetabaseEmulator;
  let rules: string;
  const cards: Record<number, EmulatedCard> = {};
  const letters = () => test.app.context.db.letter.findMany({ orderBy: { seq: 'asc' } });
  const at = (time: string) => test.clock.set(`2025-10-${time.replace(' ', 'T')}:00+08:00`);

  const waiting = (n: number, createTime: string, more: Record<string, unknown> = {}) => ({
    工单号: `GD20251017${String(n).padStart(3, '0')}`,
    客户: '王女士',
    地址: '示例路 12 号',
    负责人: '李师傅',
    createTime,
    orgName: '甲服务',
    orderstatus: '待预约',
    ...more,
  });
  const showWaiting = (...rows: EmulatedCard['rows']) => {
    cards[1712] = {
      columns: columns('工单号', '客户', '地址', '负责人', 'createTime', 'orgName', 'orderstatus'),
      rows,
    };
  };

  beforeEach(async () => {
    rules = await mkdtemp(join(tmpdir(), 'fieldbell-rules-'));
    await mkdir(join(rules, 'sample'));
    for (const file of ['sla.yaml', 'field.yaml', 'metabase.yaml', 'sample/providers.yaml']) {
      await copyFile(join('rules', file), join(rules, file));
    }
    await writeFile(join(rules, 'providers.yaml'), PROVIDERS);
    await writeFile(join(rules, 'channels.yaml'), CHANNELS);
    metabase = await startMetabaseEmulator({ cards, apiKey: 'mb_key' });
    test = await testApp({
      at: '2025-10-17T08:30:00+08:00',
      settings: { METABASE_URL: metabase.url, METABASE_API_KEY: 'mb_key', FIELDBELL_RULES: rules },
    });
  });
  afterEach(async () => {
    await test.close();
    await metabase.close();
    await rm(rules, { recursive: true, force: true });
  });

  it('a digest a day of the orders that wait, with number, person and days, while they wait', async () => {
    showWaiting(
      waiting(1, '2025-10-12T09:30:00+08:00'),
      waiting(2, '2025-10-15T08:30:01+08:00'),
      waiting(3, '2025-10-15T08:30:00+08:00'),
      waiting(4, '2025-10-16T20:00:00+08:00', { orderstatus: '待联系', orgName: '乙服务' }),
    );
    expect((await test.run('field.pending')).counts).toMatchObject({ read: 4, new: 4, said: 2, skipped: 1 });
    const [jia, yi] = await letters();
    expect(jia?.to).toBe('channel:jia');
    expect(jia?.message).toContain('2 张工单');
    for (const fact of ['17001 · 王女士 · 示例路 12 号 · 李师傅', '10-12 09:30 创建，已等 4 天 · 待预约', '17003']) {
      expect(jia?.message).toContain(fact);
    }
    expect(jia?.message).not.toContain('17002');
    expect(yi).toMatchObject({ to: 'channel:providers' });
    expect((await test.run('field.pending')).counts).toMatchObject({ read: 4, said: 0 });
    at('18 08:30');
    showWaiting(waiting(1, '2025-10-12T09:30:00+08:00'), waiting(2, '2025-10-15T08:30:01+08:00'));
    expect((await test.run('field.pending')).counts).toMatchObject({ said: 1, deactivated: 2 });
    expect((await letters()).at(-1)?.message).toContain('已等 5 天');
    expect(await test.say('待预约')).toContain('待预约 2 单，最久已等 5 天');
    expect(await test.say('待预约 乙')).toContain('没有待预约的工单');
    expect(await test.say('pending orders')).toContain('17001');
  });

  it('an answer that is empty or cannot be read reminds nobody and loses nothing', async () => {
    showWaiting(...Array.from({ length: 6 }, (_, n) => waiting(n, '2025-10-12T09:30:00+08:00')));
    await test.run('field.pending');
    at('18 08:30');
    showWaiting();
    expect(await test.run('field.pending')).toMatchObject({ state: 'failed' });
    expect((await letters()).map(({ to }) => to)).toEqual(['channel:jia', 'channel:admins']);
    showWaiting(waiting(0, '2025-10-12T09:30:00+08:00'), ...[1, 2, 3, 4].map((n) => waiting(n, 'soon')));
    expect(await test.run('field.pending')).toMatchObject({ state: 'failed' });
    expect(await test.say('待预约')).toContain('待预约 6 单');
  });

  it('technicians on-line and off-line go to their company’s group, once', async () => {
    cards[719] = {
      columns: columns('id', 'time', '技师', '公司', 'content'),
      rows: [
        { id: 1, time: '2025-10-17T08:00:59+08:00', 技师: '赵师傅', 公司: '甲服务', content: '["上线"]' },
        { id: 2, time: '2025-10-15T08:00:00+08:00', 技师: '钱师傅', 公司: '甲服务', content: '下线' },
        { id: 3, time: 'now', 技师: '孙师傅', 公司: '甲服务', content: '下线' },
      ],
    };
    expect((await test.run('field.technicians')).counts).toMatchObject({ read: 3, rejected: 1, said: 1 });
    expect((await test.run('field.technicians')).counts).toMatchObject({ said: 0 });
    const [letter] = await letters();
    expect(letter?.to).toBe('channel:jia');
    expect(letter?.message).toContain('师傅状态：赵师傅 上线');
    expect(letter?.message).toContain('2025-10-17 08:00 · 甲服务');
  });

  it('housekeepers who went off-line within the hour are told to the second, once', async () => {
    const row = (createTime: string, more = {}) => ({
      createUserName: '张姐',
      动作: '下线、休假',
      createTime,
      ...more,
    });
    cards[2085] = {
      columns: columns('createUserName', '动作', 'createTime'),
      rows: [
        row('2025-10-17T08:20:07+08:00'),
        row('2025-10-17T08:20:07+08:00'),
        row('2025-10-17T07:29:59+08:00'),
        row('2025-10-17T08:40:00+08:00'),
      ],
    };
    expect((await test.run('field.offline')).counts).toMatchObject({ read: 4, said: 1 });
    expect((await test.run('field.offline')).counts).toMatchObject({ said: 0 });
    const [letter] = await letters();
    expect(letter?.message).toContain('张姐 下线、休假');
    expect(letter?.message).toContain('2025-10-17 08:20:07');
  });

  it('overdue first contacts are listed, the longest first', async () => {
    cards[980] = {
      columns: columns('orderNum', 'supervisorName', 'assignTime'),
      rows: [
        { orderNum: 'GD1', supervisorName: '李师傅', assignTime: '2025-10-17T05:00:00+08:00' },
        { orderNum: 'GD2', supervisorName: '张姐', assignTime: '2025-10-15T05:30:00+08:00' },
      ],
    };
    expect((await test.run('field.contacts')).counts).toMatchObject({ read: 2, said: 1 });
    const [letter] = await letters();
    expect(letter?.message).toContain('联系超时 2 单，最久已过 2 天 3 小时');
    expect(letter?.message.indexOf('GD2')).toBeLessThan(letter?.message.indexOf('GD1') ?? 0);
  });

  it('the daily report is by city and provider, against the week before, and says what it does not know', async () => {
    const orders = test.app.feeds.find(({ name }) => name === 'sla.orders');
    const known = { 状态: '已派单', 状态时间: '2025-10-16 10:00', 创建时间: '2025-10-16 09:00' };
    const rows = [
      { ...known, 工单号: 'GD20251017001', 城市: '310000', 服务商: '甲服务' },
      { ...known, 工单号: 'GD7', 城市: '110000', 服务商: '甲服务' },
    ].map((values) => orders?.read({ line: 1, values }, test.app.context));
    await orders?.save(test.app.context, rows, {});
    for (const [time, count, waits] of [
      ['10 09:00', 3, 1],
      ['17 08:30', 1, 3],
    ] as const) {
      at(time);
      cards[1514] = {
        columns: VIOLATION_COLUMNS,
        rows: Array.from({ length: count }, (_, n) => violation(n * 2, n === 0 ? {} : { province: '310000' })),
      };
      showWaiting(...Array.from({ length: waits }, (_, n) => waiting(n, '2025-10-08T09:30:00+08:00')));
      await test.run('sla.daily');
      await test.run('field.pending');
    }
    at('18 09:15');
    expect((await test.run('field.report')).counts, 'Friday is not known yet').toMatchObject({ said: 0 });
    at('17 09:15');
    expect((await test.run('field.report')).counts).toMatchObject({ said: 1 });
    const report = (await letters()).at(-1);
    expect(report?.key).toBe('field/report/2025-10-16');
    const message = Message.parse(JSON.parse(report?.message ?? ''));
    expect(message.title).toContain('10-16 周四：违规 1 条，较上周同日 −2');
    const said = plainText(message, { clock: test.clock });
    expect(said).toContain('新工单 2 · 待预约 3（+2）');
    expect(said).toContain('违规按城市：北京 1');
    const table = message.blocks.find((block) => block.type === 'table');
    // One waiting order stands in the city of its work order; the others' provider is in two.
    expect(table?.rows).toEqual([
      ['北京', '甲服务', '1', '1（±0）', '0（±0）'],
      ['-', '甲服务', '0', '0（±0）', '2（+1）'],
      ['上海', '甲服务', '1', '0（−2）', '1（+1）'],
    ]);
    expect((await test.run('field.report')).counts).toMatchObject({ said: 0 });
    at('18 12:15');
    expect((await test.run('field.report')).counts).toMatchObject({ said: 1 });
    expect((await letters()).at(-1)?.message).toContain('10-17 周五：违规 不详 条');
  });
});
