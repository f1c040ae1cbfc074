import type { Logger } from 'pino';
import { messageOf, SetupError } from '../../src/core/errors.ts';
import type { ChatPlatform, Receive, Webhook } from '../../src/core/platform.ts';
import type { Clock } from '../../src/core/time.ts';
import { type CallbackEvent, createCallback } from './callback.ts';
import type { Card } from './card.ts';
import { type AppParcel, draw } from './draw.ts';
import { readEvent } from './inbound.ts';
import { createWire, DUPLICATE_SECONDS, type Uploads } from './wire.ts';

export type { AppParcel } from './draw.ts';
export type { Uploads } from './wire.ts';

export interface WecomAppOptions {
  corpId: string;
  secret: string;
  agentId: number;
  /** Of the callback address; both or neither. Without them the app only sends. */
  callbackToken?: string | undefined;
  callbackAesKey?: string | undefined;
  /** Base of all `/cgi-bin/…` calls. */
  apiBase: string;
  clock: Clock;
  log: Logger;
  /** For one call, its answer included; 30 s by default. */
  timeoutMs?: number | undefined;
  /** Remembers uploads across restarts, so that a picture that was sent before a crash is recognised when sent again. */
  uploads?: Uploads | undefined;
}

const MINUTE_MS = 60_000;

/**
 * A WeCom self-built app: private messages to members, `wecom-app:USERID`, and their answers at `/webhooks/wecom`.
 * WeCom swallows a request that equals an earlier one of the last four hours: sends with a key ask for that, and answers
 * without a key do not, since the same question twice is answered twice.
 * @throws SetupError where a setting cannot be right
 */
export function createWecomApp(options: WecomAppOptions): ChatPlatform<AppParcel> {
  const { log } = options;
  const wire = createWire(options);
  const working = new Set<Promise<void>>();
  let receive: Receive | undefined;

  async function work(event: CallbackEvent): Promise<void> {
    try {
      const meaning = readEvent(event, wire.download);
      if (!meaning) return log.debug({ type: event['MsgType'], event: event['Event'] }, 'a WeCom event was left alone');
      if ('inbound' in meaning) return await receive?.(meaning.inbound);
      await ask(meaning.to, meaning.card, meaning.responseCode);
    } catch (error) {
      log.error({ err: error }, `a WeCom event failed: ${messageOf(error)}`);
    }
  }

  /** Where the pressed card cannot be replaced any more, the question is a new one. */
  async function ask(to: string, card: Card, responseCode: string): Promise<void> {
    if (responseCode && (await wire.replace(to, card, responseCode))) return;
    await wire.send(to, { msgtype: 'template_card', card });
  }

  function take(event: CallbackEvent): void {
    const done = work(event).finally(() => working.delete(done));
    working.add(done);
  }

  return {
    name: 'wecom-app',
    draws: new Set(['pictures', 'file', 'actions']),
    deduplicates: true,
    deduplicatesFor: DUPLICATE_SECONDS * 1000,
    // WeCom drops what is more, and answers that all is well.
    limits: () => [
      { count: 30, ms: MINUTE_MS },
      { count: 1000, ms: 60 * MINUTE_MS },
    ],
    webhooks: webhooks(options, () => (receive ? take : undefined)),
    async start(given, signal) {
      if (signal.aborted) return;
      receive = given;
      signal.addEventListener('abort', () => {
        receive = undefined;
      });
      wire.connect().catch((error: unknown) => log.warn({ why: messageOf(error) }, 'the WeCom app is not connected'));
    },
    async stop() {
      receive = undefined;
      await Promise.all(working);
    },
    health: wire.health,
    draw,
    async send(to, parcel, { key, signal } = {}) {
      return { id: await wire.send(to, parcel, key, signal) };
    },
    async update(to, parcels, { inReplyTo, signal }) {
      const card = parcels.length === 1 ? cardOf(parcels[0]) : undefined;
      if (!card || !inReplyTo?.pressed) return false;
      return wire.replace(to, card, inReplyTo.pressed, signal);
    },
  };
}

/** A card takes the place of a card; words do where they fit on one. */
function cardOf(parcel: AppParcel | undefined): Card | undefined {
  return parcel && 'card' in parcel ? parcel.card : undefined;
}

function webhooks(
  { callbackToken, callbackAesKey, corpId, clock, log }: WecomAppOptions,
  take: () => ((event: CallbackEvent) => void) | undefined,
): Webhook[] {
  if (callbackToken && callbackAesKey) {
    return createCallback({ corpId, token: callbackToken, aesKey: callbackAesKey, clock, log, take });
  }
  if (!callbackToken && !callbackAesKey) return [];
  throw new SetupError('WECOM_CALLBACK_TOKEN and WECOM_CALLBACK_AES_KEY belong together: set both, or neither');
}
