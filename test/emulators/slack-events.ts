import { createHmac } from 'node:crypto';

/** Bodies as Slack sends them, of its App in the workspace T1. */
const APP = { team_id: 'T1', api_app_id: 'A1' } as const;

let events = 0;

export function eventBody(event: Record<string, unknown>, id = `Ev${++events}`): Record<string, unknown> {
  const authorizations = [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }];
  return { ...APP, token: 'verification', type: 'event_callback', event_id: id, event_time: 1, authorizations, event };
}

export function mentionBody(text: string, { user = 'U1', channel = 'C1', id = `Ev${++events}` } = {}) {
  const ts = `1760680800.${String(++events).padStart(6, '0')}`;
  return eventBody({ type: 'app_mention', user, text: `<@UBOT> ${text}`, ts, event_ts: ts, channel }, id);
}

export function directBody(text: string, more: Record<string, unknown> = {}) {
  const ts = `1760680800.${String(++events).padStart(6, '0')}`;
  return eventBody({ type: 'message', channel_type: 'im', channel: 'D1', user: 'U1', text, ts, event_ts: ts, ...more });
}

export function commandBody(command: string, text: string, more: Record<string, string> = {}): Record<string, string> {
  const trigger_id = `${++events}.1.abc`;
  const response_url = `https://hooks.slack.com/commands/T1/${events}/x`;
  const who = { user_id: 'U1', user_name: 'li', channel_id: 'C1', channel_name: 'sales' };
  return { ...APP, token: 'verification', command, text, trigger_id, response_url, ...who, ...more };
}

export function pressBody(
  button: { action_id: string; value?: string | undefined },
  { ts = '1760680800.000100', user = 'U1', channel = 'C1' } = {},
): Record<string, unknown> {
  const action_ts = `1760680801.${String(++events).padStart(6, '0')}`;
  return {
    ...APP,
    type: 'block_actions',
    user: { id: user, username: 'li', name: 'li', team_id: 'T1' },
    team: { id: 'T1', domain: 't' },
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'sales' },
    message: { type: 'message', ts, bot_id: 'B1' },
    trigger_id: `${events}.2.abc`,
    response_url: `https://hooks.slack.com/actions/T1/${events}/x`,
    actions: [{ ...button, block_id: 'b', type: 'button', action_ts }],
  };
}

export function sign(secret: string, body: string, seconds: number): Record<string, string> {
  const hash = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(seconds), 'x-slack-signature': `v0=${hash}` };
}

export type Kind = 'event' | 'command' | 'interactive';

/** The body and the content type in which Slack posts it. */
export function encode(kind: Kind, body: object): { body: string; type: string } {
  if (kind === 'event') return { body: JSON.stringify(body), type: 'application/json' };
  const form = kind === 'command' ? (body as Record<string, string>) : { payload: JSON.stringify(body) };
  return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' };
}

const ATTEMPTS = 4;
const ANSWER_MS = 3000;

/** Posts as Slack does; what is not answered with 2xx in 3 s is posted again (at once here), three times. */
export async function postSigned(
  url: string,
  kind: Kind,
  what: object,
  { secret, seconds }: { secret: string; seconds: number },
): Promise<{ status: number; attempts: number; body: string }> {
  const { body, type } = encode(kind, what);
  let reason = '';
  for (let attempts = 1; ; attempts++) {
    const retry = { 'x-slack-retry-num': String(attempts - 1), 'x-slack-retry-reason': reason };
    const headers = { 'content-type': type, ...sign(secret, body, seconds), ...(attempts > 1 && retry) };
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) }).catch(
      () => undefined,
    );
    const status = response?.status ?? 0;
    const stop = response?.ok || response?.headers.get('x-slack-no-retry') === '1' || kind !== 'event';
    if (stop || attempts === ATTEMPTS) return { status, attempts, body: (await response?.text()) ?? '' };
    reason = response ? 'http_error' : 'http_timeout';
  }
}
