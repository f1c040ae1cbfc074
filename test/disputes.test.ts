import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../src/core/message.ts';
import { saveContracts } from '../src/domains/rewards/contracts/store.ts';
import { type TestApp, testApp } from './app.ts';
import { contractRow } from './rewards.ts';

/** Beijing, October 2025: 10 contracts of 8,000 yuan by one person: twice 接好运 58, 20,000 yuan short of 达标奖 200. */
describe('what somebody asks about his own rewards', () => {
  let test: TestApp;
  beforeEach(async () => {
    // A Monday.
    test = await testApp({ at: '2025-10-20T10:00:00+08:00' });
    const people = test.app.people;
    const own = await people.add({ name: '李师傅', role: 'staff' });
    await people.subject(own.id, 'housekeeper', 'hk001');
    await people.link(own.id, 'console:@li');
    const lead = await people.add({ name: '王主管', role: 'lead', city: '北京' });
    await people.link(lead.id, 'console:@wang');
    const other = await people.add({ name: '赵师傅', role: 'staff' });
    await people.subject(other.id, 'housekeeper', 'hk009');
    await save(10);
    await test.run('rewards.settle');
  });
  afterEach(() => test.close());

  const save = (count: number, yuan = 8_000) =>
    saveContracts(
      test.app.context,
      Array.from({ length: count }, (_, at) =>
        contractRow({ id: `c${at}`, number: `N10${at}`, amountFen: yuan * 100, signedDay: `2025-10-${10 + at}` }),
      ),
      { source: 'S', sample: false },
    );
  const db = () => test.app.context.db;
  const li = { as: '李师傅' };
  const wang = { as: '王主管' };
  const ledger = async () =>
    (await db().ledgerEntry.findMany({ orderBy: { id: 'asc' } })).map(({ name, amountFen, cause, paidIn }) => ({
      name,
      amountFen,
      cause,
      paidIn,
    }));
  /** What a room of the console shows. */
  const shown = async (room: string) =>
    (await db().consoleMessage.findMany({ where: { room }, orderBy: { seq: 'asc' } })).map(({ message }) => message);

  it('还差多少: the next tier first, then every award', async () => {
    const said = await test.say('还差多少', li);
    expect(said.split('\n')[0]).toContain('距 达标奖 还差 20,000 元');
    expect(said).toContain('接好运（58 元）：再签 5 单平台单');
    expect(said).toMatch(/卓越奖.*460,000.*380,000\.00/);
    expect(await test.say('next tier BJ-2025-10', li)).toContain('20,000 yuan short of 达标奖');
    expect(await test.say('还差多少', { as: '赵师傅' })).toContain('还没有合同');
  });

  it('截至: as of a past day, without what was signed later', async () => {
    const said = await test.say('我的奖励 截至 10-15', li);
    expect(said).toContain('截至 2025-10-15');
    expect(said).toContain('累计奖励 58 元');
    expect(said).toContain('48,000 元 / 6 单');
    expect(await test.say('my reward as of 10-13', li)).toContain('0 yuan so far');
    expect(await test.say('我的奖励 截至 10-09', li)).toContain('还没有合同');
    expect(await test.say('奖励排行 截至 10-15', li)).toContain('48,000');
    expect(await test.say('我的奖励', li)).toContain('116 元');
    const { message } = await test.ask('我的奖励', li);
    const chart = message.blocks.find((block) => block.type === 'chart');
    expect(chart?.chart.labels).toEqual(Array.from({ length: 20 }, (_, at) => `10-${String(at + 1).padStart(2, '0')}`));
  });

  const buttons = async (call: string | Call, as: { as: string }) =>
    (await test.ask(call, as)).message.blocks.flatMap((block) => (block.type === 'actions' ? block.buttons : []));

  it('申诉: two taps freeze the line; the lead hears of it; the correction is an entry and a notice old → new', async () => {
    const why = (await buttons('为什么 N109', li)).find(({ label }) => label === '申诉');
    const reason = (await buttons(why?.call ?? '', li)).find(({ label }) => label === '应该得奖没有得');
    expect(await test.say(reason?.call ?? '', li)).toContain('申诉 #1 已提交');
    expect(await test.say(reason?.call ?? '', li)).toContain('还在处理中');
    await test.deliver();
    const [told] = await shown('@wang');
    expect(told).toContain('奖励申诉 #1：李师傅 · 合同 N109');
    expect(told).toContain('2025-10-23 18:00');
    // What happens to the contract afterwards does not change what was frozen.
    await save(10, 7_000);
    const { message } = await test.ask('奖励申诉', wang);
    expect(message.title, JSON.stringify(message)).toBe('1 件申诉待处理');
    expect(message.data).toMatchObject({
      disputes: [{ line: { version: 1, number: 'N109', decision: { amountFen: 800_000, countedSumFen: 8_000_000 } } }],
    });
    expect((await test.ask('处理申诉 1 200 达标奖', li)).outcome).toBe('forbidden');
    expect(await test.say('处理申诉 1 200 达标讲', wang)).toContain('请写明哪一项奖励');
    expect(await test.say('处理申诉 1 200 达标奖', wang)).toContain('达标奖 改为 200.00 元');
    expect(await test.say('处理申诉 1 300 达标奖', wang)).toContain('已经处理过了');
    expect((await ledger()).at(-1)).toEqual({ name: '达标奖', amountFen: 20_000, cause: 'dispute #1', paidIn: null });
    await test.deliver();
    expect((await shown('@li')).at(-1)).toContain('达标奖 0 → 200 元');
    expect(await test.say('为什么 N109', li)).toContain('达标奖 200（申诉 #1）');
    expect(await test.say('我的奖励', li)).toContain('316 元');
    // Nobody is told any more, and it stays, also when the rule comes to the same.
    test.clock.advance(4 * 86_400_000);
    await test.run('alerts.escalate');
    await save(10, 12_000);
    expect((await test.run('rewards.settle')).counts).toMatchObject({ corrected: 0 });
    expect((await ledger()).filter(({ name }) => name === '达标奖')).toHaveLength(1);
  });

  it('a lead who reads English is told in English', async () => {
    await db().person.updateMany({ where: { name: '王主管' }, data: { locale: 'en' } });
    await test.say('申诉 N109 金额不对', li);
    await test.deliver();
    const said = (await shown('@wang')).at(-1) ?? '';
    expect(said).toContain('Reward dispute #1: 李师傅 · contract N109');
    expect(said).not.toContain('处理申诉');
  });

  it('an unanswered dispute comes back, and in the end the administrators hear of it', async () => {
    await test.say('申诉 N109 金额不对', li);
    test.clock.set('2025-10-22T10:00:00+08:00');
    await test.run('alerts.escalate');
    await test.deliver();
    expect(await shown('@wang')).toHaveLength(2);
    test.clock.set('2025-10-23T18:01:00+08:00');
    await test.run('alerts.escalate');
    await test.deliver();
    expect(await shown('@wang')).toHaveLength(3);
    expect(await shown('@admin')).toHaveLength(1);
  });

  it('a refusal says why; what was closed is corrected in the next period', async () => {
    await test.say('申诉 N109 金额不对', li);
    await test.say('申诉 N104 多了', li);
    expect(await test.say('驳回申诉 1 已退款', wang)).toContain('已驳回');
    await test.deliver();
    expect((await shown('@li')).at(-1)).toContain('已退款');
    test.clock.set('2025-11-02T10:00:00+08:00');
    await test.ask({ command: 'rewards.close', args: { campaign: 'BJ-2025-10' } });
    await test.say('处理申诉 2 0 接好运', wang);
    expect((await ledger()).at(-1)).toEqual({
      name: '接好运',
      amountFen: -5_800,
      cause: 'dispute #2 (BJ-2025-10 is closed)',
      paidIn: '2025-11',
    });
  });

  it('only about one’s own contracts, and not answered by whom it is from', async () => {
    expect(await test.say('申诉 N109 不对', { as: '赵师傅' })).toContain('没有找到你的合同');
    await test.app.people.subject((await test.app.people.find('王主管')).id, 'housekeeper', 'hk002');
    await saveContracts(
      test.app.context,
      [
        contractRow({
          id: 'w',
          number: 'N200',
          housekeeper: '王主管',
          housekeeperId: 'hk002',
          signedDay: '2025-10-11',
        }),
      ],
      { source: 'S', sample: false },
    );
    await test.say('申诉 N200 不对', wang);
    expect((await test.ask('驳回申诉 1 不行', wang)).outcome).toBe('forbidden');
  });
});
