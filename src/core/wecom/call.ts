import { deadline } from '../deadline.ts';
import { DeliveryError, SetupError } from '../errors.ts';
import { reasonOf, wasNotSent } from '../failed-request.ts';

/** One call of the WeCom API over HTTP, and what its end means for what was to be delivered. */

const TIMEOUT_MS = 30_000;
/** A call under way when we are told to stop gets this long to be answered: otherwise its delivery would be doubtful. */
const GRACE_MS = 2000;
/** How long WeCom blocks who called too often in a minute. */
export const BLOCKED_MS = 60_000;

export interface WecomCall {
  url: string;
  init: RequestInit;
  /** Makes the error: it knows the address and the secrets that must not be in it. */
  fail: Fail;
  fetch?: typeof fetch | undefined;
  /** For one call, its answer included. Longer than the 10 s in which `fetch` gives up connecting. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** The JSON of an answer. Its HTTP status means nothing: `errcode` decides. */
export type Answer = Record<string, unknown> & { errcode: number };
export type Fail = (
  kind: DeliveryError['kind'],
  reason: string,
  retryAfterMs?: number,
  more?: { gone: boolean },
) => DeliveryError;

/** What errcodes mean to one platform. Those that it does not list are refusals as well. */
export interface Meanings {
  /** What a person can do. */
  remedies: Readonly<Record<number, string>>;
  /** The destination is no more. */
  gone: ReadonlySet<number>;
}

/** The base of all `/cgi-bin/…` calls, without a slash at its end. */
export function wecomBase(apiBase: string): string {
  if (!URL.canParse(apiBase)) throw new SetupError(`WECOM_API_BASE is not an address: ${apiBase}`);
  return apiBase.replace(/\/+$/, '');
}

/**
 * Calls and reads the answer. How an unhappy end without an errcode is judged:
 * - not sent (no connection, no name, no TLS), or HTTP 408 or 503: `retry`;
 * - HTTP 429: `wait`;
 * - 3xx or other 4xx: `refused`;
 * - sent without an answer that can be read (timeout, reset, other 5xx of a gateway, which may stand before a server that
 *   did its work): `doubtful`.
 * @throws DeliveryError
 */
export async function callWecom(call: WecomCall): Promise<Answer> {
  const { response, bytes } = await exchange(call);
  return answerOf(response, bytes, call.fail);
}

/** As `callWecom`, for answers that are not JSON. */
export async function exchange(call: WecomCall): Promise<{ response: Response; bytes: Buffer }> {
  const { url, init, fail, fetch: fetchIt = fetch, timeoutMs = TIMEOUT_MS, signal } = call;
  if (signal?.aborted) throw fail('retry', 'stopped before it was sent');
  const stop = deadline(timeoutMs, signal, GRACE_MS);
  try {
    const response = await fetchIt(url, {
      ...init,
      // A kept connection may be closed under a new request; then nobody knows whether that was read.
      headers: { ...(init.headers as Record<string, string>), connection: 'close' },
      redirect: 'manual',
      signal: stop.signal,
    });
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  } catch (error) {
    if (wasNotSent(error)) throw fail('retry', `WeCom cannot be reached (${reasonOf(error)})`);
    throw fail(
      'doubtful',
      `it was sent, but no answer came (${reasonOf(error)}): see whether it arrived before resending`,
    );
  } finally {
    stop.release();
  }
}

/** @throws DeliveryError where the answer has no errcode */
export function answerOf(response: Response, bytes: Buffer, fail: Fail): Answer {
  const answer = jsonAnswer(bytes);
  if (answer) return answer;
  const { status } = response;
  if (status === 429) throw fail('wait', 'too many requests (HTTP 429)', retryAfter(response.headers));
  if (status === 408 || status === 503) throw fail('retry', `WeCom cannot take it now (HTTP ${status})`);
  if (status >= 300 && status < 500) {
    throw fail('refused', `HTTP ${status}: WECOM_API_BASE is not the address of the WeCom API`);
  }
  throw fail('doubtful', `the answer cannot be read (HTTP ${status}): see whether it arrived before resending`);
}

/** The answer, if it is JSON with an errcode. */
export function jsonAnswer(bytes: Buffer): Answer | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value !== 'object' || value === null) return undefined;
    return typeof (value as Answer).errcode === 'number' ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** `errcode 45009, api freq out of limit …` */
function saidBy(answer: Answer): string {
  return `errcode ${answer.errcode}, ${String(answer['errmsg'] ?? '').slice(0, 160)}`;
}

/**
 * An answer of errcode 0; with any other nothing was delivered.
 * @throws DeliveryError `retry` when busy, `wait` over a limit, else `refused`
 */
export function happy(answer: Answer, fail: Fail, { remedies, gone }: Meanings): Answer {
  const { errcode } = answer;
  if (errcode === 0) return answer;
  const said = saidBy(answer);
  if (errcode === 45009 || errcode === 45033) throw fail('wait', `too many messages (${said})`, BLOCKED_MS);
  if (errcode === -1) throw fail('retry', `WeCom is busy (${said})`);
  throw fail('refused', `${remedies[errcode] ?? 'WeCom refuses it'} (${said})`, undefined, { gone: gone.has(errcode) });
}

/** Runs a call that nobody sees the effect of, such as an upload: in doubt it may be made again. */
export async function unseen<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.kind !== 'doubtful') throw error;
    throw new DeliveryError('retry', error.message);
  }
}

/** Seconds, or a date; a date counts from the answer's own date, since clocks differ. */
function retryAfter(headers: Headers): number {
  const value = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return ms > 0 ? ms : BLOCKED_MS;
}
