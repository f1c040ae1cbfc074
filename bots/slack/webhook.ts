import type { Webhook, WebhookAnswer, WebhookRequest } from '../../src/core/platform.ts';
import type { Clock } from '../../src/core/time.ts';
import { isSigned } from './signature.ts';

export interface WebhookOptions {
  signingSecret: string;
  clock: Clock;
  /** Takes a body, and answers for what becomes of it. */
  hear(body: Record<string, unknown>, retry: { retryNum?: number; retryReason?: string }): void;
  /** Whether somebody is there to hear. */
  listening(): boolean;
}

/**
 * Where Slack posts events, slash commands and presses. The answer is given before the work: Slack waits three seconds
 * and then posts again.
 */
export function createWebhook(options: WebhookOptions): Webhook {
  return { method: 'POST', path: '/webhooks/slack', handle: async (request) => answer(request, options) };
}

function answer(
  { headers, body }: WebhookRequest,
  { signingSecret, clock, hear, listening }: WebhookOptions,
): WebhookAnswer {
  const type = headers['content-type'] ?? '';
  // Slack's own check of our certificate is not signed, and asks for nothing.
  if (type.startsWith(FORM) && new URLSearchParams(Buffer.from(body).toString()).get('ssl_check') === '1') return OK;
  if (!isSigned(signingSecret, headers, body, clock.now())) return { status: 401 };
  const said = parse(type, Buffer.from(body).toString());
  if (!said) return { status: 400 };
  if (said['type'] === 'url_verification') {
    const challenge = String(said['challenge'] ?? '');
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ challenge }) };
  }
  if (!listening()) return { status: 503 };
  const retryNum = Number(headers['x-slack-retry-num']);
  const retryReason = headers['x-slack-retry-reason'];
  hear(said, { ...(retryNum > 0 && { retryNum }), ...(retryReason && { retryReason }) });
  return OK;
}

const FORM = 'application/x-www-form-urlencoded';
const OK: WebhookAnswer = { status: 200 };

/** Events are JSON, slash commands a form, presses a form with JSON in its `payload`. */
function parse(type: string, body: string): Record<string, unknown> | undefined {
  if (!type.startsWith(FORM)) return parseObject(body);
  const form = Object.fromEntries(new URLSearchParams(body));
  return form['payload'] === undefined ? form : parseObject(form['payload']);
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
