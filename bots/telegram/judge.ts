import { GrammyError, HttpError } from 'grammy';
import type { DeliveryError } from '../../src/core/errors.ts';
import { reasonOf as failedBecause, wasNotSent } from '../../src/core/failed-request.ts';

const BLOCKED_MS = 30_000;

/** An answer that is not Telegram's, e.g. of a gateway. */
export class Unreadable extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** Makes the error, with the address and without the token. */
export type Fail = (
  kind: DeliveryError['kind'],
  reason: string,
  retryAfterMs?: number,
  more?: { gone?: boolean; movedTo?: string },
) => DeliveryError;

/**
 * How an unhappy end is judged, given that Telegram does not know a repeated message:
 * - not sent (no connection, no name, no TLS), or Telegram says that it failed (its own 5xx): `retry`;
 * - 429: `wait`, as long as it says;
 * - any other answer: `refused`; the chat is gone where the bot was blocked or removed, or it is not known;
 * - sent without an answer that can be read (timeout, reset, 5xx of a gateway): `doubtful`.
 */
export function judge(error: unknown, fail: Fail): DeliveryError {
  return error instanceof GrammyError ? judgeAnswer(error, fail) : judgeSilence(error, fail);
}

const GONE = /blocked by the user|kicked|deactivated|deleted|not a member|chat not found|PEER_ID_INVALID/i;

function judgeAnswer(error: GrammyError, fail: Fail): DeliveryError {
  const { error_code: code, description, parameters } = error;
  const said = `(${code}, ${description.slice(0, 160)})`;
  if (code === 429) return fail('wait', `too many messages ${said}`, retryAfter(error) ?? BLOCKED_MS);
  if (code >= 500) return fail('retry', `Telegram failed ${said}`);
  if (parameters.migrate_to_chat_id !== undefined) {
    const movedTo = `telegram:${parameters.migrate_to_chat_id}`;
    return fail('refused', `the group became a supergroup: write ${movedTo} into the channel ${said}`, undefined, {
      movedTo,
    });
  }
  if (code === 401 || (code === 404 && description === 'Not Found')) {
    return fail('refused', `the bot's token is wrong: put the one of BotFather into TELEGRAM_BOT_TOKEN ${said}`);
  }
  if ((code === 403 || code === 400) && GONE.test(description)) {
    return fail('refused', `the bot cannot write there: add or unblock it, or correct the address ${said}`, undefined, {
      gone: true,
    });
  }
  if (code === 403) return fail('refused', `the bot may not write there; a person presses Start first ${said}`);
  return fail('refused', `Telegram refuses it ${said}`);
}

function judgeSilence(error: unknown, fail: Fail): DeliveryError {
  const cause = error instanceof HttpError ? error.error : error;
  if (cause instanceof Unreadable) {
    const { status } = cause;
    if (status === 429) return fail('wait', 'too many requests (HTTP 429)', BLOCKED_MS);
    if (status === 408 || status === 503) return fail('retry', `Telegram cannot take it now (HTTP ${status})`);
    if (status >= 300 && status < 500) {
      return fail('refused', `HTTP ${status}: TELEGRAM_API_ROOT is not the address of a Bot API`);
    }
    return fail('doubtful', `the answer cannot be read (HTTP ${status}): look into the chat before resending`);
  }
  const reason = reasonOf(error);
  if (wasNotSent(cause)) return fail('retry', `Telegram cannot be reached (${reason})`);
  return fail('doubtful', `it was sent, but no answer came (${reason}): look into the chat before resending`);
}

export function retryAfter({ parameters }: GrammyError): number | undefined {
  return parameters.retry_after === undefined ? undefined : parameters.retry_after * 1000;
}

/** Why a call failed, in a word. It may hold the token: scrub it. */
export function reasonOf(error: unknown): string {
  return failedBecause(error instanceof HttpError ? error.error : error);
}
