import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from './app.ts';
import { startSlackEmulator } from './emulators/slack.ts';
import { mentionBody, pressBody } from './emulators/slack-events.ts';
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
  let slack: Awaited<ReturnType<typeof startSlackEmulator>>;
  let wecom: Awaited<ReturnType<typeof startWecomAppEmulator>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldbell-platforms-'));
    telegram = await startTelegramEmulator({ token: TELEGRAM });
    bot = await startWecomBotEmulator({ botId: 'bot-1', secret: 'bot-secret' });
    slack = await startSlackEmulator({
      botToken: 'xoxb-1-token',
      appToken: 'xapp-1-token',
      signingSecret: 'slack-secret',
    });
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
        SLACK_BOT_TOKEN: 'xoxb-1-token',
        SLACK_APP_TOKEN: 'xapp-1-token',
        SLACK_API_URL: slack.apiUrl,
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
    for (const address of ['telegram:7001', 'wecom-bot:@wang', 'wecom-app:wang', 'slack:U1']) {
      await test.app.people.link('sample-lead', address);
    }
  });
  afterAll(async () => {
    await test.close();
    await Promise.all([telegram.close(), bot.close(), slack.close(), wecom.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it('are up, and say so', async () => {
    const parts = await test.app.ready();
    expect(parts).toMatchObject({
      telegram: 'ok',
      slack: 'ok',
      'wecom-bot': 'ok',
      'wecom-app': 'ok',
      console: 'ok',
    });
  });

  it('answer the same question with the same words, and a picture where one can be seen', async () => {
    const title = (await test.ask('奖励排行', { as: 'sample-lead' })).message.title ?? '';
    expect(title).toContain('领先');
    telegram.says(7001, '奖励排行', { id: 7001, name: '李师傅' });
    bot.say({ userid: 'wang' }, '奖励排行');
    const { port } = (await test.app.http()).server.address() as AddressInfo;
    expect(await wecom.say(`http://127.0.0.1:${port}/webhooks/wecom`, 'wang', '奖励排行')).toEqual([200]);

    await slack.socket.push('events_api', mentionBody('<@UBOT> 奖励排行'));
    const received = {
      slack: () => slack.posted('C1'),
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

  describe('a button that turns the page', () => {
    it('changes the picture and the words in place on Telegram', async () => {
      telegram.says(7001, '昨日外呼', { id: 7001 });
      const shown = () => telegram.received(7001).filter((one) => one.photo && JSON.stringify(one).includes('外呼'));
      await expect.poll(() => shown().length, { timeout: 15_000 }).toBe(1);
      const [before] = shown();
      if (!before?.photo) throw new Error('there is no picture');
      const count = telegram.received(7001).length;
      telegram.presses(7001, before.id, '◀ 前一天', { id: 7001 });
      await expect.poll(() => JSON.stringify(shown()[0]), { timeout: 15_000 }).not.toBe(JSON.stringify(before));
      const [after] = shown();
      expect(after?.id).toBe(before.id);
      expect(after?.photo?.bytes.equals(before.photo.bytes)).toBe(false);
      expect(JSON.stringify(after)).toContain('后一天 ▶');
      expect(telegram.received(7001)).toHaveLength(count);
    });

    it('posts anew, once, on Slack, whose pictures are messages of their own', async () => {
      const before = slack.posted('C1').length;
      await slack.socket.push('events_api', mentionBody('<@UBOT> 昨日外呼'));
      const said = () => slack.posted('C1').slice(before);
      const withButtons = () => said().filter((one) => JSON.stringify(one.blocks).includes('前一天'));
      await expect.poll(() => [withButtons().length, said().length], { timeout: 15_000 }).toEqual([1, 2]);
      const [first] = withButtons();
      const button = first?.blocks
        .flatMap((block) => (block.type === 'actions' ? block.elements : []))
        .find((one) => 'text' in one && JSON.stringify(one.text).includes('前一天'));
      if (!first || !button) throw new Error('there is no button');
      await slack.socket.push('interactive', pressBody(button as never, { ts: first.ts }));
      await expect.poll(() => [withButtons().length, said().length], { timeout: 15_000 }).toEqual([2, 4]);
      expect(withButtons()[1]?.text).not.toBe(first.text);
      expect(withButtons()[0]?.text).toBe(first.text);
    });

    it('posts anew, once, where cards hold no picture of ours: AI bot and app', async () => {
      const { port } = (await test.app.http()).server.address() as AddressInfo;
      const callback = `http://127.0.0.1:${port}/webhooks/wecom`;
      const cases = {
        'wecom-bot': {
          ask: () => void bot.say({ userid: 'wang' }, '昨日外呼'),
          press: (key: string) => void bot.press({ userid: 'wang' }, key),
          seen: () => bot.received('wang'),
        },
        'wecom-app': {
          ask: () => wecom.say(callback, 'wang', '昨日外呼'),
          press: () => wecom.press(callback, 'wang', '◀ 前一天'),
          seen: () => wecom.received('wang'),
        },
      };
      for (const [name, { ask, press, seen }] of Object.entries(cases)) {
        const pictures = () => seen().filter((one) => one.upload?.name.endsWith('.png')).length;
        const before = pictures();
        await ask();
        await expect.poll(pictures, { timeout: 15_000, message: name }).toBe(before + 1);
        await expect.poll(() => JSON.stringify(seen()), { timeout: 15_000, message: name }).toContain('◀ 前一天');
        const key = /"text":"◀ 前一天"[^}]*"key":"([^"]+)"/.exec(JSON.stringify(seen().toReversed()))?.[1] ?? '';
        await press(key);
        await expect.poll(pictures, { timeout: 15_000, message: name }).toBe(before + 2);
      }
    });
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
