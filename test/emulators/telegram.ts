import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/core/time.ts';
import { createChats, type Person, type Seen } from './telegram-chats.ts';
import { readForm, type Upload } from './telegram-form.ts';
import { createInbox, type EmulatedUpdate } from './telegram-inbox.ts';
import { asMessage, chatOf, createMethods } from './telegram-methods.ts';
import { Refused } from './telegram-refused.ts';

export type { Person, Seen } from './telegram-chats.ts';

/** How the next calls go wrong, one after another. */
export type Trouble =
  /** An answer with this code; nothing is delivered. */
  | { kind: 'error'; code: number; description?: string; retryAfter?: number }
  /** A gateway's answer without JSON. */
  | { kind: 'http'; status: number; delivered?: boolean }
  /** Delivered, never answered. */
  | { kind: 'hang' }
  /** The connection is cut once the request was read. */
  | { kind: 'reset'; delivered: boolean }
  /** Delivered, answered late. */
  | { kind: 'delay'; ms: number }
  /** Delivered, and the answer is half of the JSON. */
  | { kind: 'truncated' };

export interface TelegramEmulator {
  /** To be used as `TELEGRAM_API_ROOT`. */
  url: string;
  /** The bot. */
  me: { id: number; username: string };
  /** From now on the chat can be written to; who says something joins by it. Groups have negative ids. */
  joins(chat: number): void;
  says(chat: number, text: string, from: Person, more?: { replyTo?: number; edited?: boolean }): EmulatedUpdate;
  /** Presses a button of one of the bot's messages: by its label, or any data. */
  presses(chat: number, message: number, button: string, from: Person): EmulatedUpdate;
  sendsFile(chat: number, file: Upload, from: Person, caption?: string): EmulatedUpdate;
  /** The same update once more. */
  repeats(update: EmulatedUpdate): void;
  received(chat: number): readonly Seen[];
  /** Ids of the presses that were answered. */
  answered(): readonly string[];
  /** The menu, by language. */
  commands(): ReadonlyMap<string, readonly { command: string; description: string }[]>;
  /** Updates that the bot has not taken for good. */
  waiting(): number;
  /** Names of the methods that were called, in order. */
  calls(): readonly string[];
  misbehave(trouble: Trouble, options?: { times?: number; on?: RegExp }): void;
  /** The person blocks the bot; `false`: no more. */
  blocks(user: number, blocked?: boolean): void;
  /** The group becomes a supergroup. */
  migrates(from: number, to: number): void;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body: Buffer;
}

/** Telegram's Bot API on 127.0.0.1, as strict as the real one where that is documented. */
export async function startTelegramEmulator(options: {
  token: string;
  clock?: Pick<Clock, 'now'>;
}): Promise<TelegramEmulator> {
  const clock = options.clock ?? systemClock('Asia/Shanghai');
  const me = {
    id: Number(options.token.split(':')[0]),
    is_bot: true,
    first_name: 'Fieldbell',
    username: 'fieldbell_bot',
  };
  const chats = createChats(() => clock.now());
  const inbox = createInbox();
  const troubles: { trouble: Trouble; on: RegExp }[] = [];
  const files = new Map<string, Upload>();
  const commands = new Map<string, { command: string; description: string }[]>();
  const answered: string[] = [];
  const calls: string[] = [];
  const queries = new Set<string>();

  const methods = createMethods({ me, chats, inbox, files, commands, answered, queries });

  async function answer(
    method: string,
    request: IncomingMessage,
    response: ServerResponse,
    payload: Buffer,
  ): Promise<Answer> {
    try {
      const call = methods[method];
      if (!call) throw new Refused(404, 'Not Found: method not found');
      calls.push(method);
      const gone = once(response, 'close').then(() => undefined);
      const result = await call(readForm(request.headers['content-type'] ?? '', payload), gone);
      return { status: 200, body: Buffer.from(JSON.stringify({ ok: true, result })) };
    } catch (error) {
      return error instanceof Refused ? refused(error) : refused(new Refused(400, `Bad Request: ${error}`));
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
    const payload = await buffer(request);
    const [, file, token, name = ''] = /^(\/file)?\/bot([^/]+)\/(.+)$/.exec(path) ?? [];
    if (token === undefined) return reply(response, refused(new Refused(404, 'Not Found')));
    if (token !== options.token) return reply(response, refused(new Refused(401, 'Unauthorized')));
    const normal = () => (file ? download(name) : answer(name, request, response, payload));
    const index = troubles.findIndex(({ on }) => on.test(file ? 'download' : name));
    const trouble = index < 0 ? undefined : troubles.splice(index, 1)[0]?.trouble;
    switch (trouble?.kind) {
      case undefined:
        return reply(response, await normal());
      case 'error': {
        const { code, description = 'Internal Server Error', retryAfter } = trouble;
        const parameters = retryAfter === undefined ? undefined : { retry_after: retryAfter };
        return reply(response, refused(new Refused(code, description, parameters)));
      }
      case 'http':
        if (trouble.delivered) await normal();
        return reply(response, { status: trouble.status, body: Buffer.from('<html>gateway</html>') });
      case 'hang':
        await normal();
        return;
      case 'reset':
        if (trouble.delivered) await normal();
        request.socket.destroy();
        return;
      case 'delay': {
        const late = await normal();
        await sleep(trouble.ms);
        return reply(response, late);
      }
      case 'truncated': {
        const { status, body } = await normal();
        return reply(response, { status, body: body.subarray(0, body.length / 2) });
      }
    }
  }

  function download(path: string): Answer {
    const file = files.get(path.replace(/^documents\//, ''));
    return file ? { status: 200, body: file.bytes } : refused(new Refused(404, 'Not Found'));
  }

  function say(chat: number, from: Person, words: object, edited = false): EmulatedUpdate {
    chats.join(chat);
    const date = Math.floor(clock.now().getTime() / 1000);
    const message = { message_id: chats.nextId(), date, chat: chatOf(chat, from), from: userOf(from), ...words };
    return inbox.add(edited ? 'edited_message' : 'message', message);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    me,
    joins: chats.join,
    says(chat, text, from, { replyTo, edited } = {}) {
      const replied = chats.received(chat).find(({ id }) => id === replyTo);
      const reply_to_message = replied && asMessage(me, replied);
      return say(chat, from, { text, entities: entitiesOf(text), ...(replied && { reply_to_message }) }, edited);
    },
    presses(chat, messageId, button, from) {
      const message = chats.received(chat).find(({ id }) => id === messageId);
      if (!message) throw new Error(`the bot has no message ${messageId} in the chat ${chat}`);
      const data = message.keyboard?.flat().find(({ text }) => text === button)?.callback_data ?? button;
      const id = `q${chats.nextId()}`;
      queries.add(id);
      return inbox.add('callback_query', {
        id,
        from: userOf(from),
        message: asMessage(me, message),
        chat_instance: '1',
        data,
      });
    },
    sendsFile(chat, file, from, caption) {
      const file_id = `f${chats.nextId()}`;
      files.set(file_id, file);
      const document = { file_id, file_unique_id: file_id, file_name: file.name, file_size: file.bytes.length };
      return say(chat, from, { document, ...(caption && { caption, caption_entities: entitiesOf(caption) }) });
    },
    repeats: inbox.again,
    received: (chat) => [...chats.received(chat)],
    answered: () => [...answered],
    commands: () => commands,
    waiting: inbox.waiting,
    calls: () => [...calls],
    misbehave(trouble, { times = 1, on = /^(send|edit)/ } = {}) {
      for (let i = 0; i < times; i++) troubles.push({ trouble, on });
    },
    blocks(user, blocked = true) {
      if (blocked) chats.close(user, new Refused(403, 'Forbidden: bot was blocked by the user'));
      else chats.open(user);
    },
    migrates(from, to) {
      chats.join(to);
      const parameters = { migrate_to_chat_id: to };
      chats.close(from, new Refused(400, 'Bad Request: group chat was upgraded to a supergroup chat', parameters));
    },
    async close() {
      inbox.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function refused({ code, message, parameters }: Refused): Answer {
  const body = { ok: false, error_code: code, description: message, ...(parameters && { parameters }) };
  return { status: code, body: Buffer.from(JSON.stringify(body)) };
}

function userOf({ id, name = 'Wang', language = 'zh-hans' }: Person): object {
  return { id, is_bot: false, first_name: name, language_code: language };
}

/** Commands and mentions are found by the server. */
function entitiesOf(text: string): object[] {
  const found = (type: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map((match) => ({ type, offset: match.index, length: match[0].length }));
  return [...found('bot_command', /(?<![\w/])\/\w{1,64}(?:@\w+)?/g), ...found('mention', /(?<![\w/])@\w{4,32}/g)];
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
