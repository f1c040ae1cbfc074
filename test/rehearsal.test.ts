import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Rehearsal } from '../src/core/operator.ts';
import { type TestApp, testApp } from './app.ts';

describe('a rehearsal', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await testApp({ at: '2026-11-19T18:30:00+08:00' });
    await test.app.sample.open('on', false);
    await test.run('rewards.settle');
    await test.deliver();
  });
  afterAll(() => test.close());

  const tables = async () => {
    const { db } = test.app.context;
    return Promise.all([db.letter.count(), db.jobRun.count(), db.ledgerEntry.count(), db.subscription.findMany()]);
  };
  async function rehearse(args: object = {}) {
    const { message, outcome } = await test.ask({ command: 'rehearsal.run', args: args as never });
    expect(outcome, JSON.stringify(message.blocks)).toBe('done');
    return { title: message.title, ...(message.data as unknown as Rehearsal) };
  }

  it('shows what a day would send, to whom and when, with its pictures, and changes nothing', async () => {
    await test.ask('订阅 今日外呼 每天18:00', { as: 'sample-lead' });
    await test.ask('订阅 我的奖励 每天9:30', { as: 'sample-housekeeper' });
    const before = await tables();
    const { title, letters, day } = await rehearse();
    expect(await tables()).toEqual(before);
    expect(day).toBe('2026-11-20');
    expect(title).toContain('11-20 周五 会发');
    const daily = letters.filter(({ key }) => key.startsWith('subscription/'));
    expect(daily.map(({ recipient, at }) => [recipient, at])).toEqual([
      ['张姐', '2026-11-20T01:30:00.000Z'],
      ['李师傅', '2026-11-20T10:00:00.000Z'],
    ]);
    expect(JSON.stringify(daily[0]?.preview)).toMatch(/\/charts\/[\w-]+\.png\?exp=/);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('fieldbell-rehearsal-'))).toEqual([]);
  });

  it('keeps to limits and quiet hours', async () => {
    const { data } = (
      await test.ask({
        command: 'channels.save',
        args: {
          name: 'slow',
          address: 'console:slow',
          perMinute: 1,
          quiet: { from: '17:00', to: '19:00' },
          version: 0,
        },
      })
    ).message as unknown as { data: unknown };
    expect(data).toBeTruthy();
    for (const line of ['今日外呼', '本月外呼', '奖励排行']) {
      const asker = await test.app.people.find('sample-lead');
      await test.app.answer({
        asker: {
          personId: asker.id,
          name: asker.name,
          role: 'lead',
          lang: 'zh',
          subjects: [],
          from: 'console:@sample-lead',
        },
        text: `订阅 ${line} 每天18:00`,
        group: true,
        room: 'console:slow',
      });
    }
    const { letters } = await rehearse();
    const slow = letters.filter(({ destination }) => destination === 'console:slow');
    expect(slow.map(({ out }) => out)).toEqual([
      '2026-11-20T11:00:00.000Z',
      '2026-11-20T11:01:00.000Z',
      '2026-11-20T11:02:00.000Z',
    ]);
  });

  it('is for the days to come', async () => {
    const past = await test.ask({ command: 'rehearsal.run', args: { day: '2026-11-01' } });
    expect(past.outcome).toBe('wrong');
  });
});
