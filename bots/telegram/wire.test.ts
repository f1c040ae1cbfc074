import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError, SetupError } from '../../src/core/errors.ts';
import type { DrawnMessage, Inbound } from '../../src/core/platform.ts';
import { fixedClock } from '../../src/core/time.ts';
import { picture } from '../../test/contracts/platform-samples.ts';
import { leasesInMemory } from '../../test/emulators/leases.ts';
import { startTelegramEmulator, type TelegramEmulator, type Trouble } from '../../test/emulators/telegram.ts';
import { createTelegram } from './index.ts';

const TOKEN = '700100:AAF0-wire_token_of_35_letters___';
const TO = 'telegram:42';
const hello = { kind: 'words', html: 'hello' } as const;

let emulator: TelegramEmulator;
let now: number;
let step: number;
beforeEach(async () => {
  now = Date.parse('2025-10-17T06:20:00Z');
  step = 4000;
  const clock = {
    now() {
      now += step;
      return new Date(now);
    },
  };
  emulator = await startTelegramEmulator({ token: TOKEN, clock });
  emulator.joins(42);
  emulator.joins(-100);
});
afterEach(() => emulator.close());

const bot = (apiRoot = emulator.url, timeoutMs = 300) =>
  createTelegram({
    token: TOKEN,
    apiRoot,
    timeoutMs,
    leases: leasesInMemory().of('one'),
    clock: fixedClock('Asia/Shanghai', new Date(now)),
    log: pino({ level: 'silent' }),
  });
const failure = async (sending: Promise<unknown>): Promise<DeliveryError> => {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('AAF0-wire');
  return error as DeliveryError;
};
const meeting = async (trouble: Trouble) => {
  emulator.misbehave(trouble);
  return failure(bot().send(TO, hello));
};
const says = (code: number, description: string, retryAfter?: number): Trouble => ({
  kind: 'error',
  code,
  description,
  ...(retryAfter !== undefined && { retryAfter }),
});

describe('sending', () => {
  it('gives the id of the message', async () => {
    const { id } = await bot(`${emulator.url}/`).send(TO, hello);
    expect(emulator.received(42).map((seen) => [String(seen.id), seen.text])).toEqual([[id, 'hello']]);
  });

  it('takes one call for an album', async () => {
    const photos = [1, 2, 3].map((n) => ({
      kind: 'photo' as const,
      bytes: picture(40 * n, 40, 'image/png').bytes,
      name: `${n}.png`,
    }));
    await bot().send(TO, { kind: 'album', photos });
    expect(emulator.calls()).toEqual(['sendMediaGroup']);
    expect(emulator.received(42).map((seen) => seen.photo?.name)).toEqual(['1.png', '2.png', '3.png']);
  });

  it.each([
    [says(429, 'Too Many Requests: retry after 7', 7), { kind: 'wait', retryAfterMs: 7000 }],
    [says(429, 'Too Many Requests'), { kind: 'wait', retryAfterMs: 30_000 }],
    [says(500, 'Internal Server Error'), { kind: 'retry' }],
    [says(502, 'Bad Gateway'), { kind: 'retry' }],
    [says(400, "Bad Request: can't parse entities"), { kind: 'refused', gone: false }],
    [says(400, 'Bad Request: chat not found'), { kind: 'refused', gone: true }],
    [says(401, 'Unauthorized'), { kind: 'refused', gone: false }],
    [says(403, 'Forbidden: bot was kicked from the supergroup chat'), { kind: 'refused', gone: true }],
    [says(403, 'Forbidden: user is deactivated'), { kind: 'refused', gone: true }],
    [says(403, "Forbidden: bot can't initiate conversation with a user"), { kind: 'refused', gone: false }],
    [{ kind: 'http', status: 503 }, { kind: 'retry' }],
    [{ kind: 'http', status: 404 }, { kind: 'refused' }],
    [
      { kind: 'http', status: 429 },
      { kind: 'wait', retryAfterMs: 30_000 },
    ],
    [{ kind: 'http', status: 502 }, { kind: 'doubtful' }],
    [{ kind: 'http', status: 200 }, { kind: 'doubtful' }],
    [{ kind: 'reset', delivered: false }, { kind: 'doubtful' }],
  ] as [Trouble, object][])('takes %j as %j, with nothing delivered', async (trouble, judged) => {
    expect(await meeting(trouble)).toMatchObject(judged);
    expect(emulator.received(42)).toEqual([]);
    expect(emulator.calls()).toEqual([]);
  });

  it.each([
    { kind: 'hang' },
    { kind: 'truncated' },
    { kind: 'reset', delivered: true },
    { kind: 'http', status: 502, delivered: true },
  ] as Trouble[])('is in doubt after %j, and calls once', async (trouble) => {
    expect((await meeting(trouble)).kind).toBe('doubtful');
    expect(emulator.received(42)).toHaveLength(1);
    expect(emulator.calls()).toEqual(['sendMessage']);
  });

  it('waits for a late answer', async () => {
    emulator.misbehave({ kind: 'delay', ms: 100 });
    expect(await bot().send(TO, hello)).toHaveProperty('id');
  });

  it("obeys Telegram's own limits: a second per chat, a minute per group", async () => {
    step = 0;
    await bot().send(TO, hello);
    expect(await failure(bot().send(TO, hello))).toMatchObject({ kind: 'wait', retryAfterMs: 1000 });
    step = 1000;
    for (let i = 0; i < 20; i++) await bot().send('telegram:-100', hello);
    const limited = await failure(bot().send('telegram:-100', hello));
    expect(limited.kind).toBe('wait');
    expect(limited.retryAfterMs).toBeGreaterThan(10_000);
    expect(bot().limits?.('telegram:-100')).toEqual([
      { count: 1, ms: 1000 },
      { count: 20, ms: 60_000 },
    ]);
    expect(bot().limits?.(TO)).toEqual([{ count: 1, ms: 1000 }]);
  });

  it('says where a group is now', async () => {
    emulator.migrates(-100, -1_002_000_000_100);
    const error = await failure(bot().send('telegram:-100', hello));
    expect(error).toMatchObject({ kind: 'refused', movedTo: 'telegram:-1002000000100' });
    await bot().send(error.movedTo ?? '', hello);
    expect(emulator.received(-1_002_000_000_100)).toHaveLength(1);
  });

  it('knows that it was blocked', async () => {
    emulator.blocks(42);
    expect(await failure(bot().send(TO, hello))).toMatchObject({ kind: 'refused', gone: true });
    emulator.blocks(42, false);
    await bot().send(TO, hello);
  });

  it.each(['telegram:', 'telegram:abc', 'telegram:-', 'telegram:1e3', 'slack:42'])(
    'refuses the address %s',
    async (to) => {
      expect((await failure(bot().send(to, hello))).message).toMatch(/write telegram:CHATID/);
    },
  );

  describe('before anything is sent, may try again', () => {
    let broken: Server;
    const port = () => (broken.address() as AddressInfo).port;
    beforeEach(async () => {
      broken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
      await once(broken, 'listening');
    });
    afterEach(() => broken.close());

    it('where nobody listens', async () => {
      const closed = port();
      broken.close();
      const error = await failure(bot(`http://127.0.0.1:${closed}`).send(TO, hello));
      expect(error).toMatchObject({ kind: 'retry', message: `${TO}: Telegram cannot be reached (ECONNREFUSED)` });
    });

    it('where there is no such name', async () => {
      expect((await failure(bot('http://telegram.invalid', 5000).send(TO, hello))).kind).toBe('retry');
    });

    it('where the connection is cut before TLS stands', async () => {
      expect((await failure(bot(`https://127.0.0.1:${port()}`, 5000).send(TO, hello))).kind).toBe('retry');
    });
  });

  it('told to stop while it waits, gives the answer a moment, then is in doubt', async () => {
    const stop = new AbortController();
    emulator.misbehave({ kind: 'delay', ms: 200 });
    emulator.misbehave({ kind: 'hang' });
    const both = [1, 2].map(() => bot(emulator.url, 60_000).send(TO, hello, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 50);
    const ends = await Promise.allSettled(both);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'doubtful' } });
  });
});

it('refuses a token and a base that cannot be ones, when it is made', () => {
  const leases = leasesInMemory().of('one');
  const options = { leases, clock: fixedClock('Asia/Shanghai', new Date(now)), log: pino({ level: 'silent' }) };
  expect(() => createTelegram({ ...options, token: 'two words' })).toThrow(SetupError);
  expect(() => createTelegram({ ...options, token: TOKEN, apiRoot: 'api' })).toThrow(/TELEGRAM_API_ROOT/);
});

describe('updating', () => {
  const page = (...blocks: DrawnMessage['blocks']) => bot().draw({ blocks, lang: 'zh' });
  const photo = (width: number) => page({ type: 'pictures', pictures: [picture(width, 50, 'image/png')] });
  const pressed = (id: string | undefined): Inbound => ({
    id: '1',
    room: TO,
    from: TO,
    group: false,
    ref: 'x',
    ...(id !== undefined && { pressed: id }),
  });
  const shown = async (parcels: ReturnType<typeof page>) => {
    const [parcel] = parcels;
    return parcel ? (await bot().send(TO, parcel)).id : undefined;
  };

  it('puts words, pictures and their buttons in the place of others', async () => {
    const one = bot();
    const words = await shown(page({ type: 'text', text: 'one' }));
    expect(await one.update?.(TO, page({ type: 'text', text: 'two' }), { inReplyTo: pressed(words) })).toBe(true);
    const drawn = await shown(photo(50));
    expect(await one.update?.(TO, photo(100), { inReplyTo: pressed(drawn) })).toBe(true);
    const [first, second] = emulator.received(42);
    expect([first?.text, first?.edits, second?.edits]).toEqual(['two', 1, 1]);
    expect(second?.photo?.bytes).toEqual(Buffer.from(picture(100, 50, 'image/png').bytes));
  });

  it('counts as done where nothing changes', async () => {
    const id = await shown(page({ type: 'text', text: 'one' }));
    expect(await bot().update?.(TO, page({ type: 'text', text: 'one' }), { inReplyTo: pressed(id) })).toBe(true);
  });

  it('cannot be done for words in the place of a picture, unknown messages and several parcels', async () => {
    const one = bot();
    const words = page({ type: 'text', text: 'one' });
    const id = await shown(photo(50));
    for (const inReplyTo of [pressed(id), pressed('9999'), pressed('x'), pressed(undefined), undefined]) {
      expect(await one.update?.(TO, words, { inReplyTo })).toBe(false);
    }
    expect(await one.update?.(TO, [...words, ...words], { inReplyTo: pressed(id) })).toBe(false);
    expect(await one.update?.(TO, [], { inReplyTo: pressed(id) })).toBe(false);
    emulator.misbehave(says(400, "Bad Request: message can't be edited"));
    expect(await one.update?.(TO, photo(70), { inReplyTo: pressed(id) })).toBe(false);
  });

  it('is never in doubt: made twice it changes nothing more', async () => {
    const id = await shown(page({ type: 'text', text: 'one' }));
    const parcels = page({ type: 'text', text: 'two' });
    emulator.misbehave({ kind: 'hang' });
    expect((await failure(bot().update?.(TO, parcels, { inReplyTo: pressed(id) }) ?? Promise.resolve())).kind).toBe(
      'retry',
    );
    expect(await bot().update?.(TO, parcels, { inReplyTo: pressed(id) })).toBe(true);
    emulator.misbehave(says(429, 'Too Many Requests: retry after 3', 3));
    expect(await failure(bot().update?.(TO, parcels, { inReplyTo: pressed(id) }) ?? Promise.resolve())).toMatchObject({
      kind: 'wait',
      retryAfterMs: 3000,
    });
  });
});
