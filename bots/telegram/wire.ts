import { buffer } from 'node:stream/consumers';
import { Api, type ApiClientOptions, GrammyError } from 'grammy';
import { deadline } from '../../src/core/deadline.ts';
import { DeliveryError, SetupError, UpstreamError } from '../../src/core/errors.ts';
import { type Address, restOf, schemeOf } from '../../src/core/platform.ts';
import { type Fail, judge, reasonOf, retryAfter, Unreadable } from './judge.ts';

export interface WireOptions {
  /** Of the bot, from BotFather. */
  token: string;
  apiRoot?: string | undefined;
  /** For one call, its answer included. */
  timeoutMs?: number | undefined;
}

/** Calls of the Bot API by grammY. No error that comes from here holds the token. */
export interface Wire {
  /**
   * One call to one chat.
   * @param harmless whether a repetition changes nothing, so that nothing is ever in doubt
   * @throws DeliveryError
   */
  deliver<T>(
    to: Address,
    call: (api: Api, chat: number | string, signal: Signal) => Promise<T>,
    options?: { signal?: AbortSignal | undefined; harmless?: boolean },
  ): Promise<T>;
  /** A call about ourselves, e.g. `getUpdates`. @throws CallError */
  ask<T>(call: (api: Api, signal: Signal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** @throws UpstreamError */
  download(fileId: string, size: number | undefined, signal?: AbortSignal): Promise<Uint8Array>;
}

/** grammY's own type of signal; any real one will do. */
export type Signal = NonNullable<Parameters<Api['getMe']>[0]>;

/** Why a call about ourselves failed. */
export class CallError extends Error {
  override readonly name = 'CallError';
  /** Telegram's code; undefined where no answer came. */
  readonly code: number | undefined;
  readonly retryAfterMs: number | undefined;
  constructor(message: string, code?: number, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** How long `getUpdates` may wait for something to happen. */
export const POLL_SECONDS = 30;
const API_ROOT = 'https://api.telegram.org';
const TIMEOUT_MS = 30_000;
/** A call under way when we are told to stop gets this long to be answered: otherwise its delivery would be doubtful. */
const GRACE_MS = 2000;
const FILE_BYTES = 20 * 1024 * 1024;

/** @throws SetupError for a token or an address that cannot be one */
export function createWire({ token, apiRoot = API_ROOT, timeoutMs = TIMEOUT_MS }: WireOptions): Wire {
  const root = apiRoot.replace(/\/+$/, '');
  if (!URL.canParse(root)) throw new SetupError(`TELEGRAM_API_ROOT is not an address: ${apiRoot}`);
  if (!/^[\w.~-]+(?::[\w.~-]+)?$/.test(token)) {
    throw new SetupError('TELEGRAM_BOT_TOKEN is not the token of a bot: BotFather gives it, as 123456:ABC-…');
  }
  const api = apiWith(timeoutMs);
  const patientApi = apiWith(timeoutMs + POLL_SECONDS * 1000);

  function apiWith(ms: number): Api {
    const own = fetchOnce as unknown as NonNullable<ApiClientOptions['fetch']>;
    return new Api(token, { apiRoot: root, timeoutSeconds: ms / 1000, fetch: own });
  }

  function scrub(text: string): string {
    return text.replaceAll(token, '…').replaceAll(token.slice(token.indexOf(':') + 1), '…');
  }

  return {
    async deliver(to, call, { signal, harmless = false } = {}) {
      const chat = chatOf(to);
      const fail: Fail = (kind, reason, retryAfterMs, more) => {
        const sure = kind === 'doubtful' && harmless ? 'retry' : kind;
        return new DeliveryError(sure, `${to}: ${scrub(reason)}`, retryAfterMs, more);
      };
      if (signal?.aborted) throw fail('retry', 'stopped before it was sent');
      const stop = deadline(undefined, signal, GRACE_MS);
      try {
        return await call(api, chat, stop.signal as unknown as Signal);
      } catch (error) {
        throw judge(error, fail);
      } finally {
        stop.release();
      }
    },
    async ask(call, signal = new AbortController().signal) {
      try {
        return await call(patientApi, signal as unknown as Signal);
      } catch (error) {
        if (!(error instanceof GrammyError)) throw new CallError(scrub(reasonOf(error)));
        const said = `${error.error_code}, ${error.description}`;
        throw new CallError(scrub(said), error.error_code, retryAfter(error));
      }
    },
    async download(fileId, size = 0, signal) {
      if (size > FILE_BYTES) {
        throw new UpstreamError('Telegram hands bots files of up to 20 MB: send a smaller one');
      }
      const stop = deadline(timeoutMs, signal);
      try {
        const { file_path } = await api.getFile(fileId, stop.signal as unknown as Signal);
        if (!file_path) throw new Error('the file has no path any more');
        const response = await fetch(`${root}/file/bot${token}/${file_path}`, { signal: stop.signal });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        return new Uint8Array(await response.arrayBuffer());
      } catch (error) {
        throw new UpstreamError(`the file cannot be fetched from Telegram (${scrub(reasonOf(error))}): send it again`);
      } finally {
        stop.release();
      }
    },
  };
}

/**
 * For grammY, in place of node-fetch, whose errors do not say whether a request left. The body is sent whole, with its
 * length. A kept connection may be closed under a new request; then nobody knows whether that was read: none is kept.
 */
async function fetchOnce(
  url: string,
  init: { method: string; headers: Record<string, string>; body: string | NodeJS.ReadableStream; signal: EventTarget },
): Promise<{ json(): Promise<unknown> }> {
  const stop = new AbortController();
  // grammY's signal is not of the kind that fetch knows.
  const abort = () => stop.abort();
  init.signal.addEventListener('abort', abort);
  if ('aborted' in init.signal && init.signal.aborted) abort();
  try {
    const response = await fetch(url, {
      method: init.method,
      headers: { ...init.headers, connection: 'close' },
      body: typeof init.body === 'string' ? init.body : await buffer(init.body),
      redirect: 'manual',
      signal: stop.signal,
    });
    const answer = parse(await response.text());
    if (answer?.['ok'] !== true && typeof answer?.['error_code'] !== 'number') throw new Unreadable(response.status);
    return { json: async () => answer };
  } finally {
    init.signal.removeEventListener('abort', abort);
  }
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** `telegram:CHATID`, or `telegram:@name` of a public channel or group. */
function chatOf(to: Address): number | string {
  const chat = schemeOf(to) === 'telegram' ? restOf(to) : '';
  if (/^-?\d{1,15}$/.test(chat)) return Number(chat);
  if (/^@[A-Za-z]\w{3,31}$/.test(chat)) return chat;
  throw new DeliveryError(
    'refused',
    'not the address of a Telegram chat: write telegram:CHATID (groups have negative ids)',
  );
}
