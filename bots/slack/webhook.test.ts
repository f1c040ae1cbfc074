import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Inbound, Webhook } from '../../src/core/platform.ts';
import { fixedClock } from '../../src/core/time.ts';
import { type SlackEmulator, startSlackEmulator } from '../../test/emulators/slack.ts';
import { commandBody, directBody, encode, mentionBody, pressBody, sign } from '../../test/emulators/slack-events.ts';
import { createSlack } from './index.ts';
import { isSigned } from './signature.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const TOKENS = { botToken: 'xoxb-1-http', signingSecret: SECRET };
const clock = fixedClock('Asia/Shanghai', new Date('2025-10-17T06:20:00Z'));
const NOW = clock.now().getTime() / 1000;

let emulator: SlackEmulator;
let slack: ReturnType<typeof createSlack>;
let server: Server;
let url: string;
let heard: Inbound[];
let answer: (inbound: Inbound) => Promise<void>;

beforeEach(async () => {
  heard = [];
  answer = async () => {};
  emulator = await startSlackEmulator({ ...TOKENS, appToken: 'xapp-1-http', clock });
  slack = createSlack({ ...TOKENS, apiUrl: emulator.apiUrl, clock, log: pino({ enabled: false }), timeoutMs: 1000 });
  const [webhook] = slack.webhooks ?? [];
  if (!webhook) throw new Error('no webhook');
  server = serve(webhook).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${webhook.path}`;
  await slack.start?.(async (inbound) => {
    heard.push(inbound);
    await answer(inbound);
  }, new AbortController().signal);
});
afterEach(async () => {
  await slack.stop?.();
  server.close();
  await emulator.close();
});

/** Hands requests over as our server does: headers in lower case, the body as it came. */
function serve({ handle }: Webhook): Server {
  return createServer(async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const { status, headers: more, body } = await handle({ query: {}, headers, body: await buffer(request) });
    response.writeHead(status, more).end(body);
  });
}

const post = async (body: string, headers: Record<string, string>) => {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, body: await response.text() };
};

describe('Slack over HTTP', () => {
  it('takes what Slack signed: events, commands and presses', async () => {
    expect(slack.health?.()).toBe('ok');
    for (const [kind, body] of [
      ['event', mentionBody('calls today')],
      ['event', directBody('昨日外呼')],
      ['command', commandBody('/calls', 'today 今天 &amp; a+b')],
      ['interactive', pressBody({ action_id: 'en.0.0', value: '{"command":"calls.day","args":{"day":"2025-10-16"}}' })],
    ] as const) {
      expect(await emulator.post(url, kind, body)).toEqual({ status: 200, attempts: 1, body: '' });
    }
    await vi.waitFor(() => expect(heard).toHaveLength(4));
    expect(heard.map(({ text, call }) => text ?? call)).toEqual([
      'calls today',
      '昨日外呼',
      'calls today 今天 & a+b',
      { command: 'calls.day', args: { day: '2025-10-16' } },
    ]);
  });

  it('answers at once and works afterwards', async () => {
    let finish = () => {};
    answer = () => new Promise((resolve) => (finish = resolve));
    expect(await emulator.post(url, 'event', mentionBody('slow'))).toMatchObject({ status: 200, attempts: 1 });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    finish();
    answer = () => Promise.reject(new Error('no'));
    expect(await emulator.post(url, 'event', mentionBody('fails'))).toMatchObject({ status: 200, attempts: 1 });
  });

  it('answers the verification of its address, if it is signed', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc', token: 't' });
    expect(await post(body, sign(SECRET, body, NOW))).toEqual({ status: 200, body: '{"challenge":"abc"}' });
    expect(await post(body, {})).toEqual({ status: 401, body: '' });
  });

  it('answers the check of its certificate', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await post('ssl_check=1&token=t', type)).toEqual({ status: 200, body: '' });
    expect((await post('ssl_check=0&command=%2Ffieldbell', type)).status).toBe(401);
  });

  it.each([
    ['unsigned', () => ({})],
    ['signed with another secret', (body: string) => sign('another', body, NOW)],
    ['signed over another body', () => sign(SECRET, '{}', NOW)],
    ['replayed after five minutes', (body: string) => sign(SECRET, body, NOW - 301)],
    ['from the future', (body: string) => sign(SECRET, body, NOW + 301)],
    [
      'with a time that is none',
      (body: string) => ({ ...sign(SECRET, body, NOW), 'x-slack-request-timestamp': 'NaN' }),
    ],
    ['with half a signature', (body: string) => ({ ...sign(SECRET, body, NOW), 'x-slack-signature': 'v0=1cdc' })],
    [
      'with the signature of another version',
      (body: string) => {
        const headers = sign(SECRET, body, NOW);
        return { ...headers, 'x-slack-signature': headers['x-slack-signature']?.replace('v0', 'v1') ?? '' };
      },
    ],
  ] as [string, (body: string) => Record<string, string>][])(
    'refuses what is %s, with 401 and nothing else',
    async (_, headers) => {
      const { body } = encode('event', mentionBody('secret plans'));
      expect(await post(body, headers(body))).toEqual({ status: 401, body: '' });
      expect(heard).toEqual([]);
    },
  );

  it('takes what is a little late or early', async () => {
    for (const seconds of [NOW - 299, NOW + 299]) {
      const { body } = encode('event', mentionBody('in time'));
      expect((await post(body, sign(SECRET, body, seconds))).status).toBe(200);
    }
  });

  it.each(['', '{', '[]', 'null', '"x"', '1'])('refuses a signed body that is none: %s', async (body) => {
    expect((await post(body, sign(SECRET, body, NOW))).status).toBe(400);
  });

  it.each([
    {},
    { type: 'event_callback' },
    { type: 'event_callback', event_id: 'E', event: null },
    { type: 'event_callback', event_id: 'E', event: { type: 'app_mention' } },
    { type: 'block_actions', actions: [] },
    { type: 'block_actions', user: {}, actions: [{ action_id: 1 }] },
    { command: 7, __proto__: null },
  ])('outlives a signed body that says nothing: %j', async (what) => {
    const body = JSON.stringify(what);
    expect((await post(body, sign(SECRET, body, NOW))).status).toBe(200);
    expect(heard).toEqual([]);
  });

  it('leaves events to be posted again while nobody listens', async () => {
    await slack.stop?.();
    expect(await emulator.post(url, 'event', mentionBody('later'))).toMatchObject({ status: 503, attempts: 4 });
  });
});

describe('a signature', () => {
  it('is as Slack documents it', () => {
    const body = Buffer.from('token=xyzz0WbapA4vBCDEFasx0q6G&command=%2Freport&text=today');
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=1cdcb7370188bc111fbc274324a16f4a0de02e6a2e75cedb4b577c636f605121',
    };
    expect(isSigned(SECRET, headers, body, new Date(1531420618_000))).toBe(true);
    expect(isSigned('', headers, body, new Date(1531420618_000))).toBe(false);
  });
});
