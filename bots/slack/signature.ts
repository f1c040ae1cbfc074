import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that a request's time may be off, before or after ours. */
const WINDOW_S = 5 * 60;

/**
 * Whether Slack signed these bytes with our secret, within five minutes: `v0=` and the HMAC-SHA256 of
 * `v0:{timestamp}:{body}`. The SDK's own check takes times in the future and compares text made of the bytes.
 * Source: docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function isSigned(
  secret: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  now: Date,
): boolean {
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const signature = Buffer.from(headers['x-slack-signature'] ?? '');
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > WINDOW_S) return false;
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  );
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}
