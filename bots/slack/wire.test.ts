import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError, SetupError } from '../../src/core/errors.ts';
import type { Inbound } from '../../src/core/platform.ts';
import { systemClock } from '../../src/core/time.ts';
import { type SlackEmulator, startSlackEmulator, type Trouble } from '../../test/emulators/slack.ts';
import { createSlack } from './index.ts';

const TOKENS = { botToken: 'xoxb-1-wire', appToken: 'xapp-1-wire' };
const TO = 'slack:C1';
const log = pino({ enabled: false });
const hello = {
  type: 'message',
  text: 'hello',
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'hello' } }],
} as const;
const parcel = { ...hello, blocks: [...hello.blocks] };
const file = {
  type: 'file' as const,
  name: '十月 合同.csv',
  title: '十月 合同.csv',
  bytes: Buffer.from('合同,金额\n'),
};
const pressed = (ts: string | undefined): Inbound => ({
  id: '1',
  room: TO,
  group: true,
  from: 'slack:U1',
  pressed: ts,
});

let emulator: SlackEmulator;
beforeEach(async () => {
  emulator = await startSlackEmulator({ ...TOKENS, signingSecret: 's' });
});
afterEach(() => emulator.close());

const slack = (apiUrl = emulator.apiUrl, botToken = TOKENS.botToken) =>
  createSlack({ botToken, apiUrl, clock: systemClock('Asia/Shanghai'), log, timeoutMs: 1500 });
const failure = async (sending: Promise<unknown>): Promise<DeliveryError> => {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('xoxb');
  return error as DeliveryError;
};
const meeting = async (trouble: Trouble) => {
  emulator.misbehave(trouble);
  return failure(slack().send(TO, parcel));
};
const http = (status: number, headers: Record<string, string> = {}): Trouble => ({ kind: 'http', status, headers });

describe("Slack's wire", () => {
  it('posts, and gives the ts', async () => {
    const { id } = await slack(emulator.apiUrl.replace(/\/$/, '')).send(TO, parcel);
    expect(emulator.posted('C1')).toEqual([{ ts: id, text: 'hello', blocks: hello.blocks }]);
  });

  it('opens the direct chat of a person once', async () => {
    const platform = slack();
    emulator.misbehave(http(500), { on: 'conversations.open' });
    expect((await failure(platform.send('slack:U1', parcel))).kind).toBe('retry');
    for (let i = 0; i < 2; i++) await platform.send('slack:U1', parcel);
    expect(emulator.posted('D1')).toHaveLength(2);
    expect(emulator.calls('conversations.open')).toBe(2);
    expect(await failure(platform.send('slack:U404', parcel))).toMatchObject({ kind: 'refused', gone: true });
  });

  it('whispers to one person of a channel, but not with a file', async () => {
    await slack().send(TO, parcel, { onlyFor: 'slack:U2' });
    expect(emulator.posted('C1')).toMatchObject([{ text: 'hello', onlyFor: 'U2' }]);
    expect((await failure(slack().send(TO, file, { onlyFor: 'slack:U2' }))).message).toMatch(/send it to slack:U2/);
    expect((await failure(slack().send(TO, parcel, { onlyFor: 'slack:U404' }))).kind).toBe('refused');
    expect((await failure(slack().send(TO, parcel, { onlyFor: 'telegram:1' }))).kind).toBe('refused');
  });

  it('answers a command directly where the bot is not in its channel', async () => {
    emulator.addChannel('C9', { member: false });
    const command = { id: 'command:1', room: 'slack:C9', group: true, from: 'slack:U1' };
    await slack().send('slack:C9', parcel, { inReplyTo: command });
    expect(emulator.posted('D1')).toHaveLength(1);
    const mention = { ...command, id: 'Ev1' };
    expect(await failure(slack().send('slack:C9', parcel, { inReplyTo: mention }))).toMatchObject({ gone: true });
  });

  it('uploads a file and shares it, with a person too', async () => {
    for (const to of [TO, 'slack:U1']) expect(await slack().send(to, file)).toEqual({ id: undefined });
    const { name, title, bytes } = file;
    for (const channel of ['C1', 'D1']) expect(emulator.posted(channel)[0]?.file).toEqual({ name, title, bytes });
  });

  it('never doubts an upload, only its sharing: nobody sees an upload', async () => {
    for (const on of ['files.getUploadURLExternal', 'upload']) {
      for (const trouble of [{ kind: 'hang' }, { kind: 'reset', delivered: true }, http(502)] as Trouble[]) {
        emulator.misbehave(trouble, { on });
        expect((await failure(slack().send(TO, file))).kind).toBe('retry');
      }
    }
    emulator.misbehave({ kind: 'hang' }, { on: 'files.completeUploadExternal' });
    expect((await failure(slack().send(TO, file))).kind).toBe('doubtful');
    expect(emulator.posted('C1')).toHaveLength(1);
  });

  it.each([
    ['channel_not_found', 'refused', true],
    ['not_in_channel', 'refused', true],
    ['is_archived', 'refused', true],
    ['user_not_found', 'refused', true],
    ['account_inactive', 'refused', false],
    ['invalid_auth', 'refused', false],
    ['not_authed', 'refused', false],
    ['token_revoked', 'refused', false],
    ['missing_scope', 'refused', false],
    ['msg_blocks_too_long', 'refused', false],
    ['some_new_error', 'refused', false],
    ['ratelimited', 'wait', false],
    ['rate_limited', 'wait', false],
    ['service_unavailable', 'retry', false],
    ['internal_error', 'doubtful', false],
    ['fatal_error', 'doubtful', false],
  ])('takes %s as %s', async (error, kind, gone) => {
    const thrown = await meeting({ kind: 'error', error });
    expect(thrown).toMatchObject({ kind, gone });
    expect(thrown.message).toMatch(new RegExp(`^slack:C1: .+\\(${error}\\)`));
    if (kind === 'wait') expect(thrown.retryAfterMs).toBe(30_000);
    expect(emulator.posted('C1')).toEqual([]);
  });

  it('says what to do where the token is wrong, and never shows it', async () => {
    const error = await failure(slack(emulator.apiUrl, 'xoxb-wrong').send(TO, parcel));
    expect(error.message).toBe(
      'slack:C1: SLACK_BOT_TOKEN is wrong: install the app into the workspace again and put its bot token into SLACK_BOT_TOKEN (invalid_auth)',
    );
  });

  it.each([
    [http(500), 'doubtful', undefined],
    [http(502), 'doubtful', undefined],
    [http(504), 'doubtful', undefined],
    [http(503), 'retry', undefined],
    [http(408), 'retry', undefined],
    [http(404), 'refused', undefined],
    [http(302, { location: 'https://elsewhere.example' }), 'refused', undefined],
    [http(200), 'doubtful', undefined],
    [http(429), 'wait', 30_000],
    [http(429, { 'retry-after': '7' }), 'wait', 7000],
  ])('takes an answer without JSON, %j, as %s', async (trouble, kind, retryAfterMs) => {
    expect(await meeting(trouble)).toMatchObject({ kind, retryAfterMs });
    expect(emulator.posted('C1')).toEqual([]);
  });

  it.each([
    [{ kind: 'hang' }, 1],
    [{ kind: 'truncated' }, 1],
    [{ kind: 'reset', delivered: true }, 1],
    // From here one cannot tell it from the line above.
    [{ kind: 'reset', delivered: false }, 0],
    [{ kind: 'http', status: 502, delivered: true }, 1],
    [{ kind: 'error', error: 'internal_error', delivered: true }, 1],
  ] as [Trouble, number][])('is in doubt after %j', async (trouble, arrived) => {
    expect(await meeting(trouble)).toMatchObject({ kind: 'doubtful', retryAfterMs: undefined });
    expect(emulator.posted('C1')).toHaveLength(arrived);
  });

  it('waits for a late answer', async () => {
    emulator.misbehave({ kind: 'delay', ms: 100 });
    expect((await slack().send(TO, parcel)).id).toMatch(/^\d+\.\d{6}$/);
  });

  it('is told how long to wait over the limit', async () => {
    for (let i = 0; i < 4; i++) await slack().send(TO, parcel);
    expect(await failure(slack().send(TO, parcel))).toMatchObject({ kind: 'wait', retryAfterMs: 1000 });
    await slack().send('slack:C2', parcel);
  });

  it.each(['slack:', 'slack:#general', 'slack:c1', 'slack:C1/../x', 'telegram:1'])('refuses %s', async (to) => {
    expect((await failure(slack().send(to, parcel))).message).toMatch(/write slack:ID/);
  });

  describe('updates', () => {
    it('puts one message in the place of another', async () => {
      const platform = slack();
      const { id } = await platform.send(TO, parcel);
      const next = { ...parcel, text: 'next' };
      expect(await platform.update?.(TO, [next], { inReplyTo: pressed(id) })).toBe(true);
      expect(emulator.posted('C1')).toMatchObject([{ ts: id, text: 'next', edited: true }]);
    });

    it('leaves to be sent anew what has no place, or more than one message', async () => {
      const platform = slack();
      for (const [parcels, ts] of [
        [[parcel], undefined],
        [[parcel], '1.000001'],
        [[parcel, parcel], '1.000001'],
        [[parcel, file], '1.000001'],
        [[file], '1.000001'],
        [[], '1.000001'],
      ] as const) {
        expect(await platform.update?.(TO, parcels, { inReplyTo: pressed(ts) })).toBe(false);
      }
      expect(emulator.calls('chat.update')).toBe(1);
    });

    it('are tried again where no answer came: twice is once', async () => {
      const { id } = await slack().send(TO, parcel);
      emulator.misbehave({ kind: 'hang' }, { on: 'chat.update' });
      expect(
        (await failure(slack().update?.(TO, [parcel], { inReplyTo: pressed(id) }) ?? Promise.resolve())).kind,
      ).toBe('retry');
    });
  });

  describe('before anything is sent', () => {
    let broken: Server;
    beforeEach(async () => {
      broken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
      await once(broken, 'listening');
    });
    afterEach(() => broken.close());

    it('may try again: nobody listens, no such name, no TLS', async () => {
      const { port } = broken.address() as AddressInfo;
      const tls = await failure(slack(`https://127.0.0.1:${port}`).send(TO, parcel));
      broken.close();
      const closed = await failure(slack(`http://127.0.0.1:${port}/api/`).send(TO, parcel));
      const nameless = await failure(slack('http://slack.invalid/api/').send(TO, parcel));
      expect([tls.kind, closed.kind, nameless.kind]).toEqual(['retry', 'retry', 'retry']);
      expect(closed.message).toBe('slack:C1: Slack cannot be reached (ECONNREFUSED)');
    });
  });

  it('gives a call under way two seconds once it is told to stop', async () => {
    const stopping = new AbortController();
    emulator.misbehave({ kind: 'delay', ms: 100 });
    const sending = slack().send(TO, parcel, { signal: stopping.signal });
    setTimeout(() => stopping.abort(), 20);
    expect((await sending).id).toBeDefined();
  });

  it('refuses settings that cannot be right', () => {
    const make = (more: object) => () => createSlack({ ...TOKENS, clock: systemClock('Asia/Shanghai'), log, ...more });
    expect(make({ apiUrl: 'nowhere' })).toThrow(SetupError);
    expect(make({ botToken: '' })).toThrow(/SLACK_BOT_TOKEN/);
    expect(make({ appToken: 'two words' })).toThrow(/SLACK_APP_TOKEN/);
  });
});
