import { setTimeout as sleep } from 'node:timers/promises';
import type { Update } from 'grammy/types';
import type { Logger } from 'pino';
import { DeliveryError, messageOf } from '../../src/core/errors.ts';
import { type Leases, whileHeld } from '../../src/core/lease.ts';
import { type Address, type ChatPlatform, type Inbound, type Receive, restOf } from '../../src/core/platform.ts';
import type { Clock } from '../../src/core/time.ts';
import { draw, type TelegramParcel } from './draw.ts';
import { createLines } from './lines.ts';
import { createPatience, type Patience } from './patience.ts';
import { HEARD, LEAVE_MS, poll } from './poll.ts';
import { type Heard, readUpdate, type Self } from './read.ts';
import { edit, send } from './send.ts';
import { createWebhook, webhookAddress } from './webhook.ts';
import { createWire, type WireOptions } from './wire.ts';

export type { TelegramParcel } from './draw.ts';

export interface TelegramOptions extends WireOptions {
  /** Set: Telegram calls us at `/webhooks/telegram` with this secret. Not set: we ask it (long polling). */
  webhookSecret?: string | undefined;
  /** The address that Telegram reaches us at; needed for the webhook. */
  publicUrl?: string | undefined;
  /** Which of our processes asks Telegram for what is new. */
  leases: Leases;
  clock: Clock;
  log: Logger;
}

const LEASE_MS = 15_000;

/** What stands in the bot's menu. Only ASCII names can be there; Chinese lines are typed. */
const MENU = {
  zh: { trend: '司机趋势，如 /trend D-1023', calls: '今日外呼', reward: '奖励排行与我的奖励', help: '能做什么' },
  en: { trend: 'trend of a driver: /trend D-1023', calls: "today's calls", reward: 'rewards', help: 'what I can do' },
} as const;

/**
 * A Telegram bot by grammY. Addresses are `telegram:CHATID`; groups have negative ids, a person's direct chat has the
 * person's own. It does not know a repeated message.
 * @throws SetupError for a token, an address or a secret that cannot be one
 */
export function createTelegram(options: TelegramOptions): ChatPlatform<TelegramParcel> {
  const { clock, leases, log, webhookSecret, publicUrl } = options;
  const address = webhookSecret === undefined ? undefined : webhookAddress(webhookSecret, publicUrl);
  const wire = createWire(options);
  const lines = createLines(log);
  const stop = new AbortController();
  const patience = createPatience({ clock, log, stop });
  let self: Self | undefined;
  let receive: Receive | undefined;
  let listening: Promise<void> | undefined;

  /** Resolves when the update was handled. */
  async function handle(update: Update): Promise<void> {
    const heard = read(update);
    if (!heard) return;
    if (heard.callback) void answer(heard, heard.callback);
    const inbound = heard.inbound && withFiles(heard.inbound, heard);
    if (inbound) await lines.run(heard.room, async () => receive?.(inbound));
  }

  /** An update of a shape that nobody foresaw must not stop the others. */
  function read(update: Update): Heard | undefined {
    try {
      return self && readUpdate(update, self);
    } catch (error) {
      log.error({ platform: 'telegram', update: update.update_id, why: messageOf(error) }, 'it cannot be read');
      return undefined;
    }
  }

  function withFiles(inbound: Omit<Inbound, 'files'>, { documents }: Heard): Inbound {
    if (documents.length === 0) return inbound;
    const files = documents.map(({ id, name, size }) => ({
      name,
      bytes: (signal?: AbortSignal) => wire.download(id, size, signal),
    }));
    return { ...inbound, files };
  }

  /** Stops the spinning of a pressed button, and asks back where it is to. What fails here fails nothing else. */
  async function answer({ room }: Heard, { id, keyboard }: NonNullable<Heard['callback']>): Promise<void> {
    const asked = quietly('answerCallbackQuery', () =>
      wire.ask((api, signal) => api.answerCallbackQuery(id, {}, signal)),
    );
    if (!keyboard) return asked;
    const reply_markup = { inline_keyboard: keyboard.rows };
    await quietly('editMessageReplyMarkup', () =>
      wire.deliver(room, (api, chat, signal) =>
        api.editMessageReplyMarkup(chat, keyboard.messageId, { reply_markup }, signal),
      ),
    );
  }

  async function quietly(call: string, work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: unknown) =>
      log.warn({ platform: 'telegram', call, why: messageOf(error) }, 'it failed'),
    );
  }

  async function listen(): Promise<void> {
    self = await patience.persist('getMe', () => wire.ask((api, signal) => api.getMe(signal), stop.signal));
    if (!self) return;
    await tellWhere(patience);
    void quietly('setMyCommands', showMenu);
    if (address) return;
    // Two that ask would push each other out (409).
    await whileHeld(
      leases,
      { name: `telegram/${self.id}`, ms: LEASE_MS },
      stop.signal,
      (signal) => poll(wire, patience, handle, signal),
      patience.aside,
    );
  }

  async function tellWhere({ persist }: Patience): Promise<void> {
    if (!address) {
      await persist('deleteWebhook', () => wire.ask((api, signal) => api.deleteWebhook({}, signal), stop.signal));
      return;
    }
    const wanted = { secret_token: webhookSecret ?? '', allowed_updates: HEARD };
    await persist('setWebhook', () => wire.ask((api, signal) => api.setWebhook(address, wanted, signal), stop.signal));
  }

  async function showMenu(): Promise<void> {
    for (const lang of ['zh', 'en'] as const) {
      const commands = Object.entries(MENU[lang]).map(([command, description]) => ({ command, description }));
      const readers = lang === 'en' ? { language_code: 'en' as const } : {};
      await wire.ask((api, signal) => api.setMyCommands(commands, readers, signal), stop.signal);
    }
  }

  return {
    name: 'telegram',
    draws: new Set(['table', 'pictures', 'actions', 'file', 'mentions']),
    deduplicates: false,
    limits: limitsOf,
    limitsOfAll: [{ count: 30, ms: 1000 }],
    whispers: false,
    ...(webhookSecret !== undefined && {
      webhooks: [
        createWebhook(webhookSecret, (update) => {
          if (!self || !receive || stop.signal.aborted) return false;
          void handle(update);
          return true;
        }),
      ],
    }),
    async start(receiver, signal) {
      receive = receiver;
      if (signal.aborted) stop.abort();
      signal.addEventListener('abort', () => stop.abort(), { once: true });
      listening = listen();
      await Promise.race([listening, patience.tried]);
    },
    async stop() {
      stop.abort();
      await listening;
      await Promise.race([lines.idle(), sleep(LEAVE_MS, undefined, { ref: false })]);
    },
    health: patience.state,
    draw,
    async send(to, parcel, { signal } = {}) {
      return { id: await wire.deliver(to, (api, chat, stopped) => send(api, chat, parcel, stopped), { signal }) };
    },
    async update(to, parcels, { inReplyTo, signal }) {
      const [parcel] = parcels;
      const messageId = Number(inReplyTo?.pressed);
      if (!parcel || parcels.length !== 1 || parcel.kind === 'album' || !(messageId > 0)) return false;
      try {
        // An edit that is made twice changes nothing the second time.
        const harmless = true;
        await wire.deliver(to, (api, chat, stopped) => edit(api, chat, messageId, parcel, stopped), {
          signal,
          harmless,
        });
        return true;
      } catch (error) {
        if (!(error instanceof DeliveryError) || error.kind !== 'refused' || error.gone || error.movedTo) throw error;
        // A message without text takes no words, an old one nothing at all, a deleted one is not there.
        return /message is not modified/i.test(error.message);
      }
    },
  };
}

/** Telegram's own figures (core.telegram.org/bots/faq): one a second to a chat, 20 a minute to a group. */
function limitsOf(to: Address): { count: number; ms: number }[] {
  const toGroup = /^[-@]/.test(restOf(to));
  return [{ count: 1, ms: 1000 }, ...(toGroup ? [{ count: 20, ms: 60_000 }] : [])];
}
