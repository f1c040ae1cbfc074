import { createHash } from 'node:crypto';
import { deadline } from '../../core/deadline.ts';
import { SetupError, UpstreamError } from '../../core/errors.ts';
import { reasonOf } from '../../core/failed-request.ts';
import { exactJson } from '../json.ts';
import { Unwell } from '../patience.ts';

const TIMEOUT_MS = 30_000;

/** The envelope of every answer. */
export interface Envelope {
  code: number;
  message: string;
  data: unknown;
  /** Of the bytes. */
  digest?: string;
}

export interface WireRequest {
  path: string;
  query?: Record<string, string | number>;
  /** Makes it a POST. */
  body?: unknown;
  token?: string | undefined;
  /** The digest of an answer that is known: such a one is not looked into, its `data` is a function that does. */
  known?: string | undefined;
  signal: AbortSignal;
}

/** Code of a token that is unknown, that has expired, and what HTTP 401 counts as. */
export const TOKEN_CODES: readonly number[] = [1_000_001, 1_000_002];

/** Requests to one Guanke; an error never holds what was sent. Numbers that a double cannot hold are text. */
export type Wire = (request: WireRequest) => Promise<Envelope>;

/**
 * @param base address without a slash at its end
 * @throws Unwell where there is no answer, or one that a later try may better
 */
export function openWire(base: string, timeoutMs = TIMEOUT_MS): Wire {
  return async ({ path, query, body, token, known, signal }) => {
    const url = new URL(`${base}${path}`);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { accept: 'application/json', 'content-type': 'application/json' };
    // As it is, without "Bearer".
    if (token !== undefined) headers['authorization'] = token;
    let status: number;
    let content: Buffer;
    const stop = deadline(timeoutMs, signal);
    try {
      const response = await fetch(url, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: stop.signal,
      });
      status = response.status;
      content = Buffer.from(await response.arrayBuffer());
      if (status === 429) {
        const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
        throw new Unwell('HTTP 429: too many requests', Number.isFinite(seconds) ? seconds * 1_000 : undefined);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Unwell) throw error;
      throw new Unwell(stop.passed ? `no answer within ${timeoutMs / 1_000} s` : `no answer (${reasonOf(error)})`);
    } finally {
      stop.release();
    }
    if (status === 401) return { code: TOKEN_CODES[0] as number, message: 'HTTP 401', data: null };
    if (status >= 500) throw new Unwell(`HTTP ${status}`);
    if (status === 403) throw new SetupError(`Guanke forbids ${path} (HTTP 403): the account lacks the permission`);
    if (status >= 300) throw new UpstreamError(`HTTP ${status} for ${path}: check GUANKE_BASE_URL`);
    const digest = createHash('sha1').update(content).digest('base64url');
    if (digest === known) return { code: 200, message: '', data: () => envelopeOf(content).data, digest };
    return { ...envelopeOf(content), digest };
  };
}

/** @throws Unwell where the body is cut, a gateway's page, or no envelope */
function envelopeOf(bytes: Buffer): Envelope {
  const content = bytes.toString();
  let value: unknown;
  try {
    value = exactJson(content);
  } catch {
    throw new Unwell(/^\s*</.test(content) ? 'a page instead of data (a gateway)' : 'the answer is cut, or no JSON');
  }
  const { code, message, data } = (value ?? {}) as Partial<Envelope>;
  if (!Number.isInteger(Number(code)) || code === null) throw new Unwell('the answer has no code');
  return { code: Number(code), message: String(message ?? '').slice(0, 200), data };
}
