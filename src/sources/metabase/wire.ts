import { deadline } from '../../core/deadline.ts';
import { UpstreamError } from '../../core/errors.ts';
import { reasonOf } from '../../core/failed-request.ts';
import { exactJson } from '../json.ts';
import { Unwell } from '../patience.ts';

/** Metabase stops a query after some minutes by itself. */
const TIMEOUT_MS = 120_000;
/** A card of a hundred thousand rows has some fifty million characters. */
const LARGEST_CHARACTERS = 400_000_000;

export interface WireAnswer {
  status: number;
  /** The body as values, long numbers as text; undefined where an error's body is no JSON. @throws Unwell where it is cut */
  json(): unknown;
}

/** Requests to one Metabase; an error never holds what was sent. */
export interface Wire {
  base: string;
  /**
   * @throws Unwell where there is no answer, or one that a later try may better: 429, 5xx, a page of a gateway, a cut body
   */
  post(
    path: string,
    body: unknown,
    options: { signal: AbortSignal; headers?: Record<string, string>; form?: boolean },
  ): Promise<WireAnswer>;
}

/** @param base address without a slash at its end */
export function openWire(base: string, timeoutMs = TIMEOUT_MS): Wire {
  return {
    base,
    async post(path, body, { signal, headers = {}, form = false }) {
      const says = (what: string) => `Metabase ${path}: ${what}`;
      const [type, text] = form
        ? ['application/x-www-form-urlencoded', new URLSearchParams(body as Record<string, string>).toString()]
        : ['application/json', JSON.stringify(body)];
      let response: Response;
      let content: string;
      const stop = deadline(timeoutMs, signal);
      try {
        response = await fetch(`${base}${path}`, {
          method: 'POST',
          headers: { 'content-type': type, accept: 'application/json', ...headers },
          body: text,
          redirect: 'manual',
          signal: stop.signal,
        });
        content = await response.text();
      } catch (error) {
        signal.throwIfAborted();
        throw new Unwell(
          says(stop.passed ? `no answer within ${timeoutMs / 1_000} s` : `no answer (${reasonOf(error)})`),
        );
      } finally {
        stop.release();
      }
      const { status } = response;
      if (content.length > LARGEST_CHARACTERS) throw new UpstreamError(says('the answer is over 400 MB'));
      if (status === 429 || status >= 500) throw new Unwell(says(`HTTP ${status}`), retryAfter(response));
      if (status >= 300 && status < 400) {
        throw new UpstreamError(
          says(`HTTP ${status}: METABASE_URL leads elsewhere; give the address of Metabase itself`),
        );
      }
      const html = /^\s*</.test(content);
      if (html && status < 300)
        throw new Unwell(says('a page instead of data (a gateway, or the address is not Metabase’s)'));
      return {
        status,
        json() {
          try {
            return content === '' ? undefined : exactJson(content);
          } catch {
            if (status >= 300) return undefined;
            throw new Unwell(says('the answer is cut, or no JSON'));
          }
        },
      };
    },
  };
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}
