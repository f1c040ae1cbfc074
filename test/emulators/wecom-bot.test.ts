import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startWecomBotEmulator, type WecomBotEmulator } from './wecom-bot.ts';
import { SILENT } from './wecom-bot-rules.ts';

const BOT = { botId: 'aibJ3dXxQe', secret: 'c2VjcmV0' };
const GROUP = 'wrkSFfCgAA3x';
const MINUTE_MS = 60_000;

let emulator: WecomBotEmulator;
let now: Date;
const open: WebSocket[] = [];
beforeEach(async () => {
  now = new Date('2025-10-17T06:20:00Z');
  emulator = await startWecomBotEmulator({ ...BOT, clock: { now: () => now }, chats: [GROUP] });
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate();
  await emulator.close();
});

type Said = { cmd?: string; headers: { req_id: string }; errcode?: number; body?: Record<string, unknown> };

/** A client that knows nothing but the wire. */
async function client(secret = BOT.secret) {
  const socket = new WebSocket(emulator.url);
  open.push(socket);
  const heard: Said[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data)) as Said));
  await once(socket, 'open');
  let count = 0;
  const send = async (cmd: string, body: object = {}, req_id = `${cmd}_${++count}`): Promise<Said> => {
    const from = heard.length;
    socket.send(JSON.stringify({ cmd, headers: { req_id }, body }));
    for (;;) {
      const ack = heard.slice(from).find((said) => said.cmd === undefined && said.headers.req_id === req_id);
      if (ack) return ack;
      await once(socket, 'message');
    }
  };
  const { errcode } = await send('aibot_subscribe', { bot_id: BOT.botId, secret });
  return { socket, heard, send, subscribed: errcode };
}

const words = (content = 'hi') => ({ msgtype: 'markdown', markdown: { content } });
const stream = (content: string, finish = false) => ({ msgtype: 'stream', stream: { id: 's', finish, content } });
const toGroup = (body: object = words()) => ({ chatid: GROUP, chat_type: 2, ...body });
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

describe("the WeCom bot's emulator", () => {
  it('lets nobody in with a wrong secret', async () => {
    const stranger = await client('wrong');
    expect(stranger.subscribed).toBe(853000);
    expect((await stranger.send('aibot_send_msg', toGroup())).errcode).toBe(846609);
  });

  it('has one connection: the newer ends the older, and says so', async () => {
    const older = await client();
    const newer = await client();
    await once(older.socket, 'close');
    expect(older.heard.at(-1)?.body).toMatchObject({ event: { eventtype: 'disconnected_event' } });
    expect((await newer.send('ping')).errcode).toBe(0);
  });

  it.each([
    [{ chatid: 'nobody', ...words() }, 93006],
    [{ chatid: 'silent', ...words() }, SILENT],
    [toGroup({ msgtype: 'text', text: { content: 'hi' } }), 40008],
    [toGroup({ markdown: { content: 'hi' } }), 40058],
    [toGroup(words('单'.repeat(6827))), 45002],
    [toGroup(words(' ')), 44004],
    [toGroup({ msgtype: 'image', image: { media_id: 'x' } }), 40007],
    [toGroup({ msgtype: 'stream', stream: { id: 's', content: 'x' } }), 40008],
    [words(), 40058],
  ])('refuses %j with %i', async (body, errcode) => {
    emulator.addSilent('silent');
    const { send } = await client();
    expect((await send('aibot_send_msg', body)).errcode).toBe(errcode);
    expect(emulator.received(GROUP)).toEqual([]);
  });

  it('takes 30 messages a minute in a conversation, streams once, and no more', async () => {
    const { send, heard } = await client();
    emulator.say({ userid: 'u', chatid: GROUP }, 'x');
    await expect.poll(() => heard.at(-1)?.cmd).toBe('aibot_msg_callback');
    const reqId = heard.at(-1)?.headers.req_id;
    for (const content of ['1', '2', '3']) await send('aibot_respond_msg', stream(content), reqId);
    for (let i = 1; i < 30; i++) expect((await send('aibot_send_msg', toGroup())).errcode).toBe(0);
    expect((await send('aibot_send_msg', toGroup())).errcode).toBe(846607);
    later(MINUTE_MS);
    expect((await send('aibot_send_msg', toGroup())).errcode).toBe(0);
  });

  it('forgets: a stream after 6 minutes, a request after 24 hours, a welcome after 5 seconds', async () => {
    const { send, heard } = await client();
    const asked = async (cmd: string) => {
      await expect.poll(() => heard.at(-1)?.cmd).toBe(cmd);
      return heard.at(-1)?.headers.req_id;
    };
    emulator.say({ userid: 'u', chatid: GROUP }, 'x');
    const reqId = await asked('aibot_msg_callback');
    expect((await send('aibot_respond_msg', stream('1'), reqId)).errcode).toBe(0);
    later(6 * MINUTE_MS + 1);
    expect((await send('aibot_respond_msg', stream('2', true), reqId)).errcode).toBe(846608);
    expect((await send('aibot_respond_msg', words(), reqId)).errcode).toBe(0);
    later(24 * 60 * MINUTE_MS);
    expect((await send('aibot_respond_msg', words(), reqId)).errcode).toBe(846605);
    emulator.enter('u');
    const visit = await asked('aibot_event_callback');
    expect((await send('aibot_respond_msg', stream('1'), visit)).errcode).toBe(846605);
    later(5001);
    const welcome = { msgtype: 'text', text: { content: 'hello' } };
    expect((await send('aibot_respond_welcome_msg', welcome, visit)).errcode).toBe(846605);
  });

  it.each([0, 1])('puts chunks together that are counted from %i, in any order', async (first) => {
    const { send } = await client();
    const head = { type: 'file', filename: 'a.csv', total_size: 10, total_chunks: 2 };
    const md5 = 'e807f1fcf82d132f9bb018ca6738a19f';
    const { body } = await send('aibot_upload_media_init', { ...head, md5 });
    const upload_id = body?.['upload_id'];
    const chunk = (index: number, text: string) => ({
      ...{ upload_id, chunk_index: first + index },
      base64_data: Buffer.from(text).toString('base64'),
    });
    await send('aibot_upload_media_chunk', chunk(1, '67890'));
    expect((await send('aibot_upload_media_finish', { upload_id })).errcode).toBe(40058);
    await send('aibot_upload_media_chunk', chunk(0, '12345'));
    const done = await send('aibot_upload_media_finish', { upload_id });
    const media_id = done.body?.['media_id'];
    expect((await send('aibot_send_msg', toGroup({ msgtype: 'file', file: { media_id } }))).errcode).toBe(0);
    expect(emulator.received(GROUP)[0]?.upload?.bytes.toString()).toBe('1234567890');
  });
});
