import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callRef } from '../src/core/call-ref.ts';
import type { Inbound } from '../src/core/platform.ts';
import type { KeptMessage } from '../src/runtime/console/log.ts';
import { type TestApp, testApp } from './app.ts';

/** What happens on a platform, seen through the console: the same for every platform. */
describe('what comes in', () => {
  let test: TestApp;
  let number = 0;

  beforeEach(async () => {
    test = await testApp({ settings: { FIELDBELL_ROLES: 'bots', FIELDBELL_SAMPLE: 'on' } });
    await test.app.start();
    await test.run('rewards.settle');
  });
  afterEach(() => test.close());

  const lead = 'console:@sample-lead';
  const hear = (more: Partial<Inbound>) =>
    test.app.console.hear({ id: `event-${++number}`, room: lead, group: false, from: lead, ...more });
  async function said(room: string): Promise<KeptMessage[]> {
    const rows = await test.app.context.db.consoleMessage.findMany({ where: { room }, orderBy: { seq: 'asc' } });
    return rows.flatMap((row) => (row.message ? [JSON.parse(row.message) as KeptMessage] : []));
  }

  it('is answered once, also after a restart', async () => {
    await hear({ id: 'same', text: '今日外呼' });
    await hear({ id: 'same', text: '今日外呼' });
    expect(await said('@sample-lead')).toHaveLength(1);
    const { folder } = test;
    await test.app.close();
    test = await testApp({ folder, settings: { FIELDBELL_ROLES: 'bots', FIELDBELL_SAMPLE: 'on' } });
    await test.app.start();
    await hear({ id: 'same', text: '今日外呼' });
    expect(await said('@sample-lead')).toHaveLength(1);
  });

  it('a button is known by its short name once it was shown, and said to be too old before', async () => {
    const call = { command: 'calls.day', args: { day: 'yesterday' } };
    await hear({ ref: callRef({ command: 'calls.day', args: { day: '1999-01-01' } }) });
    expect((await said('@sample-lead'))[0]?.blocks[0]).toMatchObject({ text: '这个按钮太久了，请重新问一次。' });
    await hear({ text: '今日外呼' });
    const shown = (await said('@sample-lead'))[1]?.blocks.find((block) => block.type === 'actions');
    const button = shown?.type === 'actions' ? shown.buttons[0] : undefined;
    expect(button?.ref).toBe(callRef(button?.call ?? call));
    await hear({ ref: button?.ref });
    expect((await said('@sample-lead'))[2]?.title).toMatch(/外呼/);
  });

  it('a personal answer goes to the asker, and the group is told to whom', async () => {
    await hear({ room: 'console:lobby', group: true, text: '我的奖励' });
    expect((await said('@sample-lead'))[0]?.title).toMatch(/累计奖励/);
    const [notice] = await said('lobby');
    expect(notice).toMatchObject({ notice: 'private', blocks: [{ text: '李师傅，已私信给你。' }] });
  });

  it('somebody unknown is told what to do', async () => {
    await hear({ room: 'console:lobby', group: true, from: 'console:@stranger', text: '今日外呼' });
    const [answer] = await said('lobby');
    expect(JSON.stringify(answer)).toContain('我还不认识你');
    expect(answer?.title).toBeUndefined();
  });

  it('a file is kept under a safe name; a stranger’s is not', async () => {
    const file = { name: '../../合同 十月.csv', bytes: async () => Buffer.from('id\n1\n') };
    await hear({ files: [file] });
    await hear({ files: [file], from: 'console:@stranger', room: 'console:lobby' });
    const kept = await readdir(join(test.folder, 'inbox'));
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/^\d{12}-_.._合同_十月\.csv$/);
    expect(await readFile(join(test.folder, 'inbox', kept[0] ?? ''), 'utf8')).toBe('id\n1\n');
    expect(JSON.stringify(await said('@sample-lead'))).toContain('收到');
  });
});
