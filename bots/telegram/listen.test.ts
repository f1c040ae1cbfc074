import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatPlatform, DrawnMessage, Inbound } from '../../src/core/platform.ts';
import { fixedClock } from '../../src/core/time.ts';
import { leasesInMemory } from '../../test/emulators/leases.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../../test/emulators/telegram.ts';
import { createTelegram, type TelegramOptions, type TelegramParcel } from './index.ts';

const TOKEN = '700100:AAF0-listen_token_of_35_letters_';
const WANG = { id: 42, name: '王' };
const GROUP = -100;

let emulator: TelegramEmulator;
let lines: string[];
let leases: ReturnType<typeof leasesInMemory>;
let started: ChatPlatform<TelegramParcel>[];
const ends: (() => unknown)[] = [];

beforeEach(async () => {
  let now = Date.parse('2025-10-17T06:20:00Z');
  const clock = {
    now() {
      now += 4000;
      return new Date(now);
    },
  };
  emulator = await startTelegramEmulator({ token: TOKEN, clock });
  lines = [];
  started = [];
  leases = leasesInMemory();
});
afterEach(async () => {
  await Promise.all(started.map((bot) => bot.stop?.()));
  for (const end of ends.splice(0)) await end();
  await emulator.close();
  expect(lines.join('\n')).not.toContain(TOKEN);
});

function bot(more: Partial<TelegramOptions> = {}): ChatPlatform<TelegramParcel> {
  const clock = fixedClock('Asia/Shanghai', new Date('2025-10-17T06:20:00Z'));
  const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
  return createTelegram({
    token: TOKEN,
    apiRoot: emulator.url,
    timeoutMs: 1000,
    leases: leases.of('one'),
    clock,
    log,
    ...more,
  });
}

async function listen(one: ChatPlatform<TelegramParcel>, receive: (inbound: Inbound) => Promise<void>) {
  started.push(one);
  await one.start?.(receive, new AbortController().signal);
  return one;
}

/** Answers a line with a page of two and a button to the other; a press turns the page. */
function pager(one: ChatPlatform<TelegramParcel>, heard: Inbound[]) {
  const page = (number: string): DrawnMessage => ({
    title: `第 ${number} 页`,
    blocks: [
      {
        type: 'actions',
        buttons: [{ label: '翻页', call: { command: 'page', args: {} }, ref: number === '1' ? '2' : '1' }],
      },
    ],
    lang: 'zh',
  });
  return async (inbound: Inbound) => {
    heard.push(inbound);
    const parcels = one.draw(page(inbound.ref ?? '1'));
    if (inbound.pressed && (await one.update?.(inbound.room, parcels, { inReplyTo: inbound }))) return;
    for (const parcel of parcels) await one.send(inbound.room, parcel, { inReplyTo: inbound });
  };
}

async function turnsPages(heard: Inbound[]): Promise<void> {
  emulator.says(42, '今日外呼', WANG);
  const first = await vi.waitUntil(() => emulator.received(42)[0]);
  expect(first.text).toBe('第 1 页');
  emulator.presses(42, first.id, '翻页', WANG);
  await vi.waitUntil(() => emulator.received(42)[0]?.edits === 1);
  expect(emulator.received(42).map(({ text }) => text)).toEqual(['第 2 页']);
  await vi.waitUntil(() => emulator.answered().length === 1);
  expect(heard.map(({ room, from, group, text, ref, pressed }) => ({ room, from, group, text, ref, pressed }))).toEqual(
    [
      { room: 'telegram:42', from: 'telegram:42', group: false, text: '今日外呼' },
      { room: 'telegram:42', from: 'telegram:42', group: false, ref: '2', pressed: String(first.id) },
    ],
  );
}

describe('long polling', () => {
  it('hears a line, answers it, and a press turns the page in place', async () => {
    const heard: Inbound[] = [];
    const one = bot();
    await listen(one, pager(one, heard));
    await turnsPages(heard);
    expect(one.health?.()).toBe('ok');
    await vi.waitUntil(() => emulator.waiting() === 0);
  });

  it('hands over a file that a person sent, and its bytes when they are wanted', async () => {
    const heard: Inbound[] = [];
    await listen(bot(), async (inbound) => void heard.push(inbound));
    emulator.sendsFile(42, { name: '合同.csv', bytes: Buffer.from('a,b\n') }, WANG, '导入');
    const inbound = await vi.waitUntil(() => heard[0]);
    expect(inbound.text).toBe('导入');
    const [file] = inbound.files ?? [];
    expect(file?.name).toBe('合同.csv');
    expect(Buffer.from((await file?.bytes()) ?? []).toString()).toBe('a,b\n');
    emulator.misbehave({ kind: 'http', status: 502 }, { on: /download/ });
    const failure = await file?.bytes().catch(String);
    expect(failure).toMatch(/^UpstreamError: .+HTTP 502\): send it again$/);
    expect(failure).not.toContain(TOKEN);
  });

  it('tells Telegram to forget an update only when it was handled', async () => {
    let done = () => {};
    const answering = new Promise<void>((resolve) => {
      done = resolve;
    });
    await listen(bot(), () => answering);
    emulator.says(42, '今日外呼', WANG);
    await vi.waitUntil(() => emulator.calls().filter((call) => call === 'getUpdates').length > 2);
    expect(emulator.waiting()).toBe(1);
    done();
    await vi.waitUntil(() => emulator.waiting() === 0);
  });

  it('keeps one chat in order, while others are not held up', async () => {
    const ended: string[] = [];
    let free = () => {};
    const slow = new Promise<void>((resolve) => {
      free = resolve;
    });
    await listen(bot(), async ({ text = '' }) => {
      if (text === 'slow') await slow;
      ended.push(text);
    });
    emulator.says(1, 'slow', { id: 1 });
    emulator.says(1, 'after it', { id: 1 });
    emulator.says(2, 'quick', { id: 2 });
    await vi.waitUntil(() => ended.length === 1);
    emulator.says(3, 'later', { id: 3 });
    await vi.waitUntil(() => ended.length === 2);
    free();
    await vi.waitUntil(() => ended.length === 4);
    expect(ended).toEqual(['quick', 'later', 'slow', 'after it']);
  });

  it('hands an update over again after a failure, and never twice otherwise', async () => {
    const ids: string[] = [];
    await listen(bot(), async ({ id }) => {
      ids.push(id);
      if (ids.length === 1) throw new Error('the database is busy');
    });
    const update = emulator.says(42, 'hello', WANG);
    await vi.waitUntil(() => emulator.waiting() === 0);
    expect(ids).toEqual([String(update.update_id), String(update.update_id)]);
    emulator.repeats(update);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ids).toHaveLength(2);
  });

  it('never gives up: cut connections, gateways, 429 and 500', async () => {
    const heard: Inbound[] = [];
    emulator.misbehave({ kind: 'error', code: 500 }, { on: /getMe/ });
    const one = await listen(bot(), async (inbound) => void heard.push(inbound));
    expect(one.health?.()).toMatch(/^Telegram cannot be reached \(since 14:20\): 500/);
    await vi.waitUntil(() => one.health?.() === 'ok', { timeout: 3000 });
    emulator.misbehave({ kind: 'reset', delivered: false }, { on: /getUpdates/ });
    emulator.misbehave({ kind: 'http', status: 502 }, { on: /getUpdates/ });
    emulator.misbehave({ kind: 'error', code: 429, retryAfter: 1 }, { on: /getUpdates/ });
    emulator.says(42, 'still there?', WANG);
    emulator.says(42, 'and now?', WANG);
    await vi.waitUntil(() => heard.length === 2, { timeout: 8000 });
    expect(emulator.says(42, '!', WANG)).toBeDefined();
    await vi.waitUntil(() => heard.length === 3, { timeout: 8000 });
  });

  it('stops where the token is wrong, and says so', async () => {
    const one = await listen(bot({ token: '700100:wrong' }), async () => {});
    expect(one.health?.()).toMatch(/does not know the token: put the one that BotFather gave into TELEGRAM_BOT_TOKEN/);
  });

  it('is asked by one of our processes; another takes over when that one stops', async () => {
    const heard: string[] = [];
    const hear = (name: string) => async (inbound: Inbound) => void heard.push(`${name} ${inbound.text}`);
    const one = await listen(bot(), hear('one'));
    const two = await listen(bot({ leases: leases.of('two') }), hear('two'));
    expect([one.health?.(), two.health?.()]).toEqual(['ok', 'ok']);
    emulator.says(42, 'first', WANG);
    await vi.waitFor(() => expect(heard).toEqual(['one first']));
    await one.stop?.();
    emulator.says(42, 'second', WANG);
    await vi.waitFor(() => expect(heard).toEqual(['one first', 'two second']), { timeout: 8000 });
    expect(lines.join('\n')).not.toContain('another process uses this bot');
  });

  it('steps back where another process uses the bot, and raises an alarm', async () => {
    const [first, second] = [bot(), bot()];
    await listen(first, async () => {});
    await vi.waitUntil(() => emulator.calls().includes('getUpdates'));
    await listen(second, async () => {});
    await vi.waitUntil(() => /another process uses this bot/.test(first.health?.() ?? ''));
    expect(lines.some((line) => JSON.parse(line).alarm === true)).toBe(true);
    expect(second.health?.()).toBe('ok');
  });

  it('takes over a bot that had a webhook, and puts its menu there', async () => {
    await fetch(`${emulator.url}/bot${TOKEN}/setWebhook?`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: 'http://127.0.0.1:9/', secret_token: 's' }),
    });
    const heard: Inbound[] = [];
    await listen(bot(), async (inbound) => void heard.push(inbound));
    emulator.says(GROUP, '/calls@fieldbell_bot today', WANG);
    expect((await vi.waitUntil(() => heard[0])).text).toBe('/calls today');
    await vi.waitUntil(() => emulator.commands().size === 2);
    expect(
      emulator
        .commands()
        .get('')
        ?.map(({ command }) => command),
    ).toEqual(['trend', 'calls', 'reward', 'help']);
  });

  it('asks back before a button that wants it, without hearing a press until it is sure', async () => {
    const heard: Inbound[] = [];
    const one = await listen(bot(), async (inbound) => void heard.push(inbound));
    emulator.joins(42);
    const buttons = [{ label: '申诉', call: { command: 'x', args: {} }, confirm: '确定申诉？', ref: 'dispute' }];
    for (const parcel of one.draw({ title: '合同', blocks: [{ type: 'actions', buttons }], lang: 'zh' })) {
      await one.send('telegram:42', parcel);
    }
    const shown = () =>
      emulator
        .received(42)[0]
        ?.keyboard?.flat()
        .map(({ text }) => text);
    const id = emulator.received(42)[0]?.id ?? 0;
    for (const [press, becomes] of [
      ['申诉', ['确定：申诉', '取消']],
      ['取消', ['申诉']],
      ['申诉', ['确定：申诉', '取消']],
    ] as const) {
      emulator.presses(42, id, press, WANG);
      await vi.waitUntil(() => shown()?.join() === becomes.join());
    }
    expect(heard).toEqual([]);
    emulator.presses(42, id, '确定：申诉', WANG);
    expect((await vi.waitUntil(() => heard[0])).ref).toBe('dispute');
  });
});

it('does not hurry a server that answers at once and forgets nothing', async () => {
  let polls = 0;
  const update = { update_id: 5, message: {} };
  const server = createServer((request, response) => {
    const polled = request.url?.endsWith('/getUpdates');
    if (polled) polls++;
    response.end(JSON.stringify({ ok: true, result: polled ? [update] : { id: 1, username: 'b' } }));
  }).listen(0, '127.0.0.1');
  ends.push(() => server.close());
  await once(server, 'listening');
  await listen(bot({ apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }), async () => {});
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(polls).toBeGreaterThan(2);
  expect(polls).toBeLessThan(10);
});

describe('a webhook', () => {
  const SECRET = 'hook-Secret_1';

  /** Our HTTP server in small. */
  async function serve(one: ChatPlatform<TelegramParcel>, port: number): Promise<void> {
    const server = createServer(async (request, response) => {
      const hook = one.webhooks?.find(({ path, method }) => path === request.url && method === request.method);
      if (!hook) return void response.writeHead(404).end();
      const headers = request.headers as Record<string, string>;
      const answer = await hook.handle({ query: {}, headers, body: await buffer(request) });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    }).listen(port, '127.0.0.1');
    ends.push(() => server.close());
  }

  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  it('is set at the start, and works as polling does', async () => {
    const port = await freePort();
    const heard: Inbound[] = [];
    const one = bot({ webhookSecret: SECRET, publicUrl: `http://127.0.0.1:${port}/` });
    await serve(one, port);
    await listen(one, pager(one, heard));
    await turnsPages(heard);
    expect(emulator.calls()).not.toContain('getUpdates');
    await vi.waitUntil(() => emulator.waiting() === 0);
  });
});
