import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError, SetupError } from '../../src/core/errors.ts';
import { startWecomAppEmulator, type Trouble, type WecomAppEmulator } from '../../test/emulators/wecom-app.ts';
import { type AppParcel, createWecomApp, type Uploads, type WecomAppOptions } from './index.ts';

const APP = { corpId: 'ww1234567890', secret: 'the-secret-of-the-app', agentId: 1000002 };
const CALLBACK = { callbackToken: 'QDG6eK', callbackAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
const TO = 'wecom-app:ZhangSan';
const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
const hello: AppParcel = { msgtype: 'markdown', content: '**hello**' };
const picture: AppParcel = { msgtype: 'image', name: 'picture.png', bytes: PNG };

let now: Date;
let emulator: WecomAppEmulator;
beforeEach(async () => {
  now = new Date('2025-10-17T06:20:00Z');
  emulator = await startWecomAppEmulator({ ...APP, ...CALLBACK, users: ['ZhangSan', 'lisi'], clock });
});
afterEach(() => emulator.close());

const clock = { zone: 'Asia/Shanghai', now: () => now };
const log = pino({ level: 'silent' });
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const app = (more: Partial<WecomAppOptions> = {}) =>
  createWecomApp({ ...APP, apiBase: emulator.url, clock, log, timeoutMs: 1500, ...more });
const failure = async (sending: Promise<unknown>): Promise<DeliveryError> => {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  const told = inspect(error, { depth: 9, showHidden: true });
  for (const secret of [APP.secret, 'token-']) expect(told).not.toContain(secret);
  return error as DeliveryError;
};
const shown = (user = 'zhangsan') => emulator.received(user).map(({ body }) => body);

describe("the app's token", () => {
  it('is fetched once for all callers, and kept', async () => {
    const platform = app();
    await Promise.all(Array.from({ length: 8 }, () => platform.send(TO, hello)));
    await platform.send(TO, hello);
    expect(emulator.tokens()).toBe(1);
    expect(shown()).toHaveLength(9);
  });

  it('is fetched anew shortly before it ends', async () => {
    const platform = app();
    await platform.send(TO, hello);
    later(7200_000 - 5 * 60_000 - 1);
    await platform.send(TO, hello);
    expect(emulator.tokens()).toBe(1);
    later(1);
    await platform.send(TO, hello);
    expect(emulator.tokens()).toBe(2);
  });

  it.each([40014, 42001])(
    'that ended early (%i) is fetched once more by all, who each try once more',
    async (errcode) => {
      const platform = app();
      await platform.send(TO, hello);
      if (errcode === 42001) emulator.expireToken();
      else emulator.misbehave({ kind: 'errcode', errcode }, { times: 5 });
      await Promise.all(Array.from({ length: 5 }, () => platform.send(TO, hello)));
      expect(emulator.tokens()).toBe(2);
      expect(shown()).toHaveLength(6);
    },
  );

  it('that is never taken is not fetched for ever', async () => {
    emulator.misbehave({ kind: 'errcode', errcode: 40014 }, { times: 2 });
    expect((await failure(app().send(TO, hello))).kind).toBe('retry');
    expect(emulator.tokens()).toBe(2);
  });

  it('is not asked for while WeCom blocks asking', async () => {
    const platform = app();
    emulator.misbehave({ kind: 'errcode', errcode: 45009 }, { on: 'gettoken' });
    expect(await failure(platform.send(TO, hello))).toMatchObject({ kind: 'wait', retryAfterMs: 60_000 });
    later(20_000);
    expect(await failure(platform.send(TO, hello))).toMatchObject({ kind: 'wait', retryAfterMs: 40_000 });
    expect(emulator.tokens()).toBe(0);
    expect(platform.health?.()).toMatch(/^wecom-app: no access token: /);
    later(40_000);
    await platform.send(TO, hello);
    expect(platform.health?.()).toBe('ok');
  });

  it.each([
    [{ kind: 'hang' }, 'retry'],
    [{ kind: 'errcode', errcode: -1 }, 'retry'],
    [{ kind: 'http', status: 502 }, 'retry'],
    [{ kind: 'errcode', errcode: 60020 }, 'refused'],
  ] as [Trouble, string][])('was not got (%j): %s, since nothing was sent', async (trouble, kind) => {
    emulator.misbehave(trouble, { on: 'gettoken' });
    expect((await failure(app().send(TO, hello))).kind).toBe(kind);
    expect(shown()).toEqual([]);
  });

  it('says which setting is wrong', async () => {
    expect((await failure(app({ secret: 'another' }).send(TO, hello))).message).toMatch(/set WECOM_APP_SECRET/);
    expect((await failure(app({ corpId: 'ww0' }).send(TO, hello))).message).toMatch(/set WECOM_CORP_ID/);
  });
});

describe("the app's messages", () => {
  it('arrive once, however often they are sent: every retry has the same bytes', async () => {
    const letters: [AppParcel, string][] = [
      [hello, 'rewards/1#0'],
      [{ msgtype: 'text', content: '数据库将在 22:00 维护' }, 'ops/1#0'],
      [picture, 'rewards/1#1'],
      [{ ...picture, msgtype: 'file', name: '十月.csv' }, 'rewards/1#2'],
      [{ msgtype: 'template_card', card: card('确定') }, 'rewards/1#3'],
    ];
    const platform = app();
    for (const [parcel, key] of letters) {
      emulator.misbehave({ kind: 'hang' });
      expect((await failure(platform.send(TO, parcel, { key }))).kind).toBe('doubtful');
      later(3600_000);
      await platform.send(TO, parcel, { key });
      expect(new Set(emulator.sent().slice(-2)).size).toBe(1);
    }
    expect(shown().map(({ msgtype }) => msgtype)).toEqual(['markdown', 'text', 'image', 'file', 'template_card']);
    expect(JSON.parse(emulator.sent()[0] ?? '')).toMatchObject({
      enable_duplicate_check: 1,
      duplicate_check_interval: 14_400,
    });
    expect(platform.deduplicatesFor).toBe(14_400_000);
  });

  it('of two letters with equal words both arrive', async () => {
    const platform = app();
    for (const parcel of [hello, picture, { msgtype: 'template_card', card: card('确定') } as const]) {
      for (const key of ['letter/1#0', 'letter/2#0']) await platform.send(TO, parcel, { key });
    }
    expect(shown()).toHaveLength(6);
    expect(shown()[0]).toMatchObject({
      markdown: { content: expect.stringMatching(/^\*\*hello\*\*\n<font color="comment">#[0-9a-f]{6}<\/font>$/) },
    });
  });

  it('that answer the same question twice both arrive, unmarked', async () => {
    const platform = app();
    for (let i = 0; i < 2; i++) await platform.send(TO, hello);
    expect(shown()).toEqual([expect.anything(), expect.objectContaining({ markdown: { content: '**hello**' } })]);
  });

  it('are recognised across a restart where uploads are remembered', async () => {
    const kept = new Map<string, string>();
    const uploads: Uploads = {
      find: async (id) => kept.get(id),
      keep: async (id, mediaId) => void kept.set(id, mediaId),
    };
    for (let run = 0; run < 2; run++) await app({ uploads }).send(TO, picture, { key: 'letter/1#0' });
    expect(shown()).toHaveLength(1);
  });

  it('upload a picture again that WeCom does not know any more', async () => {
    const platform = app();
    emulator.misbehave({ kind: 'errcode', errcode: -1 });
    const send = () => platform.send(TO, picture, { key: 'k#0' });
    expect((await failure(send())).kind).toBe('retry');
    emulator.forgetMedia();
    const error = await failure(send());
    expect([error.kind, error.message]).toEqual(['retry', expect.stringMatching(/it is uploaded again/)]);
    await send();
    expect(emulator.received('zhangsan')[0]?.upload?.bytes).toEqual(PNG);
  });

  it('are not doubtful while nobody has seen them: an upload', async () => {
    emulator.misbehave({ kind: 'hang' }, { on: 'upload' });
    expect((await failure(app().send(TO, picture))).kind).toBe('retry');
  });

  it('have an id', async () => {
    expect(await app().send(TO, hello)).toEqual({ id: expect.stringMatching(/.+/) });
  });

  it.each([
    [-1, 'retry', false],
    [45009, 'wait', false],
    [60011, 'refused', true],
    [60021, 'refused', true],
    [60111, 'refused', true],
    [81013, 'refused', true],
    [40056, 'refused', false],
    [48002, 'refused', false],
    [60020, 'refused', false],
    [301002, 'refused', false],
    [40058, 'refused', false],
    [45002, 'refused', false],
  ])('that WeCom answers with %i are %s', async (errcode, kind, gone) => {
    const platform = app();
    emulator.misbehave({ kind: 'errcode', errcode });
    const error = await failure(platform.send(TO, hello));
    expect(error).toMatchObject({ kind, gone, retryAfterMs: kind === 'wait' ? 60_000 : undefined });
    expect(error.message).toMatch(new RegExp(`^wecom-app:ZhangSan: .+errcode ${errcode},`));
    const setup = [40056, 48002, 60020, 301002].includes(errcode);
    expect(platform.health?.()).toMatch(setup ? new RegExp(`errcode ${errcode}`) : /^ok$/);
    expect(shown()).toEqual([]);
  });

  it('to somebody who left, or has no licence, are refused although WeCom says ok', async () => {
    emulator.withdrawLicence('lisi');
    const error = await failure(app().send('wecom-app:lisi', hello));
    expect(error).toMatchObject({ kind: 'refused', gone: true });
    expect(error.message).toMatch(/licence/);
    emulator.leave('zhangsan');
    expect(await failure(app().send(TO, hello))).toMatchObject({ kind: 'refused', gone: true });
  });

  it('that WeCom names as invalid with errcode 0 are refused, whatever the case of the letters', async () => {
    const answer = { errcode: 0, errmsg: 'ok', invaliduser: 'zhangsan', access_token: 'token-1', expires_in: 7200 };
    const platform = createWecomWith(async () => Response.json(answer));
    expect(await failure(platform)).toMatchObject({ kind: 'refused', gone: true });
  });

  it.each(['wecom-app:', 'wecom-app:@all', 'wecom-app:a|b', 'wecom-app:a b', 'wecom-robot:abc'])(
    'are refused to %s',
    async (to) => {
      expect(await failure(app().send(to, hello))).toMatchObject({ kind: 'refused', gone: false });
      expect(emulator.sent()).toEqual([]);
    },
  );

  it('are kept within what WeCom shows a member', () => {
    expect(app().limits?.(TO)).toEqual([
      { count: 30, ms: 60_000 },
      { count: 1000, ms: 3_600_000 },
    ]);
  });

  it('need settings that can be right', () => {
    expect(() => app({ apiBase: 'qyapi' })).toThrow(SetupError);
    expect(() => app({ callbackToken: 'QDG6eK' })).toThrow(/WECOM_CALLBACK_TOKEN and WECOM_CALLBACK_AES_KEY/);
    expect(() => app({ ...CALLBACK, callbackAesKey: 'short' })).toThrow(/43/);
  });
});

async function createWecomWith(fetch: () => Promise<Response>): Promise<unknown> {
  const { createWire } = await import('./wire.ts');
  return createWire({ ...APP, apiBase: 'http://wecom.invalid', clock, fetch: fetch as typeof globalThis.fetch }).send(
    TO,
    hello,
  );
}

function card(label: string) {
  const button = { text: label, key: 'a-ref' };
  return { card_type: 'button_interaction' as const, main_title: { title: '喜报' }, button_list: [button] };
}
