import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError, SetupError } from '../../src/core/errors.ts';
import { startWecomRobotEmulator, type Trouble, type WecomRobotEmulator } from '../../test/emulators/wecom-robot.ts';
import { createWecomRobot } from './index.ts';

const KEY = '693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa';
const TO = `wecom-robot:${KEY}`;
const hello = { msgtype: 'markdown', markdown: { content: 'hello' } } as const;
const file = { msgtype: 'file', name: '十月 合同.csv', bytes: Buffer.from('合同,金额\n') } as const;

let emulator: WecomRobotEmulator;
beforeEach(async () => {
  emulator = await startWecomRobotEmulator({ keys: [KEY] });
});
afterEach(() => emulator.close());

const robot = (apiBase = emulator.url) => createWecomRobot({ apiBase, timeoutMs: 1500 });
const failure = async (sending: Promise<unknown>): Promise<DeliveryError> => {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY);
  return error as DeliveryError;
};
const meeting = async (...troubles: Trouble[]) => {
  for (const trouble of troubles) emulator.misbehave(trouble);
  return failure(robot().send(TO, hello));
};
const http = (status: number, headers: Record<string, string> = {}): Trouble => ({ kind: 'http', status, headers });

describe("the robot's wire", () => {
  it('sends, and has no message id to give', async () => {
    expect(await robot(`${emulator.url}/`).send(TO, hello)).toEqual({});
    expect(emulator.received(KEY).map(({ body }) => body)).toEqual([hello]);
  });

  it('uploads a file and sends it', async () => {
    await robot().send(TO, file);
    expect(emulator.received(KEY)[0]?.upload).toEqual({ name: file.name, bytes: file.bytes });
  });

  it.each([
    [45009, 'wait', 60_000],
    [45033, 'wait', 60_000],
    [-1, 'retry', undefined],
    [93000, 'refused', undefined],
    [93004, 'refused', undefined],
    [93008, 'refused', undefined],
    [40058, 'refused', undefined],
    [45002, 'refused', undefined],
    [40008, 'refused', undefined],
    [44004, 'refused', undefined],
    [301019, 'refused', undefined],
  ])('reads errcode %i in an answer of HTTP 200 as %s', async (errcode, kind, retryAfterMs) => {
    const error = await meeting({ kind: 'errcode', errcode });
    expect(error).toMatchObject({ kind, retryAfterMs });
    expect(error.message).toMatch(new RegExp(`^wecom-robot:…5aaa: .+errcode ${errcode},`));
    expect(emulator.received(KEY)).toEqual([]);
  });

  it('says what to do when the robot is gone', async () => {
    emulator.remove(KEY);
    const error = await failure(robot().send(TO, hello));
    expect(error.message).toMatch(/add a robot and put its key into the channel/);
    expect(error.gone).toBe(true);
    expect((await meeting({ kind: 'errcode', errcode: 40058 })).gone).toBe(false);
  });

  it.each([
    [http(500), 'doubtful', undefined],
    [http(502), 'doubtful', undefined],
    [http(504), 'doubtful', undefined],
    [http(503), 'retry', undefined],
    [http(408), 'retry', undefined],
    [http(404), 'refused', undefined],
    [http(302, { location: 'https://elsewhere.example' }), 'refused', undefined],
    [http(200), 'doubtful', undefined],
    [http(429), 'wait', 60_000],
    [http(429, { 'retry-after': '7' }), 'wait', 7000],
    [
      http(429, { 'retry-after': 'Fri, 17 Oct 2025 06:20:30 GMT', date: 'Fri, 17 Oct 2025 06:20:00 GMT' }),
      'wait',
      30_000,
    ],
  ])('takes an answer without errcode, %j, as %s', async (trouble, kind, retryAfterMs) => {
    expect(await meeting(trouble)).toMatchObject({ kind, retryAfterMs });
    expect(emulator.received(KEY)).toEqual([]);
  });

  it.each([
    [{ kind: 'hang' }, 1],
    [{ kind: 'truncated' }, 1],
    [{ kind: 'reset', delivered: true }, 1],
    // From here one cannot tell it from the line above.
    [{ kind: 'reset', delivered: false }, 0],
    [{ kind: 'http', status: 502, delivered: true }, 1],
  ] as [Trouble, number][])('is in doubt after %j', async (trouble, arrived) => {
    expect(await meeting(trouble)).toMatchObject({ kind: 'doubtful', retryAfterMs: undefined });
    expect(emulator.received(KEY)).toHaveLength(arrived);
  });

  it('waits for a late answer', async () => {
    emulator.misbehave({ kind: 'delay', ms: 100 });
    expect(await robot().send(TO, hello)).toEqual({});
  });

  it('never doubts an upload: nobody has seen it', async () => {
    for (const trouble of [{ kind: 'hang' }, { kind: 'truncated' }, http(502)] as Trouble[]) {
      emulator.misbehave(trouble, { on: 'upload_media' });
      expect((await failure(robot().send(TO, file))).kind).toBe('retry');
    }
    emulator.misbehave({ kind: 'hang' });
    expect((await failure(robot().send(TO, file))).kind).toBe('doubtful');
    expect(emulator.received(KEY)).toHaveLength(1);
  });

  describe('before anything is sent', () => {
    let broken: Server;
    const port = () => (broken.address() as AddressInfo).port;
    beforeEach(async () => {
      broken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
      await once(broken, 'listening');
    });
    afterEach(() => broken.close());

    it('may try again: nobody listens', async () => {
      const closed = port();
      broken.close();
      const error = await failure(robot(`http://127.0.0.1:${closed}`).send(TO, hello));
      expect(error.kind).toBe('retry');
      expect(error.message).toBe('wecom-robot:…5aaa: WeCom cannot be reached (ECONNREFUSED)');
    });

    it('may try again: no such name', async () => {
      expect((await failure(robot('http://wecom.invalid').send(TO, hello))).kind).toBe('retry');
    });

    it('may try again: the connection is cut before TLS stands', async () => {
      expect((await failure(robot(`https://127.0.0.1:${port()}`).send(TO, hello))).kind).toBe('retry');
    });

    it('may try again: told to stop', async () => {
      expect((await failure(robot().send(TO, hello, { signal: AbortSignal.abort() }))).kind).toBe('retry');
      expect(emulator.received(KEY)).toEqual([]);
    });

    it.each(['wecom-robot:', 'wecom-robot:a key', 'wecom-bot:abc', `wecom-robot:https://x/?key=${KEY}`])(
      'refuses the address %s',
      async (to) => {
        const error = await failure(robot().send(to, hello));
        expect(error.kind).toBe('refused');
        expect(error.message).toMatch(/write wecom-robot:KEY/);
      },
    );
  });

  it('told to stop while it waits, gives the answer a moment, then is in doubt', async () => {
    const stop = new AbortController();
    const patient = createWecomRobot({ apiBase: emulator.url, timeoutMs: 60_000 });
    emulator.misbehave({ kind: 'delay', ms: 200 });
    emulator.misbehave({ kind: 'hang' });
    const both = [1, 2].map(() => patient.send(TO, hello, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 50);
    const ends = await Promise.allSettled(both);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'doubtful' } });
  });

  it('refuses a base that is no address, when it is made', () => {
    expect(() => robot('qyapi')).toThrow(SetupError);
  });
});
