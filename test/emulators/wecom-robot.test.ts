import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWecomRobotEmulator, type WecomRobotEmulator } from './wecom-robot.ts';

const KEY = '693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa';
const OTHER = '693a91f6-7bbb-4bc4-97a0-0ec2sifa5bbb';
const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');

let robot: WecomRobotEmulator;
let now = new Date('2025-10-17T06:20:00Z');

beforeEach(async () => {
  now = new Date('2025-10-17T06:20:00Z');
  robot = await startWecomRobotEmulator({ keys: [KEY, OTHER], clock: { now: () => now } });
});
afterEach(() => robot.close());

const post = async (body: unknown, key = KEY) => {
  const init = { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${robot.url}/cgi-bin/webhook/send?key=${key}`, init);
  expect(response.status).toBe(200);
  return (await response.json()) as { errcode: number; errmsg: string };
};
const upload = async (bytes: Buffer, { key = KEY, type = 'file', filelength = bytes.length } = {}) => {
  const head = `--b\r\nContent-Disposition: form-data; name="media"; filename="十月.xlsx"; filelength=${filelength}\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const response = await fetch(`${robot.url}/cgi-bin/webhook/upload_media?key=${key}&type=${type}`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')]),
  });
  return (await response.json()) as { errcode: number; media_id: string; created_at: unknown; type: string };
};
const text = (content: string) => ({ msgtype: 'text', text: { content } });
const image = (bytes: Buffer, md5 = createHash('md5').update(bytes).digest('hex')) => ({
  msgtype: 'image',
  image: { base64: bytes.toString('base64'), md5 },
});
const card = (extra: object) => ({
  msgtype: 'template_card',
  template_card: {
    card_type: 'text_notice',
    main_title: { title: '喜报' },
    card_action: { type: 1, url: 'https://x' },
    ...extra,
  },
});

describe('the WeCom group robot emulator', () => {
  it('delivers in order, with the time', async () => {
    await post(text('一'));
    now = new Date(now.getTime() + 1000);
    expect(await post(text('二'))).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(robot.received(KEY).map(({ at, body }) => [at.toISOString(), body])).toEqual([
      ['2025-10-17T06:20:00.000Z', text('一')],
      ['2025-10-17T06:20:01.000Z', text('二')],
    ]);
    expect(robot.received(OTHER)).toEqual([]);
  });

  it('answers an unknown or removed key with 93000 and the tail of the real message', async () => {
    const answer = await post(text('x'), 'unknown');
    expect(answer.errcode).toBe(93000);
    expect(answer.errmsg).toMatch(
      /^invalid webhook url, hint: \[\d+\], from ip: [\d.]+, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=93000$/,
    );
    robot.remove(KEY);
    expect((await post(text('x'))).errcode).toBe(93000);
  });

  it('takes 20 messages in any 60 seconds of a robot; what it blocks does not count', async () => {
    for (let i = 0; i < 20; i++) {
      now = new Date(now.getTime() + 1000);
      expect((await post(text(`${i}`))).errcode).toBe(0);
    }
    for (let i = 0; i < 5; i++) expect((await post(text('blocked'))).errcode).toBe(45009);
    expect((await post(text('another robot'), OTHER)).errcode).toBe(0);
    now = new Date(now.getTime() + 40_999);
    expect((await post(text('too early'))).errcode).toBe(45009);
    now = new Date(now.getTime() + 1);
    expect((await post(text('one is free'))).errcode).toBe(0);
    expect((await post(text('only one'))).errcode).toBe(45009);
    expect(robot.received(KEY)).toHaveLength(21);
  });

  it.each([
    ['text', text('单'.repeat(682)), text(`${'单'.repeat(682)}abc`)],
    [
      'markdown',
      { msgtype: 'markdown', markdown: { content: '单'.repeat(1365) } },
      { msgtype: 'markdown', markdown: { content: '单'.repeat(1366) } },
    ],
    [
      'v2',
      { msgtype: 'markdown_v2', markdown_v2: { content: 'a'.repeat(4096) } },
      { msgtype: 'markdown_v2', markdown_v2: { content: 'a'.repeat(4097) } },
    ],
  ])('counts the bytes of %s', async (_name, fits, tooLong) => {
    expect((await post(fits)).errcode).toBe(0);
    expect(await post(tooLong)).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining('exceed max length') });
    expect(robot.received(KEY)).toHaveLength(1);
  });

  it.each([
    [40008, 'not json', '{"msgtype":'],
    [40008, 'an unknown type', { msgtype: 'video', video: {} }],
    [40008, 'no type', { text: { content: 'x' } }],
    [40058, 'no content', { msgtype: 'text', text: {} }],
    [40058, 'no text', { msgtype: 'text' }],
    [44004, 'empty content', text('')],
    [40058, 'mentions that are no list', { msgtype: 'text', text: { content: 'x', mentioned_list: '@all' } }],
    [301019, 'another md5', image(PNG, 'd41d8cd98f00b204e9800998ecf8427e')],
    [40004, 'a picture that is none', image(Buffer.from('GIF89a and more'))],
    [45001, 'a picture over 2 MB', image(Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)]))],
    [40058, 'no article', { msgtype: 'news', news: { articles: [] } }],
    [40058, 'nine articles', { msgtype: 'news', news: { articles: Array(9).fill({ title: 't', url: 'u' }) } }],
    [40058, 'a card without action', card({ card_action: undefined })],
    [40058, 'a card with buttons', card({ card_type: 'button_interaction' })],
    [40058, 'a card without words', card({ main_title: {} })],
    [40058, 'a news card without picture', card({ card_type: 'news_notice' })],
    [40058, 'a link row without address', card({ horizontal_content_list: [{ keyname: 'k', type: 1 }] })],
    [40007, 'a media id that was never given', { msgtype: 'file', file: { media_id: '3abc' } }],
  ])('answers %i to %s', async (errcode, what, body) => {
    const answer = await post(body);
    expect(answer.errcode).toBe(errcode);
    if (what === 'not json') expect(answer.errmsg).toContain('Warning: wrong json format.');
    expect(robot.received(KEY)).toEqual([]);
  });

  it('takes pictures, cards, and cuts long articles', async () => {
    expect((await post(image(PNG))).errcode).toBe(0);
    expect((await post(card({ horizontal_content_list: [{ keyname: 'k', value: 'v' }] }))).errcode).toBe(0);
    await post({ msgtype: 'news', news: { articles: [{ title: '单'.repeat(50), url: 'https://x' }] } });
    const news = robot.received(KEY)[2]?.body;
    expect(news?.msgtype === 'news' && news.news.articles[0]?.title).toBe('单'.repeat(42));
  });

  it('keeps an uploaded file for three days and for its own robot', async () => {
    const media = await upload(Buffer.from('some file'));
    expect(media).toMatchObject({ errcode: 0, type: 'file', created_at: '1760682000' });
    const file = { msgtype: 'file', file: { media_id: media.media_id } };
    expect((await post(file, OTHER)).errcode).toBe(40007);
    expect((await post(file)).errcode).toBe(0);
    expect(robot.received(KEY)[0]?.upload).toEqual({ name: '十月.xlsx', bytes: Buffer.from('some file') });
    now = new Date(now.getTime() + 3 * 24 * 3600_000);
    expect((await post(file)).errcode).toBe(40007);
  });

  it('refuses files that are too small, voices that are none, and parts without their length', async () => {
    expect((await upload(Buffer.from('12345'))).errcode).toBe(40006);
    expect((await upload(Buffer.from('some file'), { type: 'voice' })).errcode).toBe(40004);
    expect((await upload(Buffer.from('some file'), { type: 'image' })).errcode).toBe(40004);
    expect((await upload(Buffer.from('some file'), { filelength: 3 })).errcode).toBe(40058);
  });

  it('misbehaves as told, one call after another', async () => {
    robot.misbehave({ kind: 'errcode', errcode: -1 }, { times: 2 });
    robot.misbehave({ kind: 'reset', delivered: true });
    expect((await post(text('a'))).errcode).toBe(-1);
    expect((await post(text('a'))).errcode).toBe(-1);
    await expect(post(text('b'))).rejects.toThrow();
    robot.misbehave({ kind: 'truncated' });
    await expect(post(text('c'))).rejects.toThrow(SyntaxError);
    expect(robot.received(KEY).map(({ body }) => body)).toEqual([text('b'), text('c')]);
  });
});
