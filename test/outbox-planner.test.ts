import { afterEach, describe, expect, it } from 'vitest';
import { textMessage } from '../src/core/message.ts';
import { type OutboxWorld, outboxWorld } from './outbox-world.ts';

describe('the planner', () => {
  let world: OutboxWorld;
  afterEach(() => world.remove());
  const post = (keys: readonly string[], to: string, letterClass: 'notice' | 'broadcast' = 'broadcast') =>
    world.outbox.postAll(keys.map((key) => ({ key, to, class: letterClass, message: textMessage(key) })));
  const names = (count: number, prefix = 'n') => Array.from({ length: count }, (_, at) => `${prefix}${at}`);
  const texts = () => world.arrivals.map(({ text }) => text);
  const MINUTE = [{ count: 20, ms: 60_000 }];

  it('says when the last letter will be out, and is right', async () => {
    world = await outboxWorld({ limits: MINUTE });
    await post(names(50), 'plain:a');
    await world.deliver();
    const begun = world.clock.now().getTime();
    const { eta, queued, byDestination } = await world.current().forecast();
    expect(queued).toBe(30);
    expect(eta).toEqual(new Date(begun + 120_000));
    expect(byDestination).toEqual([{ to: 'plain:a', waiting: 30, eta }]);
    for (let second = 0; second < 120; second++) {
      expect(texts().length).toBeLessThan(50);
      world.advance(1000);
      await world.deliver();
    }
    expect(texts()).toEqual(names(50));
    expect((await world.current().forecast()).eta).toBeNull();
  });

  it('sends notices before broadcasts', async () => {
    world = await outboxWorld({ limits: [{ count: 1, ms: 1000 }] });
    await post(names(3, 'b'), 'plain:a');
    await world.deliver();
    await post(names(2, 'n'), 'plain:a', 'notice');
    for (let second = 0; second < 5; second++) {
      world.advance(1000);
      await world.deliver();
    }
    expect(texts()).toEqual(['b0', 'n0', 'n1', 'b1', 'b2']);
  });

  it('merges what a channel cannot take in a minute into one digest, and drops nothing', async () => {
    world = await outboxWorld({ limits: MINUTE, channels: [{ name: 'sales', address: 'plain:a', digest: true }] });
    await post(names(45), 'channel:sales');
    await world.deliver();
    expect(texts().slice(0, 19)).toEqual(names(19));
    expect(texts()).toHaveLength(20);
    for (const name of names(45).slice(19)) expect(texts()[19]).toMatch(new RegExp(`\\. ${name}$`, 'm'));
    const merged = await world.db.letter.findMany({ where: { state: 'merged' } });
    expect(merged.map(({ key }) => key)).toEqual(names(45).slice(19));
    expect(new Set(merged.map(({ mergedInto }) => mergedInto))).toEqual(new Set(['digest/20-45']));
    expect(await world.current().forecast()).toMatchObject({ merged: 26, sent: 20, eta: null });
  });

  it('spreads a channel over its robots, each within its limit', async () => {
    const channels = [{ name: 'sales', address: 'plain:a', robots: ['plain:b', 'plain:c'] }];
    world = await outboxWorld({ limits: MINUTE, channels });
    await post(names(70), 'channel:sales');
    await world.deliver();
    expect(texts()).toEqual(names(60));
    for (const to of ['plain:a', 'plain:b', 'plain:c']) {
      expect(world.arrivals.filter((one) => one.to === to)).toHaveLength(20);
    }
    world.advance(60_000);
    await world.deliver();
    expect(texts()).toEqual(names(70));
  });

  it('keeps to what the channel itself takes', async () => {
    world = await outboxWorld({ limits: MINUTE, channels: [{ name: 'sales', address: 'plain:a', perMinute: 3 }] });
    await post(names(5), 'channel:sales');
    await world.deliver();
    expect(texts()).toEqual(names(3));
    world.crash();
    await world.deliver();
    expect(texts()).toEqual(names(3));
    world.advance(60_000);
    await world.deliver();
    expect(texts()).toEqual(names(5));
  });

  it('is quiet over midnight, and says when it will speak', async () => {
    const quiet = { from: '22:00', to: '08:00' };
    world = await outboxWorld({ channels: [{ name: 'sales', address: 'plain:a', quiet }] });
    // It is 14:20 in Shanghai.
    world.advance(9 * 3_600_000);
    await post(['late'], 'channel:sales', 'notice');
    await world.deliver();
    expect(texts()).toEqual([]);
    const { eta } = await world.current().forecast();
    expect(eta).toEqual(new Date('2026-11-21T00:00:00Z'));
    world.advance((eta?.getTime() ?? 0) - world.clock.now().getTime());
    await world.deliver();
    expect(texts()).toEqual(['late']);
  });

  it('a letter that is tried again holds back those behind it; one that is given up does not', async () => {
    world = await outboxWorld();
    world.fates.push('retry', 'refused');
    await post(['one', 'two'], 'plain:a');
    await world.deliver();
    expect(texts()).toEqual([]);
    world.advance(10_000);
    await world.deliver();
    expect(texts()).toEqual(['two']);
  });

  it('follows a destination that moved, in order', async () => {
    world = await outboxWorld();
    world.fates.push('moved');
    await post(['one', 'two'], 'plain:a');
    await world.deliver();
    await post(['three'], 'plain:a');
    await world.deliver();
    expect(world.arrivals.map(({ to, text }) => `${to} ${text}`)).toEqual([
      'plain:a-new one',
      'plain:a-new two',
      'plain:a-new three',
    ]);
  });

  it('tells the administrators once that a destination is gone, and keeps what comes later', async () => {
    world = await outboxWorld({ channels: [{ name: 'admins', address: 'plain:admins' }] });
    world.fates.push('gone');
    await post(names(3), 'plain:a');
    await world.deliver();
    const told = await world.db.letter.findMany({ where: { to: 'channel:admins' } });
    expect(told.map(({ key, state }) => [key.split('/').slice(0, 2).join('/'), state])).toEqual([
      ['outbox/gone', 'sent'],
    ]);
    expect(told[0]?.message).toContain('no such group');
    const states = await world.db.letter.findMany({ where: { to: 'plain:a' }, orderBy: { seq: 'asc' } });
    expect(states.map(({ state }) => state)).toEqual(['dead', 'held', 'held']);
  });
});
