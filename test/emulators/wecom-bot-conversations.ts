import type { Clock } from '../../src/core/time.ts';
import type { MediaStore } from './wecom-bot-media.ts';
import {
  type Card,
  Refused,
  readSent,
  readStream,
  readTarget,
  readUpdate,
  readWelcome,
  type Sent,
  SILENT,
} from './wecom-bot-rules.ts';

/** What people in a conversation see, in its present state. */
export interface Delivered {
  at: Date;
  /** Words, of a stream the latest. */
  content?: string;
  /** Of a stream: whether it is finished. */
  finished?: boolean;
  card?: Card;
  upload?: { type: 'image' | 'file'; name: string; bytes: Buffer };
  /** Whether it answered something. */
  reply: boolean;
}

export interface Frame {
  cmd: string;
  headers: { req_id: string };
  body: Record<string, unknown>;
}

/** A callback that may be answered. */
export interface Request {
  at: number;
  chat: string;
  kind: 'message' | 'enter_chat' | 'template_card_event';
  task?: string;
  used?: boolean;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** What the bot's frames do to conversations, and under which conditions. */
export interface Conversations {
  /** Does what a frame asks for. @returns the body of its acknowledgement @throws Refused */
  act(frame: Frame): object | undefined;
  /** Somebody wrote to the bot here. */
  spoken(chat: string): void;
  addSilent(chat: string): void;
  remember(reqId: string, request: Omit<Request, 'at'>): void;
  received(chat: string): readonly Delivered[];
}

export function createConversations(clock: Pick<Clock, 'now'>, media: MediaStore): Conversations {
  const chats = new Map<string, { spoken: boolean }>();
  const shown = new Map<string, Delivered[]>();
  const streams = new Map<string, Delivered & { since: number }>();
  const tasks = new Set<string>();
  const requests = new Map<string, Request>();
  const rates = new Map<string, number[]>();
  const now = () => clock.now().getTime();

  function show(chat: string, what: Omit<Delivered, 'at'>): Delivered {
    const one: Delivered = { at: clock.now(), ...what };
    shown.set(chat, [...(shown.get(chat) ?? []), one]);
    return one;
  }

  function limit(chat: string): void {
    const recent = (rates.get(chat) ?? []).filter((at) => now() - at < 60 * MINUTE_MS);
    const minute = recent.filter((at) => now() - at < MINUTE_MS).length;
    if (minute >= 30 || recent.length >= 1000) throw new Refused(846607, 'conversation rate limit');
    rates.set(chat, [...recent, now()]);
  }

  function deliver(chat: string, body: Sent, reply: boolean): void {
    if (body.msgtype === 'template_card') {
      if (tasks.has(body.template_card.task_id)) throw new Refused(42014, 'task_id repeated');
      tasks.add(body.template_card.task_id);
      show(chat, { card: body.template_card, reply });
    } else if (body.msgtype === 'markdown') show(chat, { content: body.markdown.content, reply });
    else {
      const id = body.msgtype === 'image' ? body.image.media_id : body.file.media_id;
      const { type, name, bytes } = media.find(id, body.msgtype);
      show(chat, { upload: { type, name, bytes }, reply });
    }
  }

  function asked(reqId: string, kind: Request['kind'], windowMs: number): Request {
    const request = requests.get(reqId);
    if (request?.kind !== kind || now() - request.at > windowMs || request.used) {
      throw new Refused(846605, 'invalid req_id');
    }
    return request;
  }

  function stream(reqId: string, body: Record<string, unknown>, request: Request): void {
    const { id, finish = false, content } = readStream(body).stream;
    const known = streams.get(`${reqId}/${id}`);
    if (known && (now() - known.since > 6 * MINUTE_MS || known.finished)) {
      if (known.finished && known.content === content) return;
      throw new Refused(846608, 'stream message update expired');
    }
    if (known) {
      Object.assign(known, { content, finished: finish });
      return;
    }
    limit(request.chat);
    const first = show(request.chat, { content, finished: finish, reply: true });
    streams.set(`${reqId}/${id}`, Object.assign(first, { since: now() }));
  }

  function act({ cmd, headers: { req_id }, body }: Frame): object | undefined {
    switch (cmd) {
      case 'ping':
        return undefined;
      case 'aibot_send_msg': {
        const { chatid } = readTarget(body);
        const chat = chats.get(chatid);
        if (!chat) throw new Refused(93006, 'invalid chatid');
        if (!chat.spoken) throw new Refused(SILENT, 'conversation has no message from a user');
        const { chatid: _, chat_type: __, ...rest } = body;
        const message = readSent(rest);
        limit(chatid);
        deliver(chatid, message, false);
        return undefined;
      }
      case 'aibot_respond_msg': {
        const request = asked(req_id, 'message', 24 * 60 * MINUTE_MS);
        if (body['msgtype'] === 'stream') stream(req_id, body, request);
        else {
          const message = readSent(body);
          limit(request.chat);
          deliver(request.chat, message, true);
        }
        return undefined;
      }
      case 'aibot_respond_welcome_msg': {
        const request = asked(req_id, 'enter_chat', 5 * SECOND_MS);
        show(request.chat, { content: readWelcome(body), reply: true });
        request.used = true;
        return undefined;
      }
      case 'aibot_respond_update_msg': {
        const request = asked(req_id, 'template_card_event', 5 * SECOND_MS);
        const card = readUpdate(body);
        const old = shown.get(request.chat)?.find((one) => one.card?.task_id === card.task_id);
        if (!old || card.task_id !== request.task) throw new Refused(42014, 'invalid task_id');
        old.card = card;
        request.used = true;
        return undefined;
      }
      case 'aibot_upload_media_init':
        return media.init(body);
      case 'aibot_upload_media_chunk':
        return void media.chunk(body);
      case 'aibot_upload_media_finish':
        return media.finish(body);
      default:
        throw new Refused(40058, 'unknown cmd');
    }
  }

  return {
    act,
    spoken: (chat) => void chats.set(chat, { spoken: true }),
    addSilent: (chat) => void chats.set(chat, { spoken: false }),
    remember: (reqId, request) => void requests.set(reqId, { ...request, at: now() }),
    received: (chat) => [...(shown.get(chat) ?? [])],
  };
}
