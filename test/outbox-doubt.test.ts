import { afterEach, describe, expect, it } from 'vitest';
import { textMessage } from '../src/core/message.ts';
import { cancelLetter } from '../src/runtime/outbox/log/store.ts';
import { createPace, leaveToAnswer } from '../src/runtime/outbox/pace.ts';
import { resend } from '../src/runtime/outbox/resend.ts';
import { type OutboxWorld, outboxWorld } from './outbox-world.ts';

const MARK = '（重发）';
const MINUTE = 60_000;

/** What may have arrived is never said to be lost, nor said again without a mark; and nothing stands in the way for ever. */
describe('the outbox in doubt', () => {
  let world: OutboxWorld;
  afterEach(() => world.remove());
  const post = (key: string, to = 'plain:a', more: { class?: 'notice' | 'broadcast'; expires?: Date } = {}) =>
    world.outbox.post({ key, to, class: 'broadcast', message: textMessage(key), ...more });
  const texts = () => world.arrivals.map(({ text }) => text);
  const letter = (key: string) => world.db.letter.findUniqueOrThrow({ where: { key } });
  const again = (key: string, state: string) =>
    resend({ db: world.db, clock: world.clock, rules: world.rules }, { key, states: [state] });

  it('a letter that may have arrived does not expire unnoticed: it is doubtful', async () => {
    world = await outboxWorld();
    world.fates.push('lost-delivered');
    await post('a', 'knows:a', { class: 'notice', expires: new Date(world.clock.now().getTime() + 2000) });
    await post('b', 'knows:b', { class: 'notice', expires: new Date(world.clock.now().getTime() + 2000) });
    await world.db.letter.update({
      where: { key: 'b' },
      data: { notBefore: new Date(world.clock.now().getTime() + MINUTE) },
    });
    await world.deliver();
    world.advance(3000);
    await world.deliver();
    expect((await letter('a')).state).toBe('doubtful');
    expect((await letter('a')).reason).toMatch(/may have arrived/);
    expect((await letter('b')).state).toBe('expired');
    expect(texts()).toEqual(['a']);
  });

  it('a letter of which a part arrived says so when it expires', async () => {
    world = await outboxWorld({ limits: [{ count: 1, ms: MINUTE }] });
    const blocks = ['one', 'two'].map((text) => ({ type: 'text' as const, text }));
    const expires = new Date(world.clock.now().getTime() + 2000);
    await world.outbox.post({ key: 'a', to: 'plain:a', class: 'broadcast', message: { blocks }, expires });
    await world.deliver();
    world.advance(2 * MINUTE);
    await world.deliver();
    expect(texts()).toEqual(['one']);
    expect(await letter('a')).toMatchObject({ state: 'doubtful', partsSent: 1 });
  });

  it('what was cancelled in doubt is marked when it is sent again', async () => {
    world = await outboxWorld();
    world.fates.push('lost-delivered');
    await post('a');
    await world.deliver();
    expect((await letter('a')).state).toBe('doubtful');
    expect(await cancelLetter(world.db, 'a', 'by hand')).toBe(true);
    expect(await again('a', 'expired')).toBe(1);
    await world.deliver();
    expect(texts()).toEqual(['a', `${MARK}a`]);
  });

  it('what was certainly refused is sent again without a mark', async () => {
    world = await outboxWorld();
    world.fates.push('refused');
    await post('a');
    await world.deliver();
    expect((await letter('a')).state).toBe('dead');
    await again('a', 'dead');
    await world.deliver();
    expect(texts()).toEqual(['a']);
  });

  it('what may have arrived where the platform knows it again is not said by a digest too', async () => {
    const channels = [{ name: 'sales', address: 'knows:a', digest: true }];
    world = await outboxWorld({ channels, limits: [{ count: 1, ms: MINUTE }] });
    world.fates.push('crash-after');
    await post('a', 'channel:sales');
    await world.deliver();
    const later = Array.from({ length: 6 }, (_, at) => `later-${at}`);
    for (const key of later) await post(key, 'channel:sales');
    for (let minute = 0; minute < 4; minute++) {
      await world.deliver();
      world.advance(MINUTE);
    }
    expect(texts().filter((text) => /^(\d+\. )?a$/m.test(text))).toEqual(['a']);
    expect((await letter('a')).state).toBe('sent');
  });

  it('digests keep the order, however many letters wait', async () => {
    const channels = [{ name: 'sales', address: 'plain:a', digest: true }];
    world = await outboxWorld({ channels, limits: [{ count: 5, ms: MINUTE }] });
    const keys = Array.from({ length: 330 }, (_, at) => `n${String(at).padStart(3, '0')}`);
    await world.outbox.postAll(
      keys.map((key) => ({ key, to: 'channel:sales', class: 'broadcast' as const, message: textMessage(key) })),
    );
    for (let minute = 0; minute < 4; minute++) {
      await world.deliver();
      world.advance(MINUTE);
    }
    const said = texts().flatMap((text) => text.match(/n\d{3}/g) ?? []);
    expect(said).toEqual(keys);
    expect(await world.db.letter.count({ where: { state: { in: ['queued', 'sending'] } } })).toBe(0);
  });

  it('a digest is worth sending as long as one of its letters is', async () => {
    const channels = [{ name: 'sales', address: 'plain:a', digest: true }];
    world = await outboxWorld({ channels, limits: [{ count: 1, ms: MINUTE }] });
    await post('first', 'channel:sales');
    await world.deliver();
    const soon = new Date(world.clock.now().getTime() + 10_000);
    for (const key of ['a', 'b']) await post(key, 'channel:sales', { expires: soon });
    await world.deliver();
    expect((await letter('a')).state).toBe('merged');
    world.advance(MINUTE);
    await world.deliver();
    expect(texts()).toEqual(['first']);
    expect((await letter('digest/2-3')).state).toBe('expired');
  });

  it('a letter that cannot be read any more dies by itself and holds nobody up', async () => {
    const channels = [{ name: 'sales', address: 'plain:a', digest: true }];
    world = await outboxWorld({ channels, limits: [{ count: 1, ms: 1000 }] });
    await post('old', 'channel:sales');
    await world.db.letter.update({ where: { key: 'old' }, data: { message: '{"blocks":[{"type":"hologram"}]}' } });
    for (let at = 0; at < 70; at++) await post(`n${at}`, 'channel:sales');
    for (let second = 0; second < 70; second++) {
      await world.deliver();
      world.advance(1000);
    }
    expect(await letter('old')).toMatchObject({ state: 'dead' });
    expect((await letter('old')).reason).toMatch(/cannot be read/);
    expect((await letter('n69')).state).toMatch(/sent|merged/);
  });

  it('one robot of several is gone: the others say it', async () => {
    const channels = [{ name: 'sales', address: 'plain:a', robots: ['plain:b'] }];
    world = await outboxWorld({ channels });
    world.fates.push('gone');
    await post('one', 'channel:sales');
    await post('two', 'channel:sales');
    await world.deliver();
    expect(world.arrivals.map(({ to, text }) => `${to} ${text}`)).toEqual(['plain:b one', 'plain:b two']);
    expect((await letter('one')).state).toBe('sent');
  });

  it('a database that fails once while letters are taken or counted stops no conversation', async () => {
    world = await outboxWorld({ limits: [{ count: 1, ms: 1000 }] });
    const blocks = ['one', 'two'].map((text) => ({ type: 'text' as const, text }));
    await post('a', 'plain:a', { class: 'notice' });
    await world.outbox.post({ key: 'b', to: 'plain:b', class: 'notice', message: { blocks } });
    world.failWrites(1);
    for (let second = 0; second < 30; second++) {
      await world.deliver();
      world.advance(1000);
    }
    world.failWrites(1);
    await post('c', 'plain:a', { class: 'notice' });
    for (let second = 0; second < 30; second++) {
      await world.deliver();
      world.advance(1000);
    }
    expect(await world.db.letter.count({ where: { state: 'sent' } })).toBe(3);
  });

  it('answers count against the limits after a restart too', async () => {
    world = await outboxWorld({ limits: [{ count: 3, ms: MINUTE }] });
    const answer = async () => {
      const pace = createPace(world.db, world.clock);
      await pace.load();
      const platform = world.platforms.get('plain');
      if (!platform) throw new Error('no platform');
      const leave = await leaveToAnswer(pace, platform, 'plain:a');
      if (!('wait' in leave)) leave.arrived();
      return 'wait' in leave ? leave.wait : 0;
    };
    expect([await answer(), await answer(), await answer()]).toEqual([0, 0, 0]);
    expect(await answer()).toBe(MINUTE);
    world.crash();
    await post('a');
    await world.deliver();
    expect(texts()).toEqual([]);
    world.advance(MINUTE);
    await world.deliver();
    expect(texts()).toEqual(['a']);
  });
});
