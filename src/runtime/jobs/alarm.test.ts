import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import { fixedClock } from '../../core/time.ts';
import { openOutbox } from '../outbox/outbox.ts';
import { createJobAlarm } from './alarm.ts';
import type { Run } from './run.ts';

let base: Awaited<ReturnType<typeof scratchDatabase>>;
beforeEach(async () => {
  base = await scratchDatabase();
});
afterEach(() => base.remove());

const JOB = { name: 'sla.daily', summary: { zh: '读取昨天的违规', en: "Reads yesterday's violations" } };
let runs = 0;

async function ended(at: string, state: Run['state'], told = false): Promise<void> {
  const clock = fixedClock('Asia/Shanghai', new Date(at));
  const alarm = createJobAlarm({ db: base.db, clock, outbox: openOutbox(base.db, clock) });
  const error = state === 'failed' ? 'Metabase /api/card/1514/query: HTTP 500' : null;
  const run = { id: ++runs, name: JOB.name, state, startedAt: clock.now(), error } as Run;
  await alarm.ended(JOB, run, told);
}
const letters = () => base.db.letter.findMany({ orderBy: { seq: 'asc' } });

test('the administrators hear once a day that a job fails, and once that it is well again', async () => {
  await ended('2026-11-22T09:00:00+08:00', 'done');
  expect(await letters()).toEqual([]);
  for (const hour of ['10', '11', '12']) await ended(`2026-11-22T${hour}:00:00+08:00`, 'failed');
  const [failed, ...more] = await letters();
  expect(more).toEqual([]);
  expect(failed).toMatchObject({ key: 'jobs/sla.daily/failed/2026-11-22', to: 'channel:admins' });
  expect(failed?.message).toContain('任务失败：sla.daily');
  expect(failed?.message).toContain('Metabase /api/card/1514/query: HTTP 500');
  await ended('2026-11-22T13:00:00+08:00', 'done');
  await ended('2026-11-22T14:00:00+08:00', 'done');
  expect((await letters()).map(({ message }) => JSON.parse(message).title)).toEqual([
    '任务失败：sla.daily',
    '任务恢复正常：sla.daily',
  ]);
  await ended('2026-11-22T15:00:00+08:00', 'failed');
  await ended('2026-11-22T16:00:00+08:00', 'done');
  expect(await letters()).toHaveLength(2);
  await ended('2026-11-23T09:00:00+08:00', 'failed');
  expect((await letters()).at(-1)?.key).toBe('jobs/sla.daily/failed/2026-11-23');
});

test('of what the job has told itself nobody hears twice', async () => {
  await ended('2026-11-22T09:00:00+08:00', 'failed', true);
  await ended('2026-11-22T10:00:00+08:00', 'done');
  expect(await letters()).toEqual([]);
});
