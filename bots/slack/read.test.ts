import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandBody, directBody, eventBody, mentionBody, pressBody } from '../../test/emulators/slack-events.ts';
import { plainWords, read as readBody } from './read.ts';

const FIXTURES = new URL('fixtures/read/', import.meta.url);
const read = (body: unknown, self: string | undefined = 'UBOT') =>
  readBody(body, { self, file: ({ name }) => ({ name, bytes: async () => new Uint8Array() }) });

describe('what Slack sends', () => {
  it.each(readdirSync(FIXTURES))('is read as in %s', (name) => {
    const { body, inbound } = JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8'));
    expect(read(body)).toEqual(inbound);
  });

  it('is a mention without the mention, wherever it stands', () => {
    const said = (text: string) => read(eventBody({ type: 'app_mention', user: 'U1', channel: 'C1', text }))?.text;
    expect(said('<@UBOT> calls today')).toBe('calls today');
    expect(said('hey <@UBOT|fieldbell>, calls today')).toMatch(/^hey\s+, calls today$/);
    expect(said('<@UBOT>')).toBe('help');
    expect(said('<@UBOT> why <@U2> &lt;@U3&gt;')).toBe('why @U2 <@U3>');
  });

  it('names the bot itself, before we know its id', () => {
    expect(
      readBody(mentionBody('help'), { file: ({ name }) => ({ name, bytes: async () => new Uint8Array() }) })?.text,
    ).toBe('help');
  });

  it('is a command, by its own name or by ours', () => {
    const said = (command: string, text: string) => read(commandBody(command, text))?.text;
    expect(said('/fieldbell', 'calls today')).toBe('calls today');
    expect(said('/Fieldbell', '')).toBe('help');
    expect(said('/calls', 'today')).toBe('calls today');
    expect(said('/报表', '')).toBe('报表');
  });

  it('answers a command of a direct chat in the bot’s own chat with the asker', () => {
    const direct = { channel_id: 'D77', channel_name: 'directmessage' };
    expect(read(commandBody('/calls', 'today', direct))).toMatchObject({
      room: 'slack:U1',
      group: false,
      from: 'slack:U1',
    });
  });

  it('is the files of a direct chat, with or without words', () => {
    const files = [{ id: 'F1', name: '合同.csv', url_private: 'https://files.slack.com/a' }];
    const silent = read(directBody('', { subtype: 'file_share', files }));
    expect(silent?.text).toBeUndefined();
    expect(silent?.files?.map(({ name }) => name)).toEqual(['合同.csv']);
    expect(read(directBody('import', { subtype: 'file_share', files }))?.text).toBe('import');
    const mention = mentionBody('look');
    expect(read({ ...mention, event: { ...(mention['event'] as object), files } })?.files).toBeUndefined();
  });

  it('is a button with its call, its short name, its message and its language', () => {
    const value = JSON.stringify({ command: 'calls.day', args: { day: '2025-10-16' } });
    expect(read(pressBody({ action_id: 'zh.1.0', value }, { ts: '1.000001', channel: 'D1' }))).toMatchObject({
      room: 'slack:D1',
      group: false,
      from: 'slack:U1',
      fromName: 'li',
      pressed: '1.000001',
      lang: 'zh',
      call: { command: 'calls.day', args: { day: '2025-10-16' } },
    });
    expect(read(pressBody({ action_id: 'en.1.0', value: 'kX-22' }))).toMatchObject({
      ref: 'kX-22',
      lang: 'en',
      group: true,
    });
    expect(read(pressBody({ action_id: 'x', value: '{"no":"call"}' }))?.call).toBeUndefined();
  });

  it('has an id of its own for every press and command, and one for a repetition', () => {
    const bodies = [1, 2].flatMap(() => [
      pressBody({ action_id: 'zh.0.0', value: 'a' }),
      commandBody('/calls', 'today'),
      mentionBody('calls today'),
    ]);
    expect(new Set(bodies.map((body) => read(body)?.id)).size).toBe(6);
    for (const body of bodies) expect(read(structuredClone(body))?.id).toBe(read(body)?.id);
  });

  it.each([
    ['the bot itself', directBody('x', { user: 'UBOT' })],
    ['another bot', directBody('x', { bot_id: 'B2' })],
    ['a bot without a user', directBody('x', { user: undefined, bot_id: 'B2' })],
    ['an edited message', directBody('', { subtype: 'message_changed', message: { text: 'x' } })],
    [
      'an edited mention',
      eventBody({ type: 'app_mention', user: 'U1', channel: 'C1', text: 'x', edited: { user: 'U1', ts: '1' } }),
    ],
    ['a removed message', directBody('', { subtype: 'message_deleted' })],
    ['a message of a channel that does not call the bot', directBody('x', { channel: 'C1', channel_type: 'channel' })],
    ['a mention in a direct chat, which comes as a message too', mentionBody('x', { channel: 'D1' })],
    ['a reaction', eventBody({ type: 'reaction_added', user: 'U1' })],
    ['a modal', { type: 'view_submission', user: { id: 'U1' }, view: {} }],
    ['a button that only opens a page', pressBody({ action_id: 'a', value: undefined })],
    ['nothing', undefined],
  ])('is nothing to us: %s', (_, body) => {
    expect(read(body)).toBeUndefined();
  });
});

describe('plain words', () => {
  it.each([
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['<https://a.example/x?y=1&amp;z=2>', 'https://a.example/x?y=1&z=2'],
    ['<https://a.example|a.example>', 'a.example'],
    ['<mailto:li@a.example|li@a.example>', 'li@a.example'],
    ['<@U1> <@U1|li> <#C1|sales> <#C1>', '@U1 @li #sales #C1'],
    ['<!here> <!channel|channel> <!subteam^S1|@team> <!date^1^{date}|today>', '@here channel @team today'],
    ['昨日 < 3 单 > 2', '昨日 < 3 单 > 2'],
  ])('of %s are %s', (markup, words) => {
    expect(plainWords(markup)).toBe(words);
  });
});
