import { WecomCrypto } from '@wecom/aibot-node-sdk';
import { fastify } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Inbound } from '../../src/core/platform.ts';
import { webhookRoutes } from '../../src/http/webhook-routes.ts';
import { startWecomAppEmulator, type WecomAppEmulator } from '../../test/emulators/wecom-app.ts';
import { encrypt, eventXml, sign, signedCall, verification } from '../../test/emulators/wecom-app-callback.ts';
import { createWecomApp } from './index.ts';

const APP = { corpId: 'wwcorp', secret: 'the-secret-of-the-app', agentId: 1000002 };
const CALLBACK = { callbackToken: 'QDG6eK', callbackAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
const SECRETS = { corpId: 'wwcorp', token: 'QDG6eK', aesKey: CALLBACK.callbackAesKey, agentId: APP.agentId };
const NOW = new Date('2025-10-17T06:20:00Z');

let now = NOW;
let emulator: WecomAppEmulator;
let server: ReturnType<typeof fastify>;
let address: string;
let platform: ReturnType<typeof createWecomApp>;
let heard: Inbound[];
let busy: Promise<void> | undefined;
let stop: AbortController;
const clock = { zone: 'Asia/Shanghai', now: () => now };

beforeEach(async () => {
  now = NOW;
  heard = [];
  busy = undefined;
  stop = new AbortController();
  emulator = await startWecomAppEmulator({ ...APP, ...CALLBACK, users: ['zhangsan'], clock, callbackWaitMs: 500 });
  platform = createWecomApp({ ...APP, ...CALLBACK, apiBase: emulator.url, clock, log: pino({ level: 'silent' }) });
  server = fastify();
  await server.register(webhookRoutes([platform]));
  address = `${await server.listen({ host: '127.0.0.1', port: 0 })}/webhooks/wecom`;
});
afterEach(async () => {
  busy = undefined;
  await server.close();
  await emulator.close();
});

const listen = () =>
  platform.start?.(async (inbound) => {
    heard.push(inbound);
    await busy;
  }, stop.signal);
const post = (query: string, body: string) =>
  fetch(`${address}?${query}`, { method: 'POST', headers: { 'content-type': 'text/xml' }, body });
const event = () => emulator.call('zhangsan', { MsgType: 'text', Content: '日报', MsgId: '1' });

describe('WeCom encryption', () => {
  it.each([
    ['hello', 'wwcorp', 'Q3stYC6hdFzMh9T8HCvyDHPgJBp1hNiGJRGfxoOyXGI=', '9344740e911fd419b89a9db32085ae631da34340'],
    ['{"a":1}', '', 'Q3stYC6hdFzMh9T8HCvyDF/zcJN0+jLTmSu8q6+/ZOY=', '0339a25c40a62a76f9abed0b645041e63424d7e6'],
  ])('of %s is as known', (message, corpId, encrypted, signature) => {
    expect(encrypt(message, { ...SECRETS, corpId }, Buffer.from('0123456789abcdef'))).toBe(encrypted);
    expect(sign('QDG6eK', '1409659813', '1372623149', encrypted)).toBe(signature);
    const crypto = new WecomCrypto('QDG6eK', SECRETS.aesKey, corpId);
    expect(crypto.computeSignature('1409659813', '1372623149', encrypted)).toBe(signature);
    expect(crypto.decrypt(encrypted)).toBe(message);
  });
});

describe('the address that WeCom calls', () => {
  it('proves that it is ours, even before anybody listens', async () => {
    const response = await fetch(`${address}?${verification('1616140317555161061', SECRETS, now)}`);
    expect([response.status, await response.text()]).toEqual([200, '1616140317555161061']);
    // A `+` in the address, not escaped, is a space to us.
    const loose = verification('echo', SECRETS, now).replaceAll('%2B', '+');
    expect((await fetch(`${address}?${loose}`)).status).toBe(200);
  });

  it('proves nothing to others', async () => {
    for (const secrets of [{ ...SECRETS, token: 'another' }]) {
      const response = await fetch(`${address}?${verification('secret', secrets, now)}`);
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain('secret');
    }
    expect((await fetch(`${address}?${verification('x', { ...SECRETS, corpId: 'wwother' }, now)}`)).status).toBe(400);
    expect((await fetch(address)).status).toBe(401);
  });

  it('answers at once, with nothing, and works afterwards', async () => {
    await listen();
    let done = () => {};
    busy = new Promise<void>((resolve) => {
      done = resolve;
    });
    const { query, body } = event();
    const response = await post(query, body);
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(heard).toEqual([
      { id: '1', room: 'wecom-app:zhangsan', from: 'wecom-app:zhangsan', group: false, text: '日报' },
    ]);
    const stopped = platform.stop?.();
    expect(await Promise.race([stopped?.then(() => 'stopped'), Promise.resolve('working')])).toBe('working');
    done();
    await stopped;
  });

  it('takes nothing that it would lose: 503 until somebody listens, and after stopping', async () => {
    expect(await emulator.say(address, 'zhangsan', '日报')).toEqual([503]);
    await listen();
    expect(await emulator.say(address, 'zhangsan', '日报')).toEqual([200]);
    stop.abort();
    expect(await emulator.say(address, 'zhangsan', '日报')).toEqual([503]);
    expect(heard).toHaveLength(1);
  });

  it('gives every repetition of an event the same id', async () => {
    await listen();
    await emulator.say(address, 'zhangsan', '日报', '7000000000000000001');
    await emulator.say(address, 'zhangsan', '日报', '7000000000000000001');
    const enter = emulator.call('zhangsan', { MsgType: 'event', Event: 'click', EventKey: '日报' });
    for (let i = 0; i < 2; i++) await post(enter.query, enter.body);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(2);
    expect(heard[0]?.id).toBe('7000000000000000001');
  });

  it.each<[string, number, (call: { query: string; body: string }) => { query: string; body: string }]>([
    ['unsigned', 401, ({ body }) => ({ query: '', body })],
    ['with another signature', 401, ({ query, body }) => ({ query: query.replace(/=./, '=z'), body })],
    ['with a signature of another length', 401, ({ query, body }) => ({ query: query.replace(/=./, '='), body })],
    ['with another nonce', 401, ({ query, body }) => ({ query: `${query}1`, body })],
    ['with another message', 401, ({ query }) => ({ query, body: event().body })],
    ['with a document type', 400, ({ query, body }) => ({ query, body: `<!DOCTYPE xml [<!ENTITY e "x">]>${body}` })],
    ['with a document type in small letters', 400, ({ query, body }) => ({ query, body: `<!doctype xml>${body}` })],
    ['that is too large', 400, ({ query, body }) => ({ query, body: body + ' '.repeat(256 * 1024) })],
    ['that is no XML', 400, ({ query }) => ({ query, body: '{"encrypt":1}' })],
    ['that is nothing', 400, ({ query }) => ({ query, body: '' })],
  ])('refuses a call %s', async (_what, status, spoil) => {
    await listen();
    const { query, body } = spoil(event());
    expect((await post(query, body)).status).toBe(status);
    expect(heard).toEqual([]);
  });

  it('refuses an old call, and one from the future', async () => {
    await listen();
    const { query, body } = event();
    for (const minutes of [11, -11]) {
      now = new Date(NOW.getTime() + minutes * 60_000);
      expect((await post(query, body)).status).toBe(401);
    }
    now = new Date(NOW.getTime() + 9 * 60_000);
    expect((await post(query, body)).status).toBe(200);
    expect(heard).toHaveLength(1);
  });

  it('refuses what was signed for another corp, or padded wrongly', async () => {
    await listen();
    const xml = eventXml({ FromUserName: 'zhangsan', MsgType: 'text', Content: 'x', MsgId: '1' });
    const other = signedCall(xml, { ...SECRETS, corpId: 'wwother' }, now);
    expect((await post(other.query, other.body)).status).toBe(400);
    const encrypted = encrypt(xml, SECRETS).slice(0, -44).concat('A'.repeat(43), '=');
    const timestamp = String(now.getTime() / 1000);
    const query = new URLSearchParams({
      msg_signature: sign(SECRETS.token, timestamp, '1', encrypted),
      timestamp,
      nonce: '1',
    });
    const broken = `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
    expect((await post(query.toString(), broken)).status).toBe(400);
    expect(heard).toEqual([]);
  });

  it('reads ids and words exactly as they were', async () => {
    await listen();
    for (const head of ['\n', '<?xml version="1.0" encoding="UTF-8"?>\n', '']) {
      const xml = eventXml({ FromUserName: 'zhangsan', MsgType: 'text', Content: '日报', MsgId: `head${head.length}` });
      const { query, body } = signedCall(`${head}${xml}`, SECRETS, now);
      const loose = body.replace('<Encrypt><![CDATA[', '\n <Encrypt>\n').replace(']]></Encrypt>', '\n</Encrypt>\n');
      expect((await post(query, loose)).status).toBe(200);
    }
    const typed = signedCall(`<!DOCTYPE xml>${eventXml({ MsgType: 'text' })}`, SECRETS, now);
    expect((await post(typed.query, typed.body)).status).toBe(400);
    for (const words of ['00123', '1e5', '0x1F', ' 日报 ', '&lt;b&gt; &amp;', '<!DOCTYPE x>', 'true']) {
      await emulator.say(address, 'zhangsan', words);
      expect(heard.at(-1)?.text).toBe(words);
    }
  });
});

describe('what members do', () => {
  beforeEach(listen);

  it('sends a picture, which is fetched when it is wanted, in parts where it is large', async () => {
    for (const size of [20_000, 5 * 1024 * 1024 + 7]) {
      const bytes = Buffer.alloc(size, 'jpg');
      await emulator.picture(address, 'zhangsan', bytes);
      const file = heard.at(-1)?.files?.[0];
      expect(file?.name).toMatch(/^7\d+\.jpg$/);
      expect(Buffer.compare(Buffer.from((await file?.bytes()) ?? []), bytes)).toBe(0);
    }
    now = new Date(NOW.getTime() + 3 * 24 * 3600_000);
    await expect(heard[0]?.files?.[0]?.bytes()).rejects.toThrow(/three days/);
  });

  it('opens the app: greeted, by one id for ever', async () => {
    for (const Event of ['subscribe', 'enter_agent', 'enter_agent']) {
      await emulator.event(address, 'zhangsan', { Event, EventKey: '' });
      now = new Date(now.getTime() + 1000);
    }
    // At least: an answer that takes long is asked for again.
    expect(heard.length).toBeGreaterThanOrEqual(3);
    expect(new Set(heard.map(({ id, call }) => `${id} ${call?.command}`))).toEqual(new Set(['welcome/zhangsan help']));
  });

  it('speaks, leaves, is somewhere: left alone', async () => {
    await emulator.event(address, 'zhangsan', { MsgType: 'voice', MediaId: 'm', Format: 'amr', MsgId: '9' });
    await emulator.event(address, 'zhangsan', { Event: 'unsubscribe' });
    expect(await emulator.event(address, 'zhangsan', { Event: 'LOCATION', Latitude: '1' })).toEqual([200]);
    expect(heard).toEqual([]);
  });

  const why = { command: 'rewards.why', args: {} };
  const buttons = (confirm?: string) => ({
    type: 'actions' as const,
    buttons: [{ label: '申诉', call: why, ref: 'dispute-ref-22-letters', ...(confirm && { confirm }) }],
  });
  const words = (text: string) => ({ type: 'text' as const, text });
  const card = () => emulator.received('zhangsan').at(-1)?.card;
  const show = async (confirm?: string) => {
    for (const parcel of platform.draw({ title: '十月奖励 258 元', blocks: [buttons(confirm)], lang: 'zh' })) {
      await platform.send('wecom-app:zhangsan', parcel);
    }
  };

  it('presses a button: its ref, and its card can be replaced once', async () => {
    await show();
    await emulator.press(address, 'zhangsan', '申诉');
    const [inbound] = heard;
    expect(inbound).toMatchObject({ ref: 'dispute-ref-22-letters', room: 'wecom-app:zhangsan', group: false });
    const done = platform.draw({ title: '已收到你的申诉', blocks: [words('编号 17')], lang: 'zh' });
    const update = () => platform.update?.('wecom-app:zhangsan', done, { inReplyTo: inbound });
    expect(await update()).toBe(true);
    expect(card()).toMatchObject({
      main_title: { title: '已收到你的申诉' },
      sub_title_text: '编号 17',
      replace_text: '已处理',
    });
    expect(await update()).toBe(false);
  });

  it('presses a button of 73 hours ago: its card is not replaced', async () => {
    await show();
    await emulator.press(address, 'zhangsan', '申诉');
    now = new Date(NOW.getTime() + 73 * 3600_000);
    const done = platform.draw({ title: '已处理', blocks: [], lang: 'zh' });
    expect(await platform.update?.('wecom-app:zhangsan', done, { inReplyTo: heard[0] })).toBe(false);
  });

  it('presses a button whose answer is no card: sent anew, and the code is not wasted', async () => {
    await show();
    await emulator.press(address, 'zhangsan', '申诉');
    const long = platform.draw({ title: '明细', blocks: [words('合同。'.repeat(200))], lang: 'zh' });
    const inReplyTo = heard[0];
    expect(await platform.update?.('wecom-app:zhangsan', long, { inReplyTo })).toBe(false);
    const short = platform.draw({ title: '好', blocks: [], lang: 'zh' });
    expect(await platform.update?.('wecom-app:zhangsan', [...short, ...short], { inReplyTo })).toBe(false);
    expect(await platform.update?.('wecom-app:zhangsan', short, {})).toBe(false);
    expect(await platform.update?.('wecom-app:zhangsan', short, { inReplyTo })).toBe(true);
  });

  it('is asked first where a button wants it, in the place of the card, and may say no', async () => {
    await show('确定要申诉？');
    await emulator.press(address, 'zhangsan', '申诉');
    await expect.poll(() => card()?.main_title.title).toBe('确定要申诉？');
    expect(card()?.button_list.map(({ text }) => text)).toEqual(['申诉', '取消']);
    expect(heard).toEqual([]);
    await emulator.press(address, 'zhangsan', '申诉');
    expect(heard.map(({ ref }) => ref)).toEqual(['dispute-ref-22-letters']);

    await show('确定要申诉？');
    await emulator.press(address, 'zhangsan', '申诉');
    await expect.poll(() => card()?.button_list.length).toBe(2);
    await emulator.press(address, 'zhangsan', '取消');
    await expect.poll(() => card()?.replace_text).toBe('已取消');
    expect(heard).toHaveLength(1);
  });
});
