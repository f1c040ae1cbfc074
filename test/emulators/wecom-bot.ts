import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Clock, systemClock } from '../../src/core/time.ts';
import { createConversations, type Delivered, type Frame, type Request } from './wecom-bot-conversations.ts';
import { createMediaStore } from './wecom-bot-media.ts';
import { Refused } from './wecom-bot-rules.ts';

/** How the next frames of a kind go wrong, one after another. */
export type Trouble =
  /** Answered with this code; nothing happens. */
  | { kind: 'errcode'; errcode: number }
  /** Done, but never answered. */
  | { kind: 'drop-ack' }
  /** Done, answered late. */
  | { kind: 'delay-ack'; ms: number }
  /** The socket stays open, but the subscription is lost: 846609 for every frame until a new connection. */
  | { kind: 'unsubscribe' }
  /** The socket is closed instead of an answer. */
  | { kind: 'close'; delivered: boolean };

export interface WecomBotEmulator {
  /** To be used as `WECOM_BOT_WS_URL`. */
  url: string;
  /** What arrived in a conversation: a chat id, or a user id. */
  received(chat: string): readonly Delivered[];
  /** Somebody speaks; words to a group begin with the bot's name. @returns msgid */
  say(who: { userid: string; chatid?: string }, text: string, options?: { times?: number }): string;
  /** Somebody sends a file, a picture or a video in a direct chat. @returns msgid */
  sendFile(userid: string, name: string, bytes: Uint8Array, type?: 'file' | 'image' | 'video'): string;
  /** Somebody presses a button on the newest card of a conversation that has it. */
  press(who: { userid: string; chatid?: string }, key: string, options?: { flat?: boolean }): string;
  enter(userid: string): void;
  /** A callback as given; `req_id`, `msgid` and `aibotid` are added. */
  callback(cmd: 'aibot_msg_callback' | 'aibot_event_callback', body: Record<string, unknown>): string;
  /** The conversation exists, but nobody has written to the bot there. */
  addSilent(chat: string): void;
  /** Of frames with this command (default: anything that delivers). */
  misbehave(trouble: Trouble, options?: { times?: number; on?: string }): void;
  /** What is to go wrong yet does not. */
  behave(): void;
  /** Frames that were refused because a conversation had too many. */
  readonly overLimit: number;
  /** New connections are closed before they are open. */
  refuseConnections(refused: boolean): void;
  closeSockets(): void;
  /** Subscriptions that were tried, with their outcome. */
  readonly subscriptions: readonly { at: Date; errcode: number }[];
  readonly frames: readonly { cmd: string; body: Record<string, unknown> }[];
  readonly uploads: number;
  /** Whether a connection is subscribed. */
  readonly live: boolean;
  close(): Promise<void>;
}

const DELIVERS = /^aibot_(respond|send)/;
const SAID: Record<number, string> = {
  [-1]: 'system busy',
  45009: 'api freq out of limit',
  846607: 'conversation rate limit',
  846609: 'aibot websocket not subscribed',
  853000: 'invalid bot_id or secret',
};

/**
 * A WeCom AI bot's long connection on 127.0.0.1. Where the documentation is silent it is strict: windows slide, every
 * frame that shows something counts, but for the refreshing of a stream.
 */
export async function startWecomBotEmulator(options: {
  botId: string;
  secret: string;
  clock?: Pick<Clock, 'now'>;
  /** Conversations in which somebody has written to the bot. */
  chats?: readonly string[];
}): Promise<WecomBotEmulator> {
  const clock = options.clock ?? systemClock('Asia/Shanghai');
  const media = createMediaStore(clock);
  const talk = createConversations(clock, media);
  for (const chat of options.chats ?? []) talk.spoken(chat);
  const troubles: { trouble: Trouble; on: string | undefined }[] = [];
  const subscriptions: { at: Date; errcode: number }[] = [];
  const frames: { cmd: string; body: Record<string, unknown> }[] = [];
  let live: WebSocket | undefined;
  let refusing = false;
  let overLimit = 0;
  let count = 0;
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function outcome(frame: Frame): Record<string, unknown> {
    try {
      const body = talk.act(frame);
      return { ...(body && { body }), errcode: 0, errmsg: 'ok' };
    } catch (error) {
      if (error instanceof Refused) {
        if (error.errcode === 846607) overLimit++;
        return { errcode: error.errcode, errmsg: error.message };
      }
      throw error;
    }
  }

  function subscribe(socket: WebSocket, { body }: Frame): number {
    const trouble = takeTrouble('aibot_subscribe');
    const right = body['bot_id'] === options.botId && body['secret'] === options.secret;
    const errcode = trouble?.kind === 'errcode' ? trouble.errcode : right ? 0 : 853000;
    subscriptions.push({ at: clock.now(), errcode });
    if (errcode !== 0 || live === socket) return errcode;
    const old = live;
    live = socket;
    if (old) {
      const event = { eventtype: 'disconnected_event' };
      const said = { msgid: `M${++count}`, aibotid: options.botId, msgtype: 'event', event };
      old.send(JSON.stringify({ cmd: 'aibot_event_callback', headers: { req_id: `R${++count}` }, body: said }));
      old.close();
    }
    return 0;
  }

  function takeTrouble(cmd: string): Trouble | undefined {
    const index = troubles.findIndex(({ on }) => (on === undefined ? DELIVERS.test(cmd) : on === cmd));
    return index < 0 ? undefined : troubles.splice(index, 1)[0]?.trouble;
  }

  function handle(socket: WebSocket, frame: Frame): void {
    const answer = (result: object) => socket.send(JSON.stringify({ headers: frame.headers, ...result }));
    const refuse = (errcode: number) => answer({ errcode, errmsg: SAID[errcode] ?? 'refused' });
    frames.push({ cmd: frame.cmd, body: frame.body ?? {} });
    if (frame.cmd === 'aibot_subscribe') {
      const errcode = subscribe(socket, frame);
      if (errcode === 0) answer({ errcode, errmsg: 'ok' });
      else refuse(errcode);
      return;
    }
    const trouble = takeTrouble(frame.cmd);
    if (trouble?.kind === 'unsubscribe') live = undefined;
    if (socket !== live) refuse(846609);
    else if (trouble?.kind === 'errcode') refuse(trouble.errcode);
    else if (trouble?.kind === 'close' && !trouble.delivered) socket.terminate();
    else {
      const result = outcome(frame);
      if (trouble === undefined) answer(result);
      else if (trouble.kind === 'close') socket.terminate();
      else if (trouble.kind === 'delay-ack') setTimeout(answer, trouble.ms, result);
    }
  }

  function callback(cmd: string, body: Record<string, unknown>, request: Omit<Request, 'at'>): string {
    const msgid = String(body['msgid'] ?? `M${++count}`);
    const req_id = `REQ${++count}`;
    talk.remember(req_id, request);
    live?.send(JSON.stringify({ cmd, headers: { req_id }, body: { aibotid: options.botId, ...body, msgid } }));
    return msgid;
  }

  function from({ userid, chatid }: { userid: string; chatid?: string }) {
    const chat = chatid ?? userid;
    talk.spoken(chat);
    return { chat, head: { ...(chatid && { chatid }), chattype: chatid ? 'group' : 'single', from: { userid } } };
  }

  const server = createServer((request, response) => media.serve(request, response));
  const sockets = new WebSocketServer({ server, verifyClient: () => !refusing });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => handle(socket, JSON.parse(String(data)) as Frame));
    socket.on('close', () => {
      if (live === socket) live = undefined;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: base().replace('http', 'ws'),
    received: talk.received,
    say(who, text, { times = 1 } = {}) {
      const { chat, head } = from(who);
      const content = who.chatid ? `@小铃 ${text}` : text;
      const body = { ...head, msgtype: 'text', text: { content } };
      let msgid = callback('aibot_msg_callback', body, { chat, kind: 'message' });
      for (let i = 1; i < times; i++)
        msgid = callback('aibot_msg_callback', { ...body, msgid }, { chat, kind: 'message' });
      return msgid;
    },
    sendFile(userid, name, bytes, type = 'file') {
      const { chat, head } = from({ userid });
      const { path, aeskey } = media.offer(name, bytes);
      const body = { ...head, msgtype: type, [type]: { url: base() + path, aeskey } };
      return callback('aibot_msg_callback', body, { chat, kind: 'message' });
    },
    press(who, key, { flat = false } = {}) {
      const { chat, head } = from(who);
      const card = talk
        .received(chat)
        .flatMap((one) => one.card ?? [])
        .findLast(({ button_list }) => button_list.some((one) => one.key === key));
      if (!card) throw new Error(`no card in ${chat} has a button with the key ${key}`);
      const pressed = { card_type: card.card_type, event_key: key, task_id: card.task_id };
      const event = { eventtype: 'template_card_event', ...(flat ? pressed : { template_card_event: pressed }) };
      const request = { chat, kind: 'template_card_event' as const, task: card.task_id };
      return callback('aibot_event_callback', { ...head, msgtype: 'event', event }, request);
    },
    enter(userid) {
      const head = { chattype: 'single', from: { userid } };
      const body = { ...head, msgtype: 'event', event: { eventtype: 'enter_chat' } };
      callback('aibot_event_callback', body, { chat: userid, kind: 'enter_chat' });
    },
    callback: (cmd, body) => callback(cmd, body, { chat: String(body['chatid'] ?? '?'), kind: 'message' }),
    addSilent: talk.addSilent,
    misbehave(trouble, { times = 1, on } = {}) {
      for (let i = 0; i < times; i++) troubles.push({ trouble, on });
    },
    behave: () => void troubles.splice(0),
    get overLimit() {
      return overLimit;
    },
    refuseConnections(refused) {
      refusing = refused;
    },
    closeSockets() {
      for (const socket of sockets.clients) socket.terminate();
    },
    subscriptions,
    frames,
    get uploads() {
      return media.uploads;
    },
    get live() {
      return live !== undefined;
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
