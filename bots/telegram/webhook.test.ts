import { describe, expect, it } from 'vitest';
import { SetupError } from '../../src/core/errors.ts';
import { createWebhook, webhookAddress } from './webhook.ts';

const SECRET = 'hook-Secret_1';

describe("Telegram's webhook", () => {
  it('turns away who does not know the secret, and what is no update', async () => {
    const taken: number[] = [];
    let ready = false;
    const hook = createWebhook(SECRET, ({ update_id }) => ready && taken.push(update_id) > 0);
    const post = async (body: string, secret?: string) => {
      const headers = secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret };
      return (await hook.handle({ query: {}, headers, body: Buffer.from(body) })).status;
    };
    const good = '{"update_id":7,"message":{"text":"hi"}}';
    expect(await post(good, SECRET)).toBe(503);
    ready = true;
    for (const wrong of [undefined, '', 'hook-Secret_2', `${SECRET}x`]) expect(await post(good, wrong)).toBe(401);
    for (const wrong of ['', '{', 'null', '[]', '{}', '{"update_id":"7"}']) expect(await post(wrong, SECRET)).toBe(400);
    expect(taken).toEqual([]);
    expect(await post(good, SECRET)).toBe(200);
    expect(taken).toEqual([7]);
  });

  it('needs a public address and a secret that Telegram takes', () => {
    expect(webhookAddress(SECRET, 'https://x.example/')).toBe('https://x.example/webhooks/telegram');
    expect(() => webhookAddress(SECRET, undefined)).toThrow(/set FIELDBELL_PUBLIC_URL/);
    for (const wrong of ['two words', '', 'x'.repeat(257)]) {
      expect(() => webhookAddress(wrong, 'https://x.example')).toThrow(SetupError);
    }
  });
});
