import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from './app.ts';
import { startTelegramEmulator } from './emulators/telegram.ts';
import { startWecomAppEmulator } from './emulators/wecom-app.ts';
import { startWecomBotEmulator } from './emulators/wecom-bot.ts';

const TELEGRAM = '123456789:AAtestTESTtestTESTtestTEST12345678';
const AES = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

/** The whole app with several platforms on at once: the same question, the same answer. */
describe('several platforms at once', () => {
  let test: TestApp;
  let folder: string;
  let telegram: Awaited<ReturnType<typeof startTelegramEmulator>>;
  let bot: Awaited<ReturnType<typeof startWecomBotEmulator>>;
  let wecom: Awaited<ReturnType<typeof startWecomAppEmulator>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldbell-platforms-'));
    telegram = await startTelegramEmulator({ token: TELEGRAM });
    bot = await startWecomBotEmulator({ botId: 'bot-1', secret: 'bot-secret' });
    wecom = await startWecomAppEmulator({
      corpId: 'ww-corp',
      secret: 'app-secret',
      agentId: 1000002,
      callbackToken: 'QDG6eK',
      callbackAesKey: AES,
      users: ['wang'],
    });
    test = await testApp({
      // The emulators sign with the time of this machine.
      at: new Date().toISOString(),
      folder,
      settings: {
        FIELDBELL_ROLES: 'http,bots',
        FIELDBELL_SAMPLE: 'on',
        TELEGRAM_BOT_TOKEN: TELEGRAM,
        TELEGRAM_API_ROOT: telegram.url,
        WECOM_BOT_ID: 'bot-1',
        WECOM_BOT_SECRET: 'bot-secret',
        WECOM_BOT_WS_URL: bot.url,
        WECOM_CORP_ID: 'ww-corp',
        WECOM_APP_SECRET: 'app-secret',
        WECOM_APP_AGENT_ID: '1000002',
        WECOM_CALLBACK_TOKEN: 'QDG6eK',
        WECOM_CALLBACK_AES_KEY: AES,
        WECOM_API_BASE: wecom.url,
      },
    });
    await test.app.start();
    for (const address of ['telegram:7001', 'wecom-bot:@wang', 'wecom-app:wang']) {
      await test.app.people.link('sample-lead', address);
    }
  });
  afterAll(async () => {
    await test.close();
    await Promise.all([telegram.close(), bot.close(), wecom.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it('are up, and say so', async () => {
    const parts = await test.app.ready();
    expect(parts).toMatchObject({ telegram: 'ok', 'wecom-bot': 'ok', 'wecom-app': 'ok', console: 'ok' });
  });

  it('answer the same question with the same words, and a picture where one can be seen', async () => {
    const title = (await test.ask('奖励排行', { as: 'sample-lead' })).message.title ?? '';
    expect(title).toContain('领先');
    telegram.says(7001, '奖励排行', { id: 7001, name: '李师傅' });
    bot.say({ userid: 'wang' }, '奖励排行');
    const { port } = (await test.app.http()).server.address() as AddressInfo;
    expect(await wecom.say(`http://127.0.0.1:${port}/webhooks/wecom`, 'wang', '奖励排行')).toEqual([200]);

    const received = {
      telegram: () => telegram.received(7001),
      'wecom-bot': () => bot.received('wang'),
      'wecom-app': () => wecom.received('wang'),
    };
    for (const [name, seen] of Object.entries(received)) {
      await expect.poll(() => JSON.stringify(seen()), { timeout: 15_000, message: name }).toContain(title);
    }
    await expect.poll(() => telegram.received(7001).some((one) => one.photo)).toBe(true);
    await expect.poll(() => bot.received('wang').some((one) => one.upload)).toBe(true);
  });

  it('answer a stranger with how to become known, and nothing else', async () => {
    telegram.says(8002, '今日外呼', { id: 8002, name: 'stranger' });
    await expect.poll(() => JSON.stringify(telegram.received(8002)), { timeout: 15_000 }).toContain('我还不认识你');
    expect(JSON.stringify(telegram.received(8002))).not.toMatch(/\d+ 通/);
  });

  it('refuse a callback that WeCom did not sign', async () => {
    const http = await test.app.http();
    const url = '/webhooks/wecom?msg_signature=0&timestamp=1&nonce=1';
    const answer = await http.inject({ method: 'POST', url, payload: '<xml><Encrypt>x</Encrypt></xml>' });
    expect(answer.statusCode).toBe(401);
    expect((await http.inject({ method: 'POST', url: '/webhooks/telegram', payload: '{}' })).statusCode).toBe(404);
  });
});
