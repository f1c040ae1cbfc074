import { webApi } from '@slack/bolt';
import { DeliveryError, messageOf } from '../../src/core/errors.ts';
import { reasonOf, wasNotSent } from '../../src/core/failed-request.ts';

const BUSY_MS = 30_000;

const TOKEN = 'install the app into the workspace again and put its bot token into SLACK_BOT_TOKEN';
/** What a person can do about an error of Slack; nothing was posted. Errors that are not here are refusals as well. */
const REMEDIES: Record<string, string> = {
  channel_not_found: 'there is no such channel, or the bot is not in it: invite the bot, or correct the channel',
  not_in_channel: 'the bot is not in the channel: invite it there (/invite)',
  is_archived: 'the channel is archived: restore it, or use another one',
  user_not_found: 'there is no such person in the workspace: correct the address',
  user_disabled: 'the person left the workspace: remove the address',
  users_not_found: 'there is no such person in the workspace: correct the address',
  cannot_dm_bot: 'a bot takes no messages: use the address of a person',
  user_not_in_channel: 'the person is not in the channel: answer directly',
  invalid_auth: `SLACK_BOT_TOKEN is wrong: ${TOKEN}`,
  not_authed: `SLACK_BOT_TOKEN is missing: ${TOKEN}`,
  token_revoked: `SLACK_BOT_TOKEN was revoked: ${TOKEN}`,
  token_expired: `SLACK_BOT_TOKEN has expired: ${TOKEN}`,
  account_inactive: `the app was removed from the workspace: ${TOKEN}`,
  missing_scope: 'the app lacks a permission: give it chat:write, im:write and files:write, and install it again',
  restricted_action: 'the workspace does not let the bot post there: ask its owner',
  ekm_access_denied: 'the administrators have suspended posting: ask them',
  no_text: 'the message is empty: give it words',
  msg_too_long: 'the message is too long: report this as a bug',
  msg_blocks_too_long: 'the message is too long: report this as a bug',
  invalid_blocks: 'the blocks are not as Slack wants them: report this as a bug',
  file_upload_size_restricted: 'the file is too big: send a smaller one',
};
/** The destination takes nothing any more. `account_inactive` is about our own token. */
const GONE = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'user_not_found',
  'users_not_found',
  'user_disabled',
  'cannot_dm_bot',
]);
const LIMITED = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
/** Refused before any work was done. */
const BUSY = new Set(['service_unavailable', 'request_timeout', 'team_added_to_org']);
/** Of these Slack says that some part may have succeeded. */
const UNSURE = new Set(['fatal_error', 'internal_error']);

/**
 * How an unhappy end is judged, given that Slack does not know a repeated message:
 * - not sent (no connection, no name, no TLS) or busy (`service_unavailable`, 408, 503): `retry`;
 * - over the limit (429, `ratelimited`): `wait`;
 * - any other error that Slack names, and 3xx or 4xx: `refused`;
 * - sent without an answer that can be read, another 5xx, `internal_error`, `fatal_error`: `doubtful`.
 * @param options.repeatable the call may be made twice without anybody seeing it twice: what is in doubt is a `retry`
 */
export function judge(to: string, error: unknown, options: { repeatable: boolean }): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const fail = (kind: DeliveryError['kind'], reason: string, ms?: number, gone = false) =>
    new DeliveryError(kind, `${to}: ${reason}`, ms, { gone });
  const doubt = (reason: string) =>
    options.repeatable ? fail('retry', reason) : fail('doubtful', `${reason}: look into the channel before resending`);

  if (error instanceof webApi.WebAPIRateLimitedError) {
    return fail('wait', 'too many messages (HTTP 429)', Math.max(1, error.retryAfter) * 1000);
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    const code: unknown = error.data.error;
    if (typeof code !== 'string' || !/^[a-z][a-z0-9_]*$/.test(code)) return doubt('the answer cannot be read');
    if (LIMITED.has(code)) {
      const seconds = error.data.response_metadata?.['retryAfter'];
      return fail('wait', `too many messages (${code})`, typeof seconds === 'number' ? seconds * 1000 : BUSY_MS);
    }
    if (BUSY.has(code)) return fail('retry', `Slack is busy (${code})`);
    if (UNSURE.has(code)) return doubt(`Slack failed in the middle (${code})`);
    return fail('refused', `${REMEDIES[code] ?? 'Slack refuses it'} (${code})`, undefined, GONE.has(code));
  }
  if (error instanceof webApi.WebAPIHTTPError) {
    const { statusCode } = error;
    if (statusCode === 408 || statusCode === 503) return fail('retry', `Slack cannot take it now (HTTP ${statusCode})`);
    if (statusCode < 500) return fail('refused', `HTTP ${statusCode}: SLACK_API_URL is not the address of Slack's API`);
    return doubt(`Slack failed (HTTP ${statusCode})`);
  }
  if (error instanceof webApi.WebAPIRequestError) {
    const { original } = error;
    const reason = reasonOf(original);
    if (wasNotSent(original)) return fail('retry', `Slack cannot be reached (${reason})`);
    if (reason.includes('redirect'))
      return fail('refused', "a redirect: SLACK_API_URL is not the address of Slack's API");
    return doubt(`it was sent, but no answer came (${reason})`);
  }
  if (messageOf(error).startsWith('Retry header')) return fail('wait', 'too many messages (HTTP 429)', BUSY_MS);
  return doubt(`the answer cannot be read (${reasonOf(error)})`);
}

/** The code of an error of Slack, if it is one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;
}
