import { createHash, timingSafeEqual } from 'node:crypto';
import type { Update } from 'grammy/types';
import { z } from 'zod';
import { SetupError } from '../../src/core/errors.ts';
import type { Webhook, WebhookAnswer, WebhookRequest } from '../../src/core/platform.ts';

const WEBHOOK_PATH = '/webhooks/telegram';
const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

const Envelope = z.looseObject({ update_id: z.int() });

/**
 * Where Telegram calls us. Who does not know the secret is turned away before anything is read.
 * @param take what to do with an update, after the answer; false where we cannot take one yet
 */
export function createWebhook(secret: string, take: (update: Update) => boolean): Webhook {
  const handle = ({ headers, body }: WebhookRequest): WebhookAnswer => {
    if (!isSame(headers[SECRET_HEADER] ?? '', secret)) return { status: 401, body: 'wrong secret token' };
    const update = readUpdate(body);
    if (!update) return { status: 400, body: 'not an update' };
    return take(update) ? { status: 200 } : { status: 503, body: 'not ready' };
  };
  return { method: 'POST', path: WEBHOOK_PATH, handle: async (request) => handle(request) };
}

/**
 * The address to give to Telegram.
 * @throws SetupError where it cannot be one
 */
export function webhookAddress(secret: string, publicUrl: string | undefined): string {
  if (!/^[\w-]{1,256}$/.test(secret)) {
    throw new SetupError('TELEGRAM_WEBHOOK_SECRET takes 1 to 256 letters, digits, _ and -');
  }
  if (!publicUrl) {
    throw new SetupError(
      'TELEGRAM_WEBHOOK_SECRET asks for a webhook: set FIELDBELL_PUBLIC_URL, or leave the secret out',
    );
  }
  return `${publicUrl.replace(/\/+$/, '')}${WEBHOOK_PATH}`;
}

/** In the same time whatever they hold. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function readUpdate(body: Uint8Array): Update | undefined {
  try {
    const read = Envelope.safeParse(JSON.parse(Buffer.from(body).toString()));
    return read.success ? (read.data as unknown as Update) : undefined;
  } catch {
    return undefined;
  }
}
