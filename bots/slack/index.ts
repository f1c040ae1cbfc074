import type { Logger } from 'pino';
import { DeliveryError, messageOf, SetupError } from '../../src/core/errors.ts';
import type { ChatPlatform, Receive } from '../../src/core/platform.ts';
import type { Clock } from '../../src/core/time.ts';
import { draw, type SlackParcel } from './draw.ts';
import { createEar } from './ear.ts';
import { type Keeper, keepUp } from './keeper.ts';
import { slackLogger } from './logger.ts';
import { isCommand } from './read.ts';
import { connect } from './socket.ts';
import { createWebhook } from './webhook.ts';
import { createWire, type Identity } from './wire.ts';

export type { SlackParcel } from './draw.ts';

export interface SlackOptions {
  /** `xoxb-…` */
  botToken: string;
  /** `xapp-…`: events come by Socket Mode. */
  appToken?: string | undefined;
  /** Events are posted to us and signed with it. */
  signingSecret?: string | undefined;
  /** Base of the Web API; official if absent. */
  apiUrl?: string | undefined;
  clock: Clock;
  log: Logger;
  /** For one call, its answer included. */
  timeoutMs?: number | undefined;
}

const OFFICIAL = 'https://slack.com/api/';
const TIMEOUT_MS = 30_000;

/**
 * Slack. Addresses are `slack:ID`, of a channel (`C…`, `G…`), a direct chat (`D…`), or a person (`U…`, `W…`), whose
 * direct chat is opened. Messages are Block Kit; pictures and files are uploaded beside them. A repeated message is not
 * known to Slack. `start` resolves after the first attempt to connect; if that failed, further ones follow, and `health`
 * says why.
 * @throws SetupError where a setting is no address or no token
 */
export function createSlack(options: SlackOptions): ChatPlatform<SlackParcel> {
  const { botToken, appToken, signingSecret, clock, log, timeoutMs = TIMEOUT_MS } = options;
  const apiUrl = (options.apiUrl ?? OFFICIAL).replace(/\/*$/, '/');
  check(options);
  const logger = slackLogger(
    log,
    [botToken, appToken, signingSecret].filter((secret) => secret !== undefined),
  );
  const wire = createWire({ botToken, apiUrl, logger, timeoutMs });

  let identity: Identity | undefined;
  let receiver: Receive | undefined;
  let keeper: Keeper | undefined;
  let ending: AbortController | undefined;
  const ear = { botToken, apiUrl, logger, wire, identity: () => identity, receive: () => receiver };

  async function open(signal: AbortSignal) {
    identity ??= await wire.whoAmI(signal);
    if (appToken) return connect({ appToken, apiUrl, logger, timeoutMs, hearing: (from) => createEar(from, ear) });
    return { ended: new Promise<void>(() => {}), close: async () => {} };
  }

  function webhook(secret: string) {
    const app = createEar({ init() {}, start: async () => {}, stop: async () => {} }, ear);
    return createWebhook({
      signingSecret: secret,
      clock,
      listening: () => receiver !== undefined,
      hear(body, retry) {
        app
          .processEvent({ body, ack: async () => {}, ...retry })
          .catch((error: unknown) => logger.error(`an event could not be read: ${messageOf(error)}`));
      },
    });
  }

  return {
    name: 'slack',
    draws: new Set(['table', 'pictures', 'actions', 'file', 'mentions']),
    deduplicates: false,
    whispers: true,
    limits: () => [{ count: 1, ms: 1000 }],
    ...(signingSecret && { webhooks: [webhook(signingSecret)] }),
    async start(receive, signal) {
      receiver = receive;
      const end = new AbortController();
      ending = end;
      signal.addEventListener('abort', () => end.abort(), { once: true, signal: end.signal });
      if (signal.aborted) end.abort();
      const down = (reason: string) => log.warn({ platform: 'slack' }, `Slack: ${reason}; trying again`);
      keeper = keepUp(() => open(end.signal), explain, down, end.signal);
      await keeper.first;
    },
    async stop() {
      receiver = undefined;
      ending?.abort();
      await keeper?.closed;
    },
    health: () => keeper?.trouble() ?? 'ok',
    draw,
    async send(to, parcel, { inReplyTo, onlyFor, signal } = {}) {
      try {
        return { id: await wire.send(to, parcel, { onlyFor, signal }) };
      } catch (error) {
        // A command can be given where the bot is not: then its answer goes to the asker directly.
        const stranger = error instanceof DeliveryError && error.gone && inReplyTo && isCommand(inReplyTo);
        if (!stranger || inReplyTo.room !== to || inReplyTo.from === to) throw error;
        return { id: await wire.send(inReplyTo.from, parcel, { signal }) };
      }
    },
    async update(to, parcels, { inReplyTo, signal }) {
      const [parcel, ...more] = parcels;
      const ts = inReplyTo?.pressed;
      if (!ts || parcel?.type !== 'message' || more.length > 0) return false;
      return wire.update(to, ts, parcel, signal);
    },
  };
}

function check({ botToken, appToken, apiUrl }: SlackOptions): void {
  const mistakes = [
    ...(/^[\x21-\x7e]+$/.test(botToken) ? [] : ['SLACK_BOT_TOKEN is not a token: copy the one that begins with xoxb-']),
    ...(appToken === undefined || /^[\x21-\x7e]+$/.test(appToken)
      ? []
      : ['SLACK_APP_TOKEN is not a token: copy the one that begins with xapp-']),
    ...(apiUrl === undefined || URL.canParse(apiUrl) ? [] : [`SLACK_API_URL is not an address: ${apiUrl}`]),
  ];
  if (mistakes.length > 0) throw new SetupError('Slack cannot be set up:', mistakes);
}

/** Why there is no connection, and what to do. */
function explain(error: unknown): string {
  if (error instanceof DeliveryError) return error.message;
  const said = messageOf(error);
  if (/invalid_auth|not_authed|account_inactive|token_revoked|not_allowed_token_type/.test(said)) {
    return `${said}: put an app-level token (xapp-…) with connections:write into SLACK_APP_TOKEN`;
  }
  return said;
}
