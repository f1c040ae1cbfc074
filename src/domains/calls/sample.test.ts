import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import type { Context } from '../../core/context.ts';
import { fixedClock } from '../../core/time.ts';
import { readCall } from './feed.ts';
import { fillSampleCalls, removeSample } from './sample.ts';
import { saveCalls } from './store.ts';

let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
beforeEach(async () => {
  scratch = await scratchDatabase();
});
afterEach(() => scratch.remove());

const at = (now: string) => ({ db: scratch.db, clock: fixedClock('Asia/Shanghai', new Date(now)) }) as Context;
const all = () => scratch.db.callRecord.findMany({ orderBy: { id: 'asc' } });
/** Thirty thousand rows, to be compared at a glance. */
const digest = (rows: unknown[]) => `${rows.length} ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`;

it('is five weeks of calls up to now, the same whenever it is made, and grows with time', async () => {
  const saturday = at('2025-10-25T14:20:00+08:00');
  await fillSampleCalls(saturday);
  const rows = await all();
  const on = (day: string) => rows.filter((row) => row.day === day);
  expect(new Set(rows.map(({ day }) => day)).size).toBe(36);
  expect(new Set(rows.map(({ hour }) => hour)).size).toBe(12);
  expect(rows.every(({ calledAt, sample }) => sample && calledAt <= saturday.clock.now())).toBe(true);
  expect(on('2025-10-24').length).toBeGreaterThanOrEqual(800);
  expect(on('2025-10-24').length).toBeLessThanOrEqual(1500);
  expect(on('2025-10-19').length).toBeLessThan(500);
  await fillSampleCalls(saturday);
  expect(digest(await all())).toBe(digest(rows));

  const monday = at('2025-10-27T10:00:00+08:00');
  await fillSampleCalls(monday);
  const grown = (await all()).filter(({ day }) => day >= '2025-09-22');
  expect(grown.filter(({ day }) => day === '2025-10-27').length).toBeGreaterThan(30);
  await removeSample(monday);
  await fillSampleCalls(monday);
  expect(digest(await all())).toBe(digest(grown));
});

it('is taken away without a trace, and nothing else with it', async () => {
  const context = at('2025-10-25T14:20:00+08:00');
  const real = readCall({ line: 1, values: { id: '1', callTime: 1_761_357_600, isCall: 1 } }, context);
  await saveCalls(context, [real], { source: 'calls.csv' });
  await fillSampleCalls(context);
  expect(await scratch.db.callRecord.count()).toBeGreaterThan(20_000);
  await removeSample(context);
  expect((await all()).map(({ id }) => id)).toEqual(['1']);
  expect((await scratch.db.feedState.findMany()).map(({ feed }) => feed)).toEqual(['calls.records']);
});
