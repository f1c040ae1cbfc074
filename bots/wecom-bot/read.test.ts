import { describe, expect, it } from 'vitest';
import { chatOf, read } from './read.ts';

const head = { msgid: 'M1', aibotid: 'B', from: { userid: 'zhangsan' } };
const group = { ...head, chatid: 'wrkSFfCgAA3x', chattype: 'group' };
const single = { ...head, chattype: 'single' };
const frame = (body: object) => ({ cmd: 'aibot_msg_callback', headers: { req_id: 'REQ1' }, body });
const message = (body: object) => {
  const heard = read(frame(body));
  if (heard.kind !== 'message') throw new Error(`it was taken as ${heard.kind}`);
  return heard;
};

describe('a callback of the WeCom bot', () => {
  it('is a line in a group, without the name that called the bot', () => {
    expect(read(frame({ ...group, msgtype: 'text', text: { content: '@小铃\u2005今日外呼 @李四' } }))).toEqual({
      kind: 'message',
      reqId: 'REQ1',
      files: [],
      inbound: {
        id: 'M1',
        room: 'wecom-bot:wrkSFfCgAA3x',
        group: true,
        from: 'wecom-bot:@zhangsan',
        text: '今日外呼 @李四',
      },
    });
  });

  it('is a line in a direct chat, where an @ is what was typed', () => {
    const { inbound } = message({ ...single, msgtype: 'text', text: { content: ' @李四 多少单 ' } });
    expect(inbound).toMatchObject({ room: 'wecom-bot:@zhangsan', group: false, text: '@李四 多少单' });
  });

  it('is a call of the bot by its name alone', () => {
    expect(message({ ...group, msgtype: 'text', text: { content: '@小铃' } }).inbound.text).toBe('');
  });

  it('is what was spoken', () => {
    expect(message({ ...single, msgtype: 'voice', voice: { content: '今日外呼' } }).inbound.text).toBe('今日外呼');
  });

  it('is a line with pictures, not what it quotes', () => {
    const msg_item = [
      { msgtype: 'text', text: { content: '@小铃 看这个' } },
      { msgtype: 'image', image: { url: 'https://x/1', aeskey: 'K' } },
      { msgtype: 'text', text: { content: '谢谢' } },
    ];
    const quote = { msgtype: 'text', text: { content: '旧消息' } };
    const { inbound, files } = message({ ...group, msgtype: 'mixed', mixed: { msg_item }, quote });
    expect(inbound.text).toBe('看这个\n谢谢');
    expect(files).toEqual([{ kind: 'image', url: 'https://x/1', aeskey: 'K' }]);
  });

  it.each(['file', 'image', 'video'])('is a %s', (kind) => {
    const { inbound, files } = message({ ...single, msgtype: kind, [kind]: { url: 'https://x/1' } });
    expect(inbound).not.toHaveProperty('text');
    expect(files).toEqual([{ kind, url: 'https://x/1', aeskey: undefined }]);
  });

  it('is a press, nested as documented or flat as in the types of the SDK, nested first', () => {
    const flat = { eventtype: 'template_card_event', event_key: 'flat', task_id: 'T0' };
    const nested = { ...flat, template_card_event: { event_key: 'why', task_id: 'T1' } };
    const press = (event: object, more = group) => read(frame({ ...more, msgtype: 'event', event }));
    expect(press(nested)).toMatchObject({
      kind: 'press',
      inbound: { id: 'M1', room: 'wecom-bot:wrkSFfCgAA3x', group: true, ref: 'why', pressed: 'T1' },
    });
    expect(press(flat, { ...group, msgid: '' })).toMatchObject({ inbound: { id: 'REQ1', ref: 'flat', pressed: 'T0' } });
  });

  it('is a first visit', () => {
    const event = { eventtype: 'enter_chat' };
    expect(read(frame({ ...single, msgtype: 'event', event }))).toMatchObject({ kind: 'welcome', userid: 'zhangsan' });
  });

  it.each([
    [{ ...single, msgtype: 'event', event: { eventtype: 'feedback_event', feedback_event: { id: 'F', type: 2 } } }],
    [{ ...single, msgtype: 'event', event: { eventtype: 'template_card_event' } }],
    [{ ...single, msgtype: 'event' }],
    [{ ...single, msgtype: 'location' }],
    [{ ...single, msgtype: 'text', text: { content: '  ' } }],
    [{ ...single, msgtype: 'text', text: 'x', msgid: undefined }],
    [{ ...single, from: null }],
    [{ ...single, msgtype: 'mixed', mixed: { msg_item: 'x' } }],
    [{}],
  ])('is ignored: %j', (body) => {
    expect(read(frame(body)).kind).toBe('ignored');
  });

  it.each([null, 7, 'x', {}, { headers: 1, body: [] }])('is no reason to fail: %j', (anything) => {
    expect(read(anything).kind).toBe('ignored');
  });
});

describe('an address of the WeCom bot', () => {
  it.each([
    ['wecom-bot:wrkSFfCgAA3x', { chatid: 'wrkSFfCgAA3x', chat_type: 2 }],
    ['wecom-bot:@zhang.san@corp', { chatid: 'zhang.san@corp', chat_type: 1 }],
    ['wecom-bot:group:wrk', undefined],
    ['wecom-bot:@', undefined],
    ['wecom-bot:@@a', undefined],
    ['wecom-app:a', undefined],
  ])('%s is %j', (address, chat) => {
    expect(chatOf(address)).toEqual(chat);
  });
});
