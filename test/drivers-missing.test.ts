import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Feed } from '../src/core/source.ts';
import { drivers } from '../src/domains/drivers/index.ts';
import { type TestApp, testApp } from './app.ts';

const feedOf = (dataset: string) => drivers.feeds.find((feed) => feed.dataset === dataset) as Feed;
const [deliveriesFeed, driversFeed, scansFeed] = ['deliveries', 'drivers', 'scans'].map(feedOf) as [Feed, Feed, Feed];
const DAY = '2026-11-20';
const at = (time: string) => `${DAY} ${time}:00`;

describe('missing updates', () => {
  let test: TestApp;
  const save = async (feed: Feed, rows: Record<string, unknown>[]) => {
    const { context } = test.app;
    const read = rows.map((values, line) => feed.read({ line, values }, context));
    await feed.save(context, read, { source: 'MySQL' });
  };
  const order = (id: string, driver_id: string, more: Record<string, unknown> = {}) => ({
    ...{ id, driver_id, ordered_at: at('12:00'), status: 'open', ...more },
  });
  const scan = (driver_id: string, time: string) => save(scansFeed, [{ driver_id, at: at(time) }]);
  const check = () => test.run('drivers.missing').then((run) => run.counts);
  /** The data is as new as the clock. */
  const fresh = () =>
    test.app.context.db.feedState.updateMany({ data: { asOf: test.clock.now(), completeness: 'complete' } });
  const letters = async () =>
    (await test.app.context.db.letter.findMany({ orderBy: { seq: 'asc' } })).map(
      ({ to, message }) => [to, (JSON.parse(message) as { title?: string }).title ?? ''] as const,
    );
  const forget = () => test.app.context.db.letter.deleteMany();
  async function goTo(time: string): Promise<void> {
    test.clock.set(`${DAY}T${time}:00+08:00`);
    await fresh();
  }

  beforeEach(async () => {
    test = await testApp({ at: `${DAY}T13:40:00+08:00` });
    await save(driversFeed, [
      { id: 'D-1023', name: '王师傅', dsp: 'DSP-A' },
      { id: 'D-1031', name: '李伟', dsp: 'DSP-A' },
      { id: 'D-1056', name: '刘洋', dsp: 'DSP-A' },
      { id: 'D-2044', name: '张三', dsp: 'DSP-B', shift_from: '18:00', shift_to: '02:00' },
    ]);
    await save(deliveriesFeed, [
      order('P-1', 'D-1023'),
      order('P-2', 'D-1023'),
      order('P-3', 'D-1031'),
      order('P-4', 'D-2044'),
    ]);
    await scan('D-1023', '13:02');
    await scan('D-1031', '13:30');
    await fresh();
  });
  afterEach(() => test.close());

  it('are told to the driver, then his group, then the lead, until somebody takes it; and that they came', async () => {
    expect(await check()).toMatchObject({ missing: 0, new: 0 });
    await goTo('13:48');
    expect(await check()).toMatchObject({ missing: 1, new: 1 });
    expect(await check()).toMatchObject({ missing: 1, new: 0 });
    expect(await letters()).toEqual([['driver:D-1023', 'D-1023 王师傅 超过 45 分钟没有更新']]);
    expect(await test.say('缺失更新')).toMatch(/^1 名司机缺更新[\s\S]*D-1023 王师傅\s+DSP-A\s+13:02\s+2\s+#1/);
    await goTo('13:58');
    await test.app.context.alerts.escalate();
    expect((await letters()).at(-1)).toEqual(['channel:service-leads', 'D-1023 王师傅 超过 45 分钟没有更新']);
    await test.say('认领 1');
    await forget();
    await goTo('15:00');
    await test.app.context.alerts.escalate();
    await scan('D-1031', '14:59');
    expect(await check()).toMatchObject({ missing: 1, new: 0 });
    expect(await letters()).toEqual([]);
    await scan('D-1023', '15:01');
    await goTo('15:02');
    expect(await check()).toMatchObject({ missing: 0, over: 1 });
    expect(await letters()).toEqual([
      ['driver:D-1023', 'D-1023 王师傅 已恢复更新'],
      ['channel:service-leads', 'D-1023 王师傅 已恢复更新'],
    ]);
    await goTo('15:47');
    expect(await check()).toMatchObject({ missing: 2, new: 2 });
  });

  it('of many drivers of one DSP are told to its group once, together', async () => {
    await save(deliveriesFeed, [order('P-5', 'D-1056')]);
    await scan('D-1056', '12:50');
    await goTo('14:30');
    expect(await check()).toMatchObject({ missing: 3, new: 3 });
    const told = await letters();
    expect(told.map(([to]) => to).sort()).toEqual([
      'channel:service-leads',
      'driver:D-1023',
      'driver:D-1031',
      'driver:D-1056',
    ]);
    expect(told.find(([to]) => to === 'channel:service-leads')?.[1]).toBe('DSP-A：3 名司机超过 45 分钟没有更新');
    // A fourth who falls silent afterwards: the group hears of him; once somebody has it, he alone.
    await save(driversFeed, [{ id: 'D-1088', name: '陈静', dsp: 'DSP-A' }]);
    await save(deliveriesFeed, [order('P-6', 'D-1088')]);
    await scan('D-1088', '13:50');
    await forget();
    await goTo('14:36');
    expect(await check()).toMatchObject({ missing: 4, new: 1 });
    expect(await letters()).toEqual([
      ['driver:D-1088', 'D-1088 陈静 超过 45 分钟没有更新'],
      ['channel:service-leads', 'DSP-A：又有 1 名司机超过 45 分钟没有更新，共 4 名'],
    ]);
    const group = await test.app.context.db.alert.findFirstOrThrow({ where: { subject: 'dsp:DSP-A' } });
    expect(group.message).toContain('DSP-A：4 名司机');
    expect(group.message).toContain('D-1088 陈静 · 最后 13:50');
    await test.app.people.add({ id: 'zhao', name: '赵磊', role: 'lead' });
    await test.say(`认领 ${group.id}`, { as: 'zhao' });
    await save(driversFeed, [{ id: 'D-1107', name: '张三', dsp: 'DSP-A' }]);
    await save(deliveriesFeed, [order('P-7', 'D-1107')]);
    await scan('D-1107', '13:51');
    await forget();
    await goTo('14:38');
    expect(await check()).toMatchObject({ missing: 5, new: 1 });
    expect((await letters()).map(([to]) => to)).toEqual(['driver:D-1107', 'person:zhao']);
    expect(await check()).toMatchObject({ missing: 5, new: 0 });
    for (const id of ['D-1023', 'D-1031', 'D-1056', 'D-1088', 'D-1107']) await scan(id, '14:39');
    await goTo('14:40');
    await forget();
    expect(await check()).toMatchObject({ missing: 0, over: 5 });
    expect((await letters()).map(([, title]) => title)).toContain('DSP-A 全部恢复更新');
  });

  it('are not expected off shift, and from the beginning of the shift on', async () => {
    await goTo('17:59');
    await save(
      deliveriesFeed,
      ['P-1', 'P-2', 'P-3'].map((id) => order(id, id === 'P-3' ? 'D-1031' : 'D-1023', { status: 'delivered' })),
    );
    expect(await check()).toMatchObject({ missing: 0 });
    await goTo('18:45');
    expect(await check()).toMatchObject({ missing: 0 });
    await goTo('18:46');
    expect(await check()).toMatchObject({ missing: 1 });
    test.clock.set('2026-11-21T02:01:00+08:00');
    await fresh();
    expect(await check()).toMatchObject({ missing: 0, over: 1 });
    expect((await letters()).at(-1)?.[1]).toContain('不再缺更新');
  });

  it('of orders without a result past their window', async () => {
    await save(deliveriesFeed, [order('P-3', 'D-1031', { due_at: at('13:00') })]);
    await goTo('13:30');
    expect(await check()).toMatchObject({ missing: 0 });
    await goTo('13:31');
    expect(await check()).toMatchObject({ missing: 1 });
    expect((await letters()).at(-1)).toEqual(['driver:D-1031', 'D-1031 李伟 有 1 单超过时限没有结果']);
    expect(await test.say('missing updates dsp-a')).toContain('DSP-A 1 driver owes an update');
    expect(await test.say('缺失更新 DSP-Z')).toContain('没有服务商「DSP-Z」');
  });

  it('are told in the language of the driver', async () => {
    await test.app.people.add({ id: 'wang', name: 'Wang', role: 'staff' });
    await test.app.context.db.person.update({ where: { id: 'wang' }, data: { locale: 'en' } });
    await test.app.people.subject('wang', 'driver', 'D-1023');
    await goTo('13:48');
    await check();
    expect((await letters()).map(([, title]) => title)).toEqual(['D-1023 王师傅: no update for over 45 minutes']);
  });

  it('accuse nobody while the data is late', async () => {
    test.clock.set(`${DAY}T14:30:00+08:00`);
    expect(await check()).toEqual({ late: 1 });
    expect(await check()).toEqual({ late: 1 });
    expect((await letters()).map(([to]) => to)).toEqual(['channel:service-leads']);
    expect(await test.say('缺失更新')).toMatch(
      /^司机数据停在 2026-11-20 13:40，现在谁缺更新不知道[\s\S]*数据截至 13:40/,
    );
  });
});
