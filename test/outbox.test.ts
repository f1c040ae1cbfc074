import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textMessage } from '../src/core/message.ts';
import { resend } from '../src/runtime/outbox/resend.ts';
import { type TestApp, testApp } from './app.ts';
import { startWecomRobotEmulator } from './emulators/wecom-robot.ts';

const KEY = '693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa';
const TO = `wecom-robot:${KEY}`;

describe('the outbox', () => {
  let test: TestApp;
  let robot: Awaited<ReturnType<typeof startWecomRobotEmulator>>;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldbell-outbox-'));
    let now = () => new Date('2026-11-20T06:20:00Z');
    robot = await startWecomRobotEmulator({ keys: [KEY], clock: { now: () => now() } });
    test = await testApp({ folder, settings: { WECOM_API_BASE: robot.url } });
    now = () => test.clock.now();
  });
  afterEach(async () => {
    await test.close();
    await robot.close();
    await rm(folder, { recursive: true, force: true });
  });

  const post = (key: string, text = key, more: Record<string, unknown> = {}) =>
    test.app.context.outbox.post({ key, to: TO, class: 'notice', message: textMessage(text), ...more });
  const letter = (key: string) => test.app.context.db.letter.findUniqueOrThrow({ where: { key } });
  const said = () => robot.received(KEY).map(({ body }) => (body.msgtype === 'markdown' ? body.markdown.content : ''));

  it('sends a letter once, whatever its text, and knows when', async () => {
    expect(await post('order/1', 'one')).toBe('queued');
    expect(await post('order/1', 'other words')).toBe('duplicate');
    await test.deliver();
    await test.deliver();
    expect(said()).toEqual(['one']);
    expect(await letter('order/1')).toMatchObject({ state: 'sent', sentAt: test.clock.now(), attempts: 0 });
    expect(await post('order/1')).toBe('duplicate');
  });

  it('takes a letter with what caused it, or neither', async () => {
    const { db, outbox } = test.app.context;
    const failing = db.$transaction(async (tx) => {
      await outbox.post({ key: 'k', to: TO, class: 'notice', message: textMessage('x') }, tx);
      await outbox.post({ key: 'k', to: TO, class: 'notice', message: textMessage('x') }, tx);
      await tx.setting.create({ data: { name: 'caused', value: 'x' } });
      throw new Error('the cause failed');
    });
    await expect(failing).rejects.toThrow('the cause failed');
    expect(await db.letter.count()).toBe(0);
    expect(await db.setting.count({ where: { name: 'caused' } })).toBe(0);
  });

  it('tries again after a failure, with back-off, and then sends it once', async () => {
    robot.misbehave({ kind: 'errcode', errcode: -1 }, { times: 3 });
    await post('a');
    await test.deliver();
    expect(await letter('a')).toMatchObject({ state: 'queued', attempts: 1 });
    await test.deliver();
    expect((await letter('a')).attempts).toBe(1);
    for (let minutes = 0; minutes < 5; minutes++) {
      test.clock.advance(60_000);
      await test.deliver();
    }
    expect(said()).toEqual(['a']);
    expect(await letter('a')).toMatchObject({ state: 'sent', attempts: 3 });
  });

  it('holds a broadcast that may have arrived, and says a notice again, marked', async () => {
    for (const [key, letterClass] of [
      ['a', 'broadcast'],
      ['b', 'notice'],
    ] as const) {
      robot.misbehave({ kind: 'http', status: 502, delivered: true });
      await post(key, key, { class: letterClass });
      await test.deliver();
    }
    test.clock.advance(3_600_000);
    await test.deliver();
    expect(await letter('a')).toMatchObject({ state: 'doubtful', repeats: 0 });
    expect(await letter('b')).toMatchObject({ state: 'sent', repeats: 1 });
    expect(said()).toEqual(['a', 'b', '（重发）b']);
    expect(await test.app.dispatcher.forecast()).toMatchObject({ sent: 1, doubtful: 1, repeated: 1, eta: null });
  });

  it('gives up what is refused, says why, and shows no key', async () => {
    robot.remove(KEY);
    await post('a');
    await test.deliver();
    const { state, reason } = await letter('a');
    expect(state).toBe('dead');
    expect(reason).toMatch(/93000/);
    expect(reason).not.toContain(KEY);
  });

  it('a limit is no attempt: it waits and goes on, in order', async () => {
    for (let n = 1; n <= 45; n++) await post(`n/${n}`, String(n));
    robot.misbehave({ kind: 'errcode', errcode: 45009 });
    for (let seconds = 0; seconds < 300; seconds += 5) {
      await test.deliver();
      test.clock.advance(5_000);
    }
    expect(said()).toEqual(Array.from({ length: 45 }, (_, at) => String(at + 1)));
    expect((await letter('n/1')).attempts).toBe(0);
  });

  it('waits for its time, and is not sent too late', async () => {
    const at = (minutes: number) => new Date(test.clock.now().getTime() + minutes * 60_000);
    await post('later', 'later', { notBefore: at(10) });
    await post('stale', 'stale', { notBefore: at(10), expires: at(5) });
    await test.deliver();
    expect(said()).toEqual([]);
    test.clock.advance(11 * 60_000);
    await test.deliver();
    expect(said()).toEqual(['later']);
    expect((await letter('stale')).state).toBe('expired');
  });

  it('after a crash knows what is certain', async () => {
    const { db } = test.app.context;
    await post('notice');
    await post('broadcast', 'broadcast', { class: 'broadcast' });
    await post('console', 'hello', { to: 'console:lobby' });
    // As a process on another machine leaves it that was killed while sending.
    const dead = 'somewhere/999999/dead';
    const at = test.clock.now();
    await db.letter.updateMany({ data: { state: 'sending', token: 1, triedAt: at, claimedBy: dead, claimedAt: at } });
    await db.lease.create({
      data: { name: 'outbox', holder: dead, token: 1, expiresAt: new Date(at.getTime() + 4000) },
    });
    await test.deliver();
    expect((await letter('notice')).state).toBe('sending');
    test.clock.advance(4000);
    await test.deliver();
    expect((await letter('broadcast')).state).toBe('doubtful');
    expect(await letter('notice')).toMatchObject({ state: 'sent', repeats: 1 });
    // The console knows a repeated message.
    expect(await letter('console')).toMatchObject({ state: 'sent', repeats: 0 });
    expect(said()).toEqual(['（重发）notice']);
    expect(await db.consoleMessage.count()).toBe(1);
  });

  it('takes over at once from a process of this machine that has died', async () => {
    const { hostname } = await import('node:os');
    const expiresAt = new Date(test.clock.now().getTime() + 60_000);
    const holder = `${hostname()}/999999/dead`;
    await test.app.context.db.lease.create({ data: { name: 'outbox', holder, token: 1, expiresAt } });
    await post('a');
    await test.deliver();
    expect(said()).toEqual(['a']);
  });

  it('a robot that is gone is tried once; what comes later waits for the operator', async () => {
    robot.remove(KEY);
    await post('a');
    await post('b');
    await test.deliver();
    expect((await letter('a')).state).toBe('dead');
    expect(await letter('b')).toMatchObject({ state: 'held', reason: expect.stringMatching(/gone.*93000/) });
    await resend(test.app.context, { states: ['held'] });
    await test.deliver();
    expect((await letter('b')).state).toBe('dead');
  });

  it('what is sent again by hand after it arrived is marked', async () => {
    await post('a');
    await test.deliver();
    expect(await resend(test.app.context, { key: 'a', states: ['sent'] })).toBe(1);
    await test.deliver();
    expect(said()).toEqual(['a', '（重发）a']);
  });

  it('holds what has no destination, and says so', async () => {
    await post('channel', 'x', { to: 'channel:nowhere' });
    await post('scheme', 'x', { to: 'pigeon:loft' });
    await test.deliver();
    expect((await letter('channel')).reason).toMatch(/channel nowhere has no address/);
    expect((await letter('scheme')).reason).toMatch(/no platform carries pigeon/);
  });
});
