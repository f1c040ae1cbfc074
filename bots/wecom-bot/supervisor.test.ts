import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Bench, BOT, startBench } from '../../test/emulators/wecom-bot-bench.ts';
import type { BotParcel } from './index.ts';

const GROUP = 'wrkSFfCgAA3x';
const TO = `wecom-bot:${GROUP}`;
const hello: BotParcel = { msgtype: 'markdown', markdown: { content: 'hello' } };

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const healthy = (bot: Awaited<ReturnType<Bench['bot']>>) =>
  vi.waitFor(() => expect(bot.platform.health?.()).toBe('ok'), { timeout: 3000, interval: 5 });
const tries = () => bench.emulator.subscriptions.length;

/** Somebody else's program that uses the same bot, without a lease of ours. */
async function stranger(): Promise<WebSocket> {
  const socket = new WebSocket(bench.emulator.url);
  await once(socket, 'open');
  const headers = { req_id: 'aibot_subscribe_1' };
  const body = { bot_id: BOT.botId, secret: BOT.secret };
  socket.send(JSON.stringify({ cmd: 'aibot_subscribe', headers, body }));
  await once(socket, 'message');
  return socket;
}

describe('the connection', () => {
  it('comes back by itself, as often as it is lost', async () => {
    const bot = await bench.bot('one');
    for (let i = 0; i < 3; i++) {
      bench.emulator.closeSockets();
      await vi.waitFor(() => expect(tries()).toBe(2 + i));
      await healthy(bot);
    }
    bench.emulator.say({ userid: 'zhangsan', chatid: GROUP }, '你好');
    await vi.waitFor(() => expect(bot.heard).toHaveLength(1));
    await bot.platform.send(TO, hello);
  });

  it('is tried for ever while it is refused, and what waits to be sent is retried', async () => {
    bench.emulator.refuseConnections(true);
    const bot = await bench.bot('one', { timings: { connectWaitMs: 50 } });
    await expect(bot.platform.send(TO, hello)).rejects.toMatchObject({ kind: 'retry' });
    await sleep(700);
    bench.emulator.refuseConnections(false);
    await healthy(bot);
  });

  it('is renewed where the socket is open but the subscription lost, and the frame is repeated', async () => {
    const bot = await bench.bot('one');
    bench.emulator.say({ userid: 'zhangsan', chatid: GROUP }, '你好');
    await vi.waitFor(() => expect(bench.emulator.received(GROUP)).toHaveLength(1));
    bench.emulator.misbehave({ kind: 'unsubscribe' });
    await bot.platform.send(TO, hello);
    expect(bench.emulator.received(GROUP).map(({ content }) => content)).toEqual(['处理中…', 'hello']);
    expect(tries()).toBe(2);
  });

  it('says so where bot id or secret are wrong, tries slowly, and never tells the secret', async () => {
    const bot = await bench.bot('one', { secret: 'not-the-secret' });
    expect(bot.platform.health?.()).toMatch(/refuses WECOM_BOT_ID or WECOM_BOT_SECRET .*853000/);
    await sleep(100);
    expect(tries()).toBe(1);
    await vi.waitFor(() => expect(tries()).toBe(2));
    expect(bot.logged.join()).not.toContain('not-the-secret');
  });

  it('is left alone for a while where subscribing met the limit', async () => {
    bench.emulator.misbehave({ kind: 'errcode', errcode: 45009 }, { on: 'aibot_subscribe' });
    const bot = await bench.bot('one');
    expect(bot.platform.health?.()).toMatch(/fewer connections .*45009/);
    await sleep(150);
    expect(tries()).toBe(1);
    await healthy(bot);
  });

  it('is closed for good by stop, and what waits for an answer is told', async () => {
    const bot = await bench.bot('one');
    bench.emulator.say({ userid: 'zhangsan' }, '今日外呼');
    await vi.waitFor(() => expect(bench.emulator.received('zhangsan')).toHaveLength(1));
    await bot.stop();
    expect(bench.emulator.received('zhangsan')).toMatchObject([{ finished: true, content: /^抱歉/ }]);
    await vi.waitFor(() => expect(bench.emulator.live).toBe(false));
    await sleep(200);
    expect(tries()).toBe(1);
    expect(bot.platform.health?.()).toBe('stopped');
    await expect(bot.platform.send(TO, hello)).rejects.toMatchObject({ kind: 'retry' });
  });
});

describe('two processes of ours', () => {
  it('do not fight: one stays aside, quietly, and takes over when the other stops', async () => {
    const one = await bench.bot('one');
    const two = await bench.bot('two');
    await sleep(500);
    expect(tries()).toBe(1);
    expect(two.platform.health?.()).toMatch(/another process of ours/);
    await expect(two.platform.send(TO, hello)).rejects.toMatchObject({ kind: 'wait' });
    await one.stop();
    await healthy(two);
    expect([...one.alarms, ...two.alarms]).toEqual([]);
  });

  it('hand over without an alarm where the lease went to the other', async () => {
    const one = await bench.bot('one');
    bench.leases.give(`wecom-bot/${BOT.botId}`, 'two', 300);
    const two = await bench.bot('two');
    await healthy(two);
    await vi.waitFor(() => expect(one.platform.health?.()).toMatch(/another process of ours/));
    await sleep(400);
    expect(two.platform.health?.()).toBe('ok');
    expect(tries()).toBe(2);
    expect(one.alarms).toEqual([]);
  });
});

describe('somebody else who takes the connection', () => {
  it('is left alone, the alarm is given once, and the next tries come ever later', async () => {
    const bot = await bench.bot('one', { timings: { taken: { firstMs: 200, mostMs: 5000 } } });
    const first = await stranger();
    await vi.waitFor(() => expect(bot.alarms).toHaveLength(1));
    expect(bot.platform.health?.()).toMatch(/not ours uses this bot/);
    await sleep(100);
    expect(first.readyState).toBe(WebSocket.OPEN);
    await healthy(bot);
    const second = await stranger();
    const taken = performance.now();
    await vi.waitFor(() => expect(bot.platform.health?.()).not.toBe('ok'));
    await healthy(bot);
    expect(performance.now() - taken).toBeGreaterThan(290);
    expect(bot.alarms).toHaveLength(1);
    expect(bot.alarms[0]).toMatch(/别的程序占用/);
    second.close();
  });

  it('keeps our lease with us, so that no other process of ours joins the fight', async () => {
    const one = await bench.bot('one', { timings: { taken: { firstMs: 2000, mostMs: 5000 } } });
    await stranger();
    await vi.waitFor(() => expect(one.alarms).toHaveLength(1));
    const two = await bench.bot('two');
    await sleep(600);
    expect(two.platform.health?.()).toMatch(/another process of ours/);
    expect(tries()).toBe(2);
  });
});
