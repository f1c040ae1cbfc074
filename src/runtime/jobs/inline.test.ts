import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failing, look, pause } from '../../../test/jobs/jobs.ts';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import type { Context } from '../../core/context.ts';
import { fixedClock } from '../../core/time.ts';
import { writeSetting } from '../../store/settings.ts';
import { runInline } from './inline.ts';
import { lastRuns, listRuns } from './store.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
let base: Awaited<ReturnType<typeof scratchDatabase>>;

beforeEach(async () => {
  base = await scratchDatabase();
});
afterEach(() => base.remove());

function context(signal = new AbortController().signal): Context {
  return { db: base.db, clock: fixedClock('Asia/Shanghai', NOW), log: pino({ level: 'silent' }), signal } as Context;
}

test('runs with the caller’s clock and is recorded as any run is', async () => {
  const run = await runInline(look, context(), { add: 2 });
  expect(run).toMatchObject({ trigger: 'hand', state: 'done', startedAt: NOW, finishedAt: NOW });
  expect(run.counts).toMatchObject({ add: 2, now: NOW.getTime() });
  expect(await listRuns(base.db)).toEqual([run]);
});

test('wrong arguments and errors are the run’s outcome', async () => {
  expect((await runInline(look, context(), { more: 1 })).error).toMatch(/arguments are wrong: .*"more"/);
  expect((await runInline(failing, context())).state).toBe('failed');
  expect((await lastRuns(base.db)).get('test.failing')?.state).toBe('failed');
});

test('a run that is stopped is interrupted, and a later one may begin', async () => {
  await writeSetting(base.db, 'pause', '60000');
  const stopping = new AbortController();
  const running = runInline(pause, context(stopping.signal));
  stopping.abort(new Error('enough'));
  expect(await running).toMatchObject({ state: 'interrupted', error: 'enough' });
  await writeSetting(base.db, 'pause', '0');
  expect((await runInline(pause, context())).state).toBe('done');
});
