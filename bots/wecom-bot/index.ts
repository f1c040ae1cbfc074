import type { Logger } from 'pino';
import { DeliveryError, messageOf, SetupError } from '../../src/core/errors.ts';
import type { Leases } from '../../src/core/lease.ts';
import type { Address, ChatPlatform, Inbound, InboundFile, Receive, SendOptions } from '../../src/core/platform.ts';
import type { Clock } from '../../src/core/time.ts';
import { download } from './download.ts';
import { type BotParcel, draw } from './draw.ts';
import { type Chat, chatOf, type RemoteFile, read } from './read.ts';
import { createReplies, type InOrder } from './replies.ts';
import { createSupervisor, leaseName } from './supervisor.ts';
import { TIMINGS, type Timings } from './timings.ts';
import { createWire, failure, judge } from './wire.ts';

export type { BotParcel } from './draw.ts';
export type { Timings } from './timings.ts';

export interface WecomBotOptions {
  botId: string;
  secret: string;
  /** Where private deployments and emulators listen; absent: the official address. */
  wsUrl?: string | undefined;
  leases: Leases;
  clock: Clock;
  log: Logger;
  /** Tells the administrators. */
  alarm(text: string): void;
  /** Said to who opens the direct chat for the first time of a day: what can be asked. */
  welcome?: string | undefined;
  timings?: Partial<Timings> | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WELCOME = '你好！想查什么，直接发一句话给我；在群里请先 @我。发「帮助」看能问什么、怎么问。';

/**
 * The WeCom AI bot over its long connection. Addresses: `wecom-bot:CHATID` is a group, `wecom-bot:@USERID` a direct chat.
 * It can write only where somebody has written to it before. It does not know a repeated message.
 * @throws SetupError where a setting cannot be right
 */
export function createWecomBot(options: WecomBotOptions): ChatPlatform<BotParcel> {
  checkSettings(options);
  const { clock, log } = options;
  const timings = { ...TIMINGS, ...options.timings };
  const inOrder = createOrder();
  let receive: Receive | undefined;
  const connection = createSupervisor({ ...options, wsUrl: options.wsUrl, timings, onFrame: hear });
  const wire = createWire({ connection, clock, timings });
  const replies = createReplies({ wire, inOrder, clock, log, timings });

  function hear(frame: unknown): void {
    const heard = read(frame);
    switch (heard.kind) {
      case 'ignored':
        log.debug({ why: heard.why }, 'not answered');
        break;
      case 'welcome':
        welcome(heard.reqId);
        break;
      case 'press':
        if (replies.press(heard.inbound, heard.reqId)) void handOver(heard.inbound, []);
        break;
      case 'message':
        if (replies.question(heard.inbound, heard.reqId)) void handOver(heard.inbound, heard.files);
    }
  }

  async function handOver(inbound: Inbound, files: RemoteFile[]): Promise<void> {
    try {
      const fetched = await Promise.all(files.map(fetchNow));
      await receive?.({ ...inbound, ...(fetched.length > 0 && { files: fetched }) });
    } catch (error) {
      log.error({ err: error }, 'what was said to the bot could not be answered');
      replies.failed(inbound);
    }
  }

  function welcome(reqId: string): void {
    const body = { msgtype: 'text', text: { content: options.welcome ?? WELCOME } };
    wire.respond(reqId, body, 'aibot_respond_welcome_msg').then(
      ({ errcode, errmsg }) => errcode && log.warn({ errcode, errmsg }, 'a welcome was refused'),
      (error: unknown) => log.warn({ why: messageOf(error) }, 'a welcome could not be sent'),
    );
  }

  async function bodyOf(parcel: BotParcel, task: string, signal?: AbortSignal): Promise<{ msgtype: string }> {
    if (parcel.msgtype === 'markdown') return parcel;
    if (parcel.msgtype === 'template_card') {
      return { msgtype: parcel.msgtype, template_card: { ...parcel.template_card, task_id: task } } as Body;
    }
    const media_id = await wire.upload(parcel, signal);
    return { msgtype: parcel.msgtype, [parcel.msgtype]: { media_id } } as Body;
  }

  async function deliver(
    to: Address,
    parcel: BotParcel,
    task: string,
    { inReplyTo, signal }: SendOptions,
  ): Promise<void> {
    const chat = addressed(to);
    if (signal?.aborted) throw failure('retry', 'stopped before it was sent');
    const body = await bodyOf(parcel, task, signal);
    if (inReplyTo?.room === to && (await replies.answer(inReplyTo, parcel, body, signal))) return;
    const { errcode, errmsg } = await wire.push(chat, body, signal);
    if (errcode !== 0) throw judge(errcode, errmsg, chat);
  }

  return {
    name: 'wecom-bot',
    draws: new Set(['table', 'pictures', 'actions', 'file']),
    deduplicates: false,
    limits: () => [
      { count: 30, ms: MINUTE_MS },
      { count: 1000, ms: HOUR_MS },
    ],
    draw,
    async start(receiver, signal) {
      receive = receiver;
      signal.addEventListener('abort', () => void connection.stop(), { once: true });
      if (!signal.aborted) await connection.start();
    },
    async stop() {
      const patience = new Promise((done) => setTimeout(done, timings.farewellMs).unref());
      if (connection.health() === 'ok') await Promise.race([replies.stop(), patience]);
      await connection.stop();
    },
    connectionLease: leaseName(options.botId),
    health: () => connection.health(),
    async send(to, parcel, sendOptions = {}) {
      const task = `fb-${crypto.randomUUID()}`;
      try {
        await inOrder(to, () => deliver(to, parcel, task, sendOptions));
      } catch (error) {
        // Perhaps because of its upload: the next try makes another.
        if ('bytes' in parcel && error instanceof DeliveryError && error.kind !== 'wait') wire.forget(parcel);
        throw error;
      }
      return parcel.msgtype === 'template_card' ? { id: task } : {};
    },
    async update(to, parcels, { inReplyTo, signal }) {
      const [parcel] = parcels;
      const task_id = inReplyTo?.pressed;
      // Only a card can be replaced, by a card, with the request id of its press.
      if (!inReplyTo || inReplyTo.room !== to || !task_id) return false;
      if (parcels.length !== 1 || parcel?.msgtype !== 'template_card') return false;
      return inOrder(to, async () => {
        const reqId = replies.pressed(inReplyTo);
        if (reqId === undefined) return false;
        const template_card = { ...parcel.template_card, task_id };
        const body = { response_type: 'update_template_card', template_card };
        return (await wire.respond(reqId, body, 'aibot_respond_update_msg', signal)).errcode === 0;
      });
    },
  };
}

type Body = { msgtype: string };

/**
 * A file's name is known only once it is fetched, and its address dies after 5 minutes: so files are fetched at once. A
 * picture or a video, which no command wants, is fetched when it is asked for.
 */
async function fetchNow(remote: RemoteFile): Promise<InboundFile> {
  if (remote.kind !== 'file') {
    return {
      name: remote.kind === 'image' ? '图片.jpg' : '视频.mp4',
      bytes: async (signal) => (await download(remote, signal)).bytes,
    };
  }
  const fetched = await download(remote).catch((error: unknown) => ({ name: '文件', error }));
  return {
    name: fetched.name,
    async bytes() {
      if ('error' in fetched) throw fetched.error;
      return fetched.bytes;
    },
  };
}

function addressed(to: Address): Chat {
  const chat = chatOf(to);
  if (chat) return chat;
  throw failure(
    'refused',
    'not an address of the AI bot: write wecom-bot:CHATID for a group, wecom-bot:@USERID for a person',
  );
}

function createOrder(): InOrder {
  const last = new Map<Address, Promise<unknown>>();
  return (room, task) => {
    const turn = (last.get(room) ?? Promise.resolve()).then(task, task);
    last.set(room, turn);
    const leave = () => {
      if (last.get(room) === turn) last.delete(room);
    };
    turn.then(leave, leave);
    return turn;
  };
}

function checkSettings({ botId, secret, wsUrl }: WecomBotOptions): void {
  const mistakes = [
    !botId && 'WECOM_BOT_ID is empty',
    !secret && 'WECOM_BOT_SECRET is empty',
    wsUrl !== undefined &&
      !/^wss?:\/\/[^/]/.test(wsUrl) &&
      `WECOM_BOT_WS_URL is not a ws:// or wss:// address: ${wsUrl}`,
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0) throw new SetupError('The WeCom AI bot cannot be set up:', mistakes);
}
