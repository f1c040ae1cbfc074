import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../test/app.ts';
import type { AlertDraft } from '../../core/alert.ts';
import { Message } from '../../core/message.ts';
import { plainText } from '../../render/plain.ts';
import { openAlerts } from './alerts.ts';

let test: TestApp;
beforeEach(async () => {
  test = await testApp({ at: '2026-11-20T13:00:00+08:00' });
  for (const [id, role] of [
    ['lao-wang', 'staff'],
    ['xiao-li', 'staff'],
    ['zhao', 'lead'],
  ] as const) {
    await test.app.people.add({ id, name: id, role });
    await test.app.people.link(id, `console:@${id}`);
  }
});
afterEach(() => test.close());

const draft: AlertDraft = {
  key: 'sla/first-contact/GD1',
  kind: 'sla.warning',
  subject: 'order:GD1',
  message: { title: '还剩 30 分钟：工单 GD1 首次联系', tone: 'warn', blocks: [{ type: 'text', text: '时限 14:05' }] },
  steps: [
    { after: 0, to: ['person:lao-wang', 'channel:lobby'] },
    { after: 15, to: ['person:lao-wang'] },
    { after: 30, to: ['person:zhao'] },
  ],
};

async function said() {
  const letters = await test.app.context.db.letter.findMany({ orderBy: { seq: 'asc' } });
  return letters.map(
    ({ to, message }) => `${to} ${plainText(Message.parse(JSON.parse(message)), { clock: test.clock })}`,
  );
}

const escalate = () => test.run('alerts.escalate');
const open = (...drafts: AlertDraft[]) => test.app.context.alerts.open(drafts);

describe('an alert', () => {
  it('is opened once under its key and tells its first step', async () => {
    expect(await open(draft, draft)).toBe(1);
    expect(await open(draft)).toBe(0);
    const letters = await said();
    expect(letters).toHaveLength(2);
    expect(letters[0]).toMatch(/person:lao-wang 还剩 30 分钟：工单 GD1.*[\s\S]*编号 1[\s\S]*已处理/);
    expect(letters[1]).toContain('我来处理');
  });

  it('goes up when nobody takes it, each step once, also with two processes', async () => {
    await open(draft);
    test.clock.advance(14 * 60_000);
    expect((await escalate()).counts).toEqual({ due: 0, said: 0 });
    test.clock.advance(60_000);
    const other = openAlerts(test.app.context);
    const both = await Promise.all([test.app.context.alerts.escalate(), other.escalate()]);
    expect(both[0].said + both[1].said).toBe(1);
    test.clock.advance(15 * 60_000);
    await escalate();
    await escalate();
    const letters = await said();
    expect(letters).toHaveLength(4);
    expect(letters[3]).toMatch(/person:zhao[\s\S]*已 30 分钟，无人认领/);
  });

  it('after an outage tells the last of the missed steps alone', async () => {
    await open(draft);
    test.clock.advance(3 * 3600_000);
    await escalate();
    expect((await said()).slice(2)).toEqual([expect.stringMatching(/^person:zhao/)]);
  });

  it('is quiet once it is taken, and all who were told hear by whom', async () => {
    await open(draft);
    test.clock.advance(60_000);
    const taken = await test.ask('认领 GD1', { as: 'lao-wang' });
    expect(taken.outcome).toBe('done');
    expect(taken.message.replaces).toBe(true);
    expect(plainText(taken.message, { clock: test.clock })).toContain('13:01 lao-wang 已认领');
    test.clock.advance(3600_000);
    expect((await escalate()).counts).toEqual({ due: 0, said: 0 });
    expect((await said()).at(-1)).toMatch(/^channel:lobby[\s\S]*lao-wang 已认领/);
    const second = await test.ask('认领 1', { as: 'zhao' });
    expect(plainText(second.message, { clock: test.clock })).toContain('lao-wang 已认领');
  });

  it('goes on where who took it does not finish in time', async () => {
    await open({ ...draft, quietFor: 20 });
    await test.say('ack 1', { as: 'lao-wang' });
    test.clock.advance(21 * 60_000);
    await escalate();
    expect((await said()).at(-1)).toMatch(/lao-wang 认领后仍未解决/);
  });

  it('is handed over by button: the other is told in person', async () => {
    await open(draft);
    const choose = await test.ask('转给 1', { as: 'lao-wang' });
    const buttons = choose.message.blocks.flatMap((block) => (block.type === 'actions' ? block.buttons : []));
    const button = buttons.find(({ label }) => label === 'xiao-li');
    expect(button).toBeDefined();
    const handed = await test.ask(button?.call ?? '', { as: 'lao-wang' });
    expect(plainText(handed.message, { clock: test.clock })).toContain('lao-wang 转给 xiao-li');
    expect((await said()).at(-1)).toMatch(/^person:xiao-li[\s\S]*lao-wang 转给你/);
    expect(await test.say('已处理 1', { as: 'xiao-li' })).toContain('xiao-li 已处理');
    expect(await test.say('提醒列表', { as: 'zhao' })).toContain('没有未解决的提醒');
    expect(await test.say('转给 1 不存在', { as: 'zhao' })).toContain('没有叫');
  });

  it('calls the next in rank at once when somebody needs help', async () => {
    await open({ ...draft, steps: [draft.steps[0], draft.steps[2]].filter((step) => step !== undefined) });
    await test.say('需要帮助 1', { as: 'lao-wang' });
    expect((await said()).at(-1)).toMatch(/^person:zhao[\s\S]*lao-wang 需要帮助/);
    const count = (await said()).length;
    test.clock.advance(3600_000);
    await escalate();
    expect(await said()).toHaveLength(count);
  });

  it('is nobody else’s', async () => {
    await open(draft);
    const refused = await test.ask('认领 1', { as: 'xiao-li' });
    expect(refused.outcome).toBe('forbidden');
    const inGroup = await test.app.answer({
      asker: { personId: 'xiao-li', name: 'xiao-li', role: 'staff', lang: 'zh', subjects: [], from: null },
      text: '认领 1',
      group: true,
      room: 'console:lobby',
    });
    expect(inGroup.outcome).toBe('done');
    expect(await test.say('认领 99', { as: 'zhao' })).toContain('没有编号或对象是');
  });

  it('by its subject is taken with all others about it that are the asker’s', async () => {
    await open(
      draft,
      { ...draft, key: 'second' },
      { ...draft, key: 'third', steps: [{ after: 0, to: ['person:zhao'] }] },
    );
    expect(await test.say('认领 GD1', { as: 'lao-wang' })).toContain('lao-wang 已认领');
    const standing = await test.app.context.alerts.standing([draft.key, 'second', 'third']);
    expect([...standing.values()].map(({ state }) => state)).toEqual(['taken', 'taken', 'open']);
  });

  it('tells of the recovery once, and is over', async () => {
    await open(draft);
    const recovery = { title: '已恢复：工单 GD1', blocks: [] };
    expect(await test.app.context.alerts.close(draft.key, recovery)).toBe(true);
    expect(await test.app.context.alerts.close(draft.key, recovery)).toBe(false);
    expect(await test.app.context.alerts.close('unknown')).toBe(false);
    expect((await said()).slice(2)).toHaveLength(2);
    test.clock.advance(3600_000);
    await escalate();
    expect(await said()).toHaveLength(4);
  });

  it('posts nothing where its cause is undone', async () => {
    const { db, alerts } = test.app.context;
    await expect(
      db.$transaction(async (tx) => {
        await alerts.open([draft], tx);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await said()).toEqual([]);
    expect(await open(draft)).toBe(1);
  });
});
