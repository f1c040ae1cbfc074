import { DeliveryError, messageOf, SetupError } from '../../src/core/errors.ts';
import { type Address, maskAddress, restOf, schemeOf } from '../../src/core/platform.ts';

export interface WireOptions {
  /** Base of all `/cgi-bin/…` calls. */
  apiBase: string;
  fetch?: typeof fetch | undefined;
  /** For one call, its answer included. Longer than the 10 s in which `fetch` gives up connecting. */
  timeoutMs?: number | undefined;
}

/** The two calls of a group robot. Both throw DeliveryError. */
export interface Wire {
  send(to: Address, body: object, signal?: AbortSignal): Promise<void>;
  /** @returns media id, good for 3 days and for this robot only */
  upload(to: Address, name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<string>;
}

const TIMEOUT_MS = 30_000;
/** A call under way when we are told to stop gets this long to be answered: otherwise its delivery would be doubtful. */
const GRACE_MS = 2000;
const BLOCKED_MS = 60_000;

/** What a person can do about an `errcode`; nothing was delivered. Codes that are not here are refusals as well. */
const REMEDIES: Record<number, string> = {
  93000: 'the key is wrong, or the robot was removed from its group: add a robot and put its key into the channel',
  93004: 'the robot is disabled: enable it in the group, or put the key of another one into the channel',
  93008: 'the robot is not in the group any more: add it again and put its key into the channel',
  40008: 'it does not know this type of message: report this as a bug',
  40035: 'a parameter is wrong, or the text is too long: report this as a bug',
  40058: 'a field is missing, or the text is too long: report this as a bug',
  44004: 'the message is empty: give it words',
  45001: 'the picture or the file is too big: send a smaller one',
  45002: 'the text is too long: send less',
};

/**
 * How an unhappy end is judged, given that the robot does not know a repeated message:
 * - not sent (no connection, no name, no TLS) or busy (-1, 408, 503): `retry`;
 * - over the limit (45009, 45033, 429): `wait`;
 * - any other answer with an errcode, and 3xx or 4xx: `refused`;
 * - sent without an answer that can be read (timeout, reset, other 5xx of a gateway, which may stand before a server that
 *   did its work): `doubtful`. For an upload that is `retry`: nobody sees an upload.
 */
export function createWire({ apiBase, fetch: call = fetch, timeoutMs = TIMEOUT_MS }: WireOptions): Wire {
  const base = apiBase.replace(/\/+$/, '');
  if (!URL.canParse(base)) throw new SetupError(`WECOM_API_BASE is not an address: ${apiBase}`);

  async function post(to: Address, path: string, init: RequestInit, signal?: AbortSignal): Promise<Answer> {
    const key = keyOf(to);
    const fail = (kind: DeliveryError['kind'], reason: string, retryAfterMs?: number) =>
      new DeliveryError(kind, `${maskAddress(to)}: ${scrub(reason, key)}`, retryAfterMs);
    if (signal?.aborted) throw fail('retry', 'stopped before it was sent');
    const stop = stopper(timeoutMs, signal);
    try {
      const response = await call(`${base}/cgi-bin/webhook/${path}key=${encodeURIComponent(key)}`, {
        ...init,
        method: 'POST',
        // A kept connection may be closed under a new request; then nobody knows whether that was read.
        headers: { ...init.headers, connection: 'close' },
        redirect: 'manual',
        signal: stop.signal,
      });
      return judge(response, await response.text(), fail);
    } catch (error) {
      if (error instanceof DeliveryError) throw error;
      if (wasNotSent(error)) throw fail('retry', `WeCom cannot be reached (${reasonOf(error)})`);
      throw fail(
        'doubtful',
        `it was sent, but no answer came (${reasonOf(error)}): look into the group before resending`,
      );
    } finally {
      stop.release();
    }
  }

  return {
    async send(to, body, signal) {
      const init = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      await post(to, 'send?', init, signal);
    },
    async upload(to, name, bytes, signal) {
      try {
        const answer = await post(to, 'upload_media?type=file&', multipart(name, bytes), signal);
        if (typeof answer['media_id'] === 'string') return answer['media_id'];
        throw new DeliveryError('retry', `${maskAddress(to)}: the upload was answered without a media_id`);
      } catch (error) {
        if (!(error instanceof DeliveryError) || error.kind !== 'doubtful') throw error;
        throw new DeliveryError('retry', error.message);
      }
    },
  };
}

type Answer = Record<string, unknown>;
type Fail = (kind: DeliveryError['kind'], reason: string, retryAfterMs?: number) => DeliveryError;

/** HTTP 200 means nothing: `errcode` decides. */
function judge(response: Response, body: string, fail: Fail): Answer {
  const answer = parse(body);
  const code = answer?.['errcode'];
  if (answer && typeof code === 'number') {
    if (code === 0) return answer;
    const said = `errcode ${code}, ${String(answer['errmsg'] ?? '').slice(0, 160)}`;
    if (code === 45009 || code === 45033) throw fail('wait', `too many messages (${said})`, BLOCKED_MS);
    if (code === -1) throw fail('retry', `WeCom is busy (${said})`);
    throw fail('refused', `${REMEDIES[code] ?? 'WeCom refuses it'} (${said})`);
  }
  const { status } = response;
  if (status === 429) throw fail('wait', 'too many requests (HTTP 429)', retryAfter(response.headers));
  if (status === 408 || status === 503) throw fail('retry', `WeCom cannot take it now (HTTP ${status})`);
  if (status >= 300 && status < 500) {
    throw fail('refused', `HTTP ${status}: WECOM_API_BASE is not the address of the WeCom API`);
  }
  throw fail('doubtful', `the answer cannot be read (HTTP ${status}): look into the group before resending`);
}

function parse(body: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds, or a date; a date counts from the answer's own date, since clocks differ. */
function retryAfter(headers: Headers): number {
  const value = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return ms > 0 ? ms : BLOCKED_MS;
}

function keyOf(to: Address): string {
  const key = schemeOf(to) === 'wecom-robot' ? restOf(to) : '';
  if (/^[\w-]+$/.test(key)) return key;
  throw new DeliveryError(
    'refused',
    'not the address of a group robot: write wecom-robot:KEY, with the key= of its webhook',
  );
}

function scrub(text: string, key: string): string {
  return text.replaceAll(key, `…${key.slice(-4)}`);
}

/** Whether a failed call surely ended before the request left: no name, no connection, no TLS. In doubt: no. */
function wasNotSent(error: unknown): boolean {
  const cause = causeOf(error);
  if (!cause) return false;
  if (cause.syscall === 'getaddrinfo' || cause.syscall === 'connect') return true;
  if (/^UND_ERR_CONNECT_TIMEOUT$|CERT|UNABLE_TO_VERIFY|WRONG_VERSION/.test(cause.code ?? '')) return true;
  return cause.message.includes('before secure TLS connection was established') || cause.socket?.bytesWritten === 0;
}

interface Cause extends NodeJS.ErrnoException {
  /** Of undici's SocketError; the connection carries this one request. */
  socket?: { bytesWritten?: number };
}

function causeOf(error: unknown): Cause | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0];
  return cause instanceof Error ? cause : undefined;
}

function reasonOf(error: unknown): string {
  const cause = causeOf(error);
  return cause?.code ?? cause?.message ?? messageOf(error);
}

function stopper(timeoutMs: number, signal: AbortSignal | undefined): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const giveUp = (reason: string) => controller.abort(new Error(reason));
  const timer = setTimeout(giveUp, timeoutMs, `timeout after ${timeoutMs / 1000} s`);
  let grace: NodeJS.Timeout | undefined;
  const onAbort = () => {
    grace = setTimeout(giveUp, GRACE_MS, 'stopped while waiting');
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      clearTimeout(grace);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** By hand, because WeCom wants `filelength` in the head of the part, which FormData does not write. */
function multipart(
  name: string,
  bytes: Uint8Array,
): { headers: Record<string, string>; body: Uint8Array<ArrayBuffer> } {
  const boundary = `fieldbell-${crypto.randomUUID()}`;
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="media"; filename="${name}"; filelength=${bytes.length}`,
    'Content-Type: application/octet-stream',
  ].join('\r\n');
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
