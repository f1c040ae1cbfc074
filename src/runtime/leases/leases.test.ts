import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import { openLeases } from './leases.ts';

describe('a lease', () => {
  let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
  let now = Date.parse('2026-11-20T06:20:00Z');
  const clock = { zone: 'Asia/Shanghai', now: () => new Date(now) };
  beforeEach(async () => {
    scratch = await scratchDatabase();
  });
  afterEach(() => scratch.remove());

  it('is one holder’s at a time, and its token grows with every change of holder', async () => {
    const [one, two] = [openLeases(scratch.db, clock, 'one'), openLeases(scratch.db, clock, 'two')];
    expect(await one.hold('bot', 1000)).toBe(1);
    expect(await two.hold('bot', 1000)).toBeNull();
    now += 999;
    expect(await one.hold('bot', 1000)).toBe(1);
    now += 999;
    expect(await two.hold('bot', 1000)).toBeNull();
    now += 1;
    expect(await two.hold('bot', 1000)).toBe(2);
    expect(await one.hold('bot', 1000)).toBeNull();
    await one.release('bot');
    expect(await one.hold('bot', 1000)).toBeNull();
    await two.release('bot');
    expect(await one.hold('bot', 1000)).toBe(3);
    expect(await two.hold('another', 1000)).toBe(1);
  });

  it('of a process that has died is free at once', async () => {
    await openLeases(scratch.db, clock, 'dead').hold('bot', 60_000);
    expect(await openLeases(scratch.db, clock, 'next').hold('bot', 60_000)).toBeNull();
    expect(await openLeases(scratch.db, clock, 'next', (one) => one !== 'dead').hold('bot', 60_000)).toBe(2);
  });

  it('goes to one of many that ask at once', async () => {
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, n) => openLeases(scratch.db, clock, `${n}`).hold('bot', 1000)),
    );
    expect(asked.filter((token) => token !== null)).toEqual([1]);
  });
});
