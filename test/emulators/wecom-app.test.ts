import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWecomAppEmulator, type WecomAppEmulator } from './wecom-app.ts';

const APP = { corpId: 'wwcorp', secret: 'the-secret-of-the-app', agentId: 1000002 };
const CALLBACK = { callbackToken: 'QDG6eK', callbackAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');

let app: WecomAppEmulator;
let now: Date;
let token: string;

beforeEach(async () => {
  now = new Date('2025-10-17T06:20:00Z');
  const clock = { now: () => now };
  app = await startWecomAppEmulator({ ...APP, ...CALLBACK, users: ['ZhangSan', 'lisi'], clock, callbackWaitMs: 100 });
  token = (await get('gettoken?corpid=wwcorp&corpsecret=the-secret-of-the-app')).access_token ?? '';
});
afterEach(() => app.close());

interface Answer {
  errcode: number;
  errmsg: string;
  access_token?: string;
  expires_in?: number;
  invaliduser?: string;
  unlicenseduser?: string;
  response_code?: string;
  media_id?: string;
}
const get = async (path: string) => (await (await fetch(`${app.url}/cgi-bin/${path}`)).json()) as Answer;
const post = async (path: string, body: unknown, value = token) => {
  const init = { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${app.url}/cgi-bin/message/${path}?access_token=${value}`, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
};
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const text = (content: string, more: object = {}) => ({
  touser: 'zhangsan',
  msgtype: 'text',
  agentid: APP.agentId,
  text: { content },
  ...more,
});
const card = (task_id: string, buttons = 1) => ({
  touser: 'zhangsan',
  msgtype: 'template_card',
  agentid: APP.agentId,
  template_card: {
    card_type: 'button_interaction',
    main_title: { title: '喜报' },
    task_id,
    button_list: Array.from({ length: buttons }, (_, i) => ({ text: `按钮 ${i}`, key: `k${i}` })),
  },
});

describe('the WeCom app emulator', () => {
  it('gives a token to who knows the secret, and takes it for two hours', async () => {
    expect((await get('gettoken?corpid=wwcorp&corpsecret=x')).errcode).toBe(40001);
    expect((await get('gettoken?corpid=x&corpsecret=the-secret-of-the-app')).errcode).toBe(40013);
    expect((await post('send', text('x'), '')).errcode).toBe(41001);
    expect((await post('send', text('x'), 'another')).errcode).toBe(40014);
    later(7199_000);
    expect((await post('send', text('x'))).errcode).toBe(0);
    later(1000);
    expect((await post('send', text('x'))).errcode).toBe(42001);
  });

  it('drops what is over 30 in a minute for a member, and answers that all is well', async () => {
    for (let i = 0; i < 32; i++) expect((await post('send', text(`${i}`))).errcode).toBe(0);
    expect(app.received('ZhangSan')).toHaveLength(30);
    expect(app.dropped()).toBe(2);
    await post('send', text('to another', { touser: 'lisi' }));
    later(60_000);
    await post('send', text('free again'));
    expect([app.received('zhangsan').length, app.received('lisi').length]).toEqual([31, 1]);
  });

  it('swallows equal requests within their interval, where asked to', async () => {
    const soon = text('z', { enable_duplicate_check: 1, duplicate_check_interval: 1 });
    await post('send', soon);
    later(1000);
    await post('send', soon);
    const checked = text('x', { enable_duplicate_check: 1, duplicate_check_interval: 14_400 });
    await post('send', checked);
    later(7000_000);
    expect((await post('send', checked)).errcode).toBe(0);
    expect(app.received('zhangsan')).toHaveLength(3);
    await post('send', { ...checked, text: { content: 'y' } });
    for (let i = 0; i < 2; i++) await post('send', text('x'));
    expect(app.received('zhangsan')).toHaveLength(6);
  });

  it('names who was not reached, and refuses where nobody is left', async () => {
    app.withdrawLicence('lisi');
    expect(await post('send', text('x', { touser: 'ZhangSan|Nobody|lisi' }))).toMatchObject({
      errcode: 0,
      invaliduser: 'nobody',
      unlicenseduser: 'lisi',
    });
    expect((await post('send', text('x', { touser: 'nobody' }))).errcode).toBe(81013);
    expect(app.received('lisi')).toEqual([]);
  });

  it.each([
    [40008, 'not json', '{'],
    [40008, 'an unknown type', { ...text('x'), msgtype: 'poem' }],
    [82001, 'nobody', text('x', { touser: '' })],
    [44004, 'no words', text(' ')],
    [301002, 'another app', text('x', { agentid: 1 })],
    [40058, 'too long an interval', text('x', { duplicate_check_interval: 14_401 })],
    [40058, 'seven buttons', card('t', 7)],
    [42014, 'a task id with a slash', card('a/b')],
    [
      45002,
      'long markdown',
      { ...text(''), msgtype: 'markdown', text: undefined, markdown: { content: '单'.repeat(683) } },
    ],
    [40007, 'an unknown media id', { ...text(''), msgtype: 'image', text: undefined, image: { media_id: '3abc' } }],
  ])('answers %i to %s', async (errcode, _what, body) => {
    expect((await post('send', body)).errcode).toBe(errcode);
    expect(app.received('zhangsan')).toEqual([]);
  });

  it('cuts a text that is too long', async () => {
    await post('send', text('单'.repeat(700)));
    expect(app.received('zhangsan')[0]?.body).toMatchObject({ text: { content: '单'.repeat(682) } });
  });

  it('takes a task id once, and a response code once', async () => {
    const { response_code } = await post('send', card('t1'));
    expect((await post('send', card('t1'))).errcode).toBe(42014);
    const changed = {
      userids: ['zhangsan'],
      agentid: APP.agentId,
      response_code,
      template_card: { ...card('t2').template_card, replace_text: '已处理' },
    };
    expect((await post('update_template_card', changed)).errcode).toBe(0);
    expect(app.received('zhangsan')[0]?.card?.replace_text).toBe('已处理');
    expect((await post('update_template_card', changed)).errcode).toBe(40058);
  });

  it('keeps media for three days, and gives large ones in parts', async () => {
    const upload = async (bytes: Buffer, type: string) => {
      const head = `--b\r\nContent-Disposition: form-data; name="media"; filename="p.png"; filelength=${bytes.length}\r\nContent-Type: image/png\r\n\r\n`;
      const response = await fetch(`${app.url}/cgi-bin/media/upload?access_token=${token}&type=${type}`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')]),
      });
      return (await response.json()) as Answer;
    };
    expect((await upload(Buffer.from('GIF89a'), 'image')).errcode).toBe(40004);
    expect((await upload(PNG, 'poem')).errcode).toBe(40004);
    const { media_id } = await upload(PNG, 'image');
    const image = { ...text(''), msgtype: 'image', text: undefined, image: { media_id } };
    expect((await post('send', image)).errcode).toBe(0);
    expect(app.received('zhangsan')[0]?.upload?.bytes).toEqual(PNG);
    expect((await post('send', { ...image, msgtype: 'file', file: { media_id } })).errcode).toBe(40007);

    const large = await upload(Buffer.concat([PNG, Buffer.alloc(3 * 1024 * 1024)]), 'image');
    const path = `media/get?access_token=${token}&media_id=${large.media_id}`;
    expect((await get(path)).errcode).toBe(830002);
    const part = await fetch(`${app.url}/cgi-bin/${path}`, { headers: { range: 'bytes=0-11' } });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, PNG]);
  });

  it('calls again where no answer comes, three times', async () => {
    let calls = 0;
    const deaf = createServer((_, response) => {
      if (++calls === 6) response.end();
    }).listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const address = `http://127.0.0.1:${(deaf.address() as AddressInfo).port}/webhooks/wecom`;
    expect(await app.say(address, 'zhangsan', '日报')).toEqual([0, 0, 0, 0]);
    expect(await app.say(address, 'zhangsan', '日报')).toEqual([0, 200]);
    deaf.closeAllConnections();
    deaf.close();
  });

  it('misbehaves as told', async () => {
    app.misbehave({ kind: 'errcode', errcode: 45009 }, { on: 'gettoken' });
    expect((await get('gettoken?corpid=wwcorp&corpsecret=the-secret-of-the-app')).errcode).toBe(45009);
    app.misbehave({ kind: 'reset', delivered: true });
    await expect(post('send', text('x'))).rejects.toThrow();
    expect(app.received('zhangsan')).toHaveLength(1);
    app.expireToken();
    expect((await post('send', text('x'))).errcode).toBe(42001);
  });
});
