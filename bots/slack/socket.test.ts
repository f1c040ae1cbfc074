import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Inbound } from '../../src/core/platform.ts';
import { systemClock } from '../../src/core/time.ts';
import { type SlackEmulator, startSlackEmulator } from '../../test/emulators/slack.ts';
import { commandBody, directBody, mentionBody, pressBody } from '../../test/emulators/slack-events.ts';
import { createSlack } from './index.ts';

const TOKENS = { botToken: 'xoxb-1-socket', appToken: 'xapp-1-socket' };
const clock = systemClock('Asia/Shanghai');

let emulator: SlackEmulator;
let slack: ReturnType<typeof createSlack>;
let heard: Inbound[];
let logged: string;
const stopping = new AbortController();
const unhandled = vi.fn();

const begin = (answer: (inbound: Inbound) => Promise<void> = async () => {}) =>
  slack.start?.(async (inbound) => {
    heard.push(inbound);
    await answer(inbound);
  }, stopping.signal);

beforeEach(async () => {
  heard = [];
  logged = '';
  emulator = await startSlackEmulator({ ...TOKENS, signingSecret: 's', ackMs: 1500 });
  const write = (line: string) => {
    logged += line;
  };
  const log = pino({ level: 'debug' }, { write });
  slack = createSlack({ ...TOKENS, apiUrl: emulator.apiUrl, clock, log, timeoutMs: 1000 });
  unhandled.mockClear();
  process.on('unhandledRejection', unhandled);
});
afterEach(async () => {
  await slack.stop?.();
  await emulator.close();
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
  for (const secret of Object.values(TOKENS)) expect(logged).not.toContain(secret);
  expect(logged).not.toContain('ticket=');
});

describe('Slack over Socket Mode', () => {
  it('hears a mention, a direct message, a slash command and a press, and acknowledges each once', async () => {
    await begin();
    expect(slack.health?.()).toBe('ok');
    const mention = mentionBody('calls today');
    const pushes = [
      await emulator.socket.push('events_api', mention),
      await emulator.socket.push('events_api', directBody('昨日外呼')),
      await emulator.socket.push('slash_commands', commandBody('/fieldbell', 'calls today')),
      await emulator.socket.push('interactive', pressBody({ action_id: 'zh.0.0', value: 'some-ref' })),
    ];
    expect(pushes.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
    await vi.waitFor(() => expect(heard).toHaveLength(4));
    expect(heard[0]).toEqual({
      id: mention['event_id'],
      room: 'slack:C1',
      group: true,
      from: 'slack:U1',
      text: 'calls today',
    });
    expect(heard.map(({ text, ref }) => text ?? ref)).toEqual(['calls today', '昨日外呼', 'calls today', 'some-ref']);
  });

  it('puts the answer to a press in the place of the pressed message', async () => {
    const draw = (title: string) =>
      slack.draw({
        title,
        blocks: [
          { type: 'actions', buttons: [{ label: '后一天', call: { command: 'calls.day', args: {} }, ref: 'r' }] },
        ],
        lang: 'zh',
      });
    await begin(async (inbound) => {
      expect(await slack.update?.(inbound.room, draw('10-17'), { inReplyTo: inbound })).toBe(true);
    });
    const [first] = draw('10-16');
    const { id } = first ? await slack.send('slack:C1', first) : {};
    const [posted] = emulator.posted('C1');
    const block = posted?.blocks[1];
    const [button] = block?.type === 'actions' ? block.elements : [];
    if (!id || !button) throw new Error('there is no button');
    await emulator.socket.push('interactive', pressBody(button, { ts: id }));
    await vi.waitFor(() => expect(emulator.posted('C1')).toMatchObject([{ ts: id, text: '10-17', edited: true }]));
    expect(heard).toMatchObject([{ call: { command: 'calls.day', args: {} }, lang: 'zh', pressed: id }]);
  });

  it('fetches the file of a direct message when it is wanted', async () => {
    await begin();
    const files = [emulator.offer('合同.csv', Buffer.from('合同,金额\n'))];
    await emulator.socket.push('events_api', directBody('', { subtype: 'file_share', files }));
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    const [file] = heard[0]?.files ?? [];
    expect(file?.name).toBe('合同.csv');
    expect(Buffer.from((await file?.bytes()) ?? []).toString()).toBe('合同,金额\n');
  });

  it('acknowledges before it answers: a slow answer, or one that fails, is not asked for again', async () => {
    await begin(async ({ text }) => {
      if (text === 'fail') throw new Error('no');
      await new Promise((resolve) => setTimeout(resolve, 2000));
    });
    const slow = emulator.socket.push('slash_commands', commandBody('/fieldbell', 'slow'));
    const fail = emulator.socket.push('events_api', mentionBody('fail'));
    expect([(await slow).attempts, (await fail).attempts]).toEqual([1, 1]);
    await vi.waitFor(() => expect(logged).toContain('an event could not be answered: no'));
  });

  it('gives a repeated event the same id', async () => {
    await begin();
    const [event, command] = [mentionBody('a'), commandBody('/fieldbell', 'a')];
    for (let i = 0; i < 2; i++) {
      await emulator.socket.push('events_api', event);
      await emulator.socket.push('slash_commands', command);
    }
    await emulator.socket.push('slash_commands', commandBody('/fieldbell', 'a'));
    await vi.waitFor(() => expect(heard).toHaveLength(5));
    expect(new Set(heard.map(({ id }) => id)).size).toBe(3);
  });

  it('connects again when Slack recycles the connection, and when it is cut', async () => {
    await begin();
    for (const end of [() => emulator.socket.recycle(), () => emulator.socket.drop()]) {
      end();
      await emulator.socket.push('events_api', mentionBody('still there'));
      await vi.waitFor(() => expect(slack.health?.()).toBe('ok'));
    }
    expect(emulator.calls('apps.connections.open')).toBe(3);
    expect(emulator.socket.connections()).toBe(1);
  });

  it('outlives a reconnection that fails: it tries until it succeeds, and says so meanwhile', async () => {
    await begin();
    emulator.refuseConnections(2);
    emulator.socket.drop();
    await vi.waitFor(() => expect(slack.health?.()).toMatch(/500/), 5000);
    await emulator.socket.push('events_api', mentionBody('back'));
    expect(heard.map(({ text }) => text)).toEqual(['back']);
    expect(emulator.calls('apps.connections.open')).toBe(4);
  });

  it('starts where Slack is down, and listens once it is up', async () => {
    emulator.misbehave({ kind: 'http', status: 502 }, { on: 'auth.test' });
    emulator.refuseConnections(1);
    await begin();
    expect(slack.health?.()).toBe('auth.test: Slack failed (HTTP 502)');
    await emulator.socket.push('events_api', mentionBody('up'));
    expect(slack.health?.()).toBe('ok');
  });

  it('says what to do where a token is wrong', async () => {
    for (const [wrong, words] of [
      [{ botToken: 'xoxb-wrong' }, /SLACK_BOT_TOKEN is wrong: install the app/],
      [{ appToken: 'xapp-wrong' }, /into SLACK_APP_TOKEN/],
    ] as const) {
      const log = pino({ enabled: false });
      const other = createSlack({ ...TOKENS, ...wrong, apiUrl: emulator.apiUrl, clock, log, timeoutMs: 1000 });
      await other.start?.(async () => {}, stopping.signal);
      expect(other.health?.()).toMatch(words);
      await other.stop?.();
    }
  });

  it('closes the connection when it is stopped, also while it is connecting', async () => {
    await begin();
    await slack.stop?.();
    await vi.waitFor(() => expect(emulator.socket.connections()).toBe(0));
    expect(slack.health?.()).toBe('stopped');
    emulator.misbehave({ kind: 'delay', ms: 200 }, { on: 'apps.connections.open' });
    const starting = begin();
    await vi.waitFor(() => expect(emulator.calls('apps.connections.open')).toBe(2));
    await slack.stop?.();
    await starting;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(emulator.socket.connections()).toBe(0);
  });
});
