import { createHash } from 'node:crypto';
import type { SendMsgBody, WeComMediaType, WSClient, WsFrame } from '@wecom/aibot-node-sdk';
import { DeliveryError, messageOf } from '../../src/core/errors.ts';
import type { Clock } from '../../src/core/time.ts';
import type { BotMedia } from './draw.ts';
import type { Chat } from './read.ts';
import type { Supervisor } from './supervisor.ts';
import type { Timings } from './timings.ts';

/** What the platform answered to a frame; `errcode` 0: it was taken. */
export interface Answer {
  errcode: number;
  errmsg: string;
}

export type RespondCommand = 'aibot_respond_msg' | 'aibot_respond_welcome_msg' | 'aibot_respond_update_msg';

/** The frames that a bot sends. All throw DeliveryError where no answer came. */
export interface Wire {
  /** Answers the event with this request id. */
  respond(reqId: string, body: object, command?: RespondCommand, signal?: AbortSignal): Promise<Answer>;
  /** Says something unasked. */
  push(chat: Chat, body: { msgtype: string }, signal?: AbortSignal): Promise<Answer>;
  /** @returns media id. The same bytes are uploaded once in two days. */
  upload(media: BotMedia, signal?: AbortSignal): Promise<string>;
  /** The next upload of these bytes is made anew. */
  forget(media: BotMedia): void;
}

/** The socket is open, but the platform has lost the subscription: nothing was delivered. */
const UNSUBSCRIBED = 846609;
const UNKNOWN_MEDIA = 40007;
const MEDIA_MS = 2 * 24 * 60 * 60_000;
const MEDIA_KEPT = 500;

export function createWire(options: { connection: Supervisor; clock: Clock; timings: Timings }): Wire {
  const { connection, clock, timings } = options;
  const media = new Map<string, { id: string; at: number }>();
  const now = () => clock.now().getTime();

  /** One frame and its answer. Without a subscription it is repeated once on a new connection. */
  async function request(call: (client: WSClient) => Promise<WsFrame>, signal?: AbortSignal): Promise<WsFrame> {
    for (let again = false; ; again = true) {
      const client = await connection.client(signal);
      if (signal?.aborted) throw failure('retry', 'stopped before it was sent');
      if (!client) throw notConnected(connection);
      const answer = await answerOf(call(client), timings.ackMs);
      if (answer.errcode !== UNSUBSCRIBED) return answer;
      connection.replace(client);
      if (again) return answer;
    }
  }

  return {
    respond: async (reqId, body, command = 'aibot_respond_msg', signal) =>
      said(await request((client) => client.reply({ headers: { req_id: reqId } }, body, command), signal)),

    push: async (chat, body, signal) =>
      // The SDK has no parameter for the kind of conversation, but sends the body as it is.
      said(
        await request(
          (client) => client.sendMessage(chat.chatid, { ...chat, ...body } as unknown as SendMsgBody),
          signal,
        ),
      ),

    async upload(one, signal) {
      const key = keyOf(one);
      const known = media.get(key);
      if (known && now() - known.at < MEDIA_MS) return known.id;
      const client = await connection.client(signal);
      if (!client) throw notConnected(connection);
      const id = await uploadOf(client, one).catch((error: unknown) => {
        const code = errcodeIn(error);
        if (code === UNSUBSCRIBED) connection.replace(client);
        // Nobody sees an upload: it may always be repeated.
        throw code === undefined ? failure('retry', `the upload broke off (${messageOf(error)})`) : judge(code);
      });
      media.set(key, { id, at: now() });
      for (const [oldest] of media) {
        if (media.size <= MEDIA_KEPT) break;
        media.delete(oldest);
      }
      return id;
    },
    forget: (one) => void media.delete(keyOf(one)),
  };
}

function said({ errcode = 0, errmsg = '' }: WsFrame): Answer {
  return { errcode, errmsg };
}

/**
 * The SDK rejects with the frame itself where the platform refused it, with an Error where none came. Two of those were
 * thrown before anything was sent; after any other the message may have arrived.
 */
async function answerOf(sending: Promise<WsFrame>, ackMs: number): Promise<WsFrame & { errcode: number }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ackMs / 1000} s`)), ackMs);
  });
  try {
    return { errcode: 0, ...(await Promise.race([sending, late])) };
  } catch (thrown) {
    if (isFrame(thrown)) return thrown;
    const reason = messageOf(thrown).replace(/,? (?:reply )?for reqId.*$/, '');
    if (/not connected|exceeds max size/.test(reason)) throw failure('retry', `not connected (${reason})`);
    throw failure(
      'doubtful',
      `it was sent, but no answer came (${reason}): look into the conversation before resending`,
    );
  } finally {
    clearTimeout(timer);
  }
}

function isFrame(thrown: unknown): thrown is WsFrame & { errcode: number } {
  return typeof thrown === 'object' && thrown !== null && 'errcode' in thrown && typeof thrown.errcode === 'number';
}

async function uploadOf(client: WSClient, { msgtype, name, bytes }: BotMedia): Promise<string> {
  const type: WeComMediaType = msgtype;
  const { media_id } = await client.uploadMedia(Buffer.from(bytes), { type, filename: name });
  return media_id;
}

/** Of chunks the SDK tells the code inside the text of an Error. */
function errcodeIn(error: unknown): number | undefined {
  if (isFrame(error)) return error.errcode;
  const code = /"errcode":(-?\d+)/.exec(messageOf(error))?.[1];
  return code === undefined ? undefined : Number(code);
}

function keyOf({ msgtype, name, bytes }: BotMedia): string {
  return `${msgtype}/${createHash('sha256').update(bytes).digest('hex')}/${name}`;
}

function notConnected(connection: Supervisor): DeliveryError {
  // Another process of ours is connected and will take it: that is no failed attempt.
  if (connection.standsAside()) return failure('wait', 'another process of ours holds the connection', 5000);
  return failure('retry', `there is no connection to WeCom (${connection.health()})`);
}

const BLOCKED_MS = 60_000;
/** Codes of the long connection (seen, not documented) and of the global list (document 90455). */
const REMEDIES: Record<number, string> = {
  93006:
    'no such conversation, or nobody has written to the bot there yet: write to it there once, or correct the channel',
  40008: 'it does not know this type of message: report this as a bug',
  40035: 'a parameter is wrong, or the text is too long: report this as a bug',
  40058: 'a field is missing, or the text is too long: report this as a bug',
  45001: 'the picture or the file is too big: send a smaller one',
  45002: 'the text is too long: send less',
  846605: 'the question is too old to be answered',
  846608: 'the waiting answer is too old to be changed',
};
const UNKNOWN = 'WeCom refuses it; if nobody has written to the bot in this conversation yet, somebody has to, once';

/** What a refusal means. Nothing was delivered. */
export function judge(errcode: number, errmsg = '', chat?: Chat): DeliveryError {
  const why = `errcode ${errcode}${errmsg && `, ${errmsg.slice(0, 160)}`}`;
  if (errcode === 846607 || errcode === 45009 || errcode === 45033) {
    return failure('wait', `too many messages (${why})`, BLOCKED_MS);
  }
  if (errcode === -1 || errcode === UNSUBSCRIBED) return failure('retry', `WeCom cannot take it now (${why})`);
  if (errcode === UNKNOWN_MEDIA) return failure('retry', `WeCom has lost the uploaded picture or file (${why})`);
  // A person who has not written yet may do so tomorrow; a group of that name will not come.
  const gone = errcode === 93006 && chat?.chat_type === 2;
  return new DeliveryError('refused', `wecom-bot: ${REMEDIES[errcode] ?? UNKNOWN} (${why})`, undefined, { gone });
}

export function failure(kind: DeliveryError['kind'], reason: string, retryAfterMs?: number): DeliveryError {
  return new DeliveryError(kind, `wecom-bot: ${reason}`, retryAfterMs);
}
