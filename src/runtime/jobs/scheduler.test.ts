import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { compiled } from '../../../test/compiled.ts';
import { clockFrom } from '../../../test/jobs/clock.ts';
import { testJobs } from '../../../test/jobs/jobs.ts';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import type { Job } from '../../core/job.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import { openOutbox } from '../outbox/outbox.ts';
import { createJobAlarm } from './alarm.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { claimRun, renewHeartbeat } from './store.ts';

const ZONE = 'Asia/Shanghai';
/** Ten minutes to six in the evening. */
const BEFORE = '2026-11-22T17:50:00+08:00';
const AFTER = '2026-11-22T18:20:00+08:00';

let code: Awaited<ReturnType<typeof compiled<'worker' | 'process'>>>;
let base: Awaited<ReturnType<typeof scratchDatabase>>;
let logged: string[];
let woken: number;
const open: Scheduler[] = [];

beforeAll(async () => {
  code = await compiled({ worker: 'test/jobs/worker.ts', process: 'test/jobs/process.ts' });
});
afterAll(() => code.remove());
beforeEach(async () => {
  base = await scratchDatabase();
  logged = [];
  woken = 0;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((scheduler) => scheduler.stop()));
  await base.remove();
});

/** A scheduler of the named test jobs on the test's database, its clock running from `at` on. */
function schedulerAt(at: string, ...names: string[]): Scheduler {
  return schedulerWith({ graceMs: 1_500 }, at, ...names);
}

function schedulerWith({ graceMs }: { graceMs: number }, at: string, ...names: string[]): Scheduler {
  const jobs = names.map((name) => testJobs.find((job) => job.name === name) as Job);
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(line) });
  const waiting = new SharedArrayBuffer(4);
  const clock = clockFrom(ZONE, at);
  const scheduler = createScheduler({
    jobs,
    context: { db: base.db, clock, log },
    worker: { entry: code.urls.worker, config: { url: base.url, zone: ZONE }, waiting },
    onWake: () => woken++,
    graceMs,
    heartbeatMs: 50,
    alarm: createJobAlarm({ db: base.db, clock, outbox: openOutbox(base.db, clock) }),
  });
  open.push(scheduler);
  return scheduler;
}

const isState = (scheduler: Scheduler, state: string) =>
  vi.waitFor(async () => expect((await scheduler.listRuns())[0]?.state).toBe(state), { timeout: 15_000, interval: 20 });

/** The job is at work in its thread. */
const begun = () =>
  vi.waitFor(async () => expect(await readSetting(base.db, 'begun')).toBe('yes'), { timeout: 15_000, interval: 20 });

test('a job runs by hand in a thread of its own, with its arguments, and is recorded', async () => {
  const scheduler = schedulerAt(BEFORE, 'test.look');
  const run = await scheduler.runJob('test.look', { add: 7 });
  expect(run).toMatchObject({ name: 'test.look', trigger: 'hand', state: 'done', args: { add: 7 }, error: null });
  expect(run.counts?.['add']).toBe(7);
  expect(run.counts?.['thread']).not.toBe(threadId);
  expect(run.finishedAt?.getTime()).toBeGreaterThan(run.startedAt.getTime());
  expect(await scheduler.listRuns({ name: 'test.look' })).toEqual([run]);
});

test('`at` sets the clock of the job, not of the record', async () => {
  const at = new Date('2025-10-17T01:30:00Z');
  const run = await schedulerAt(BEFORE, 'test.look').runJob('test.look', {}, { at });
  expect(run.counts?.['now']).toBe(at.getTime());
  expect(run.scheduledFor).toEqual(at);
  expect(run.startedAt.getTime()).toBeGreaterThanOrEqual(new Date(BEFORE).getTime());
});

test('words that do not fit are refused before anything runs', async () => {
  const scheduler = schedulerAt(BEFORE, 'test.look');
  await expect(scheduler.runJob('test.lok')).rejects.toThrow('There is no job "test.lok". Jobs: test.look.');
  await expect(scheduler.runJob('test.look', { add: 'x' })).rejects.toThrow(/arguments of test\.look are wrong.*add/s);
  expect(await scheduler.listRuns()).toEqual([]);
});

test('an error is recorded as one line without secrets; the log has the stack', async () => {
  const run = await schedulerAt(BEFORE, 'test.failing').runJob('test.failing');
  expect(run.state).toBe('failed');
  expect(run.error).toBe('GET https://***@example.com/send?key=***&n=1 answered 500');
  expect(logged.join('')).toContain('at attempt');
  expect(logged.join('')).not.toMatch(/s3cret|k-123/);
});

test('a job beyond its time limit fails, whether it hears or not, and so does one that takes its thread with it', async () => {
  await writeSetting(base.db, 'pause', '60000');
  const scheduler = schedulerAt(BEFORE, 'test.hurried', 'test.deaf', 'test.dying');
  const runs = [];
  // One after the other: three threads that start at once are slow to hear.
  for (const name of ['test.hurried', 'test.deaf', 'test.dying']) runs.push(await scheduler.runJob(name));
  expect(runs.map((run) => [run.state, run.error])).toEqual([
    ['failed', 'took longer than its time limit of 0.05 s'],
    ['failed', 'took longer than its time limit of 0.1 s and did not stop when asked to'],
    ['failed', 'its thread died: nobody caught this'],
  ]);
});

test('letters posted by a worker wake the main thread', async () => {
  expect((await schedulerAt(BEFORE, 'test.posting').runJob('test.posting')).counts).toEqual({ said: 3 });
  expect(woken).toBe(1);
});

test('on a machine in New York, a job of 18:00 in Shanghai begins at 18:00 in Shanghai', async () => {
  vi.stubEnv('TZ', 'America/New_York');
  const scheduler = schedulerAt('2026-11-22T17:59:59.000+08:00', 'test.look');
  await scheduler.start();
  const [listed] = await scheduler.listJobs();
  expect(listed?.next?.toISOString()).toBe('2026-11-22T10:00:00.000Z');
  await isState(scheduler, 'done');
  const [run] = await scheduler.listRuns();
  expect(run).toMatchObject({ trigger: 'schedule', scheduledFor: new Date('2026-11-22T10:00:00Z') });
  const late = (run?.startedAt.getTime() ?? 0) - new Date('2026-11-22T10:00:00Z').getTime();
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(5_000);
  expect((await scheduler.listJobs())[0]?.last?.id).toBe(run?.id);
  vi.unstubAllEnvs();
});

test('a run does not begin while another one of the job lives, in whatever process', async () => {
  await writeSetting(base.db, 'pause', '60000');
  const first = schedulerWith({ graceMs: 60_000 }, BEFORE, 'test.pause');
  const running = first.runJob('test.pause');
  await begun();
  const second = await schedulerAt(BEFORE, 'test.pause').runJob('test.pause');
  expect(second).toMatchObject({ state: 'skipped', error: 'run 1 has not ended yet' });
  await vi.waitFor(async () => {
    const [run] = await first.listRuns({ name: 'test.pause', limit: 2 }).then((runs) => runs.slice(-1));
    expect(run?.heartbeatAt.getTime()).toBeGreaterThan((run?.startedAt.getTime() ?? 0) + 50);
  });
  await first.stop();
  expect(await running).toMatchObject({ state: 'interrupted', error: 'Fieldbell was stopped' });
});

test('stopping ends a job that does not hear, and begins nothing more', async () => {
  const scheduler = schedulerAt(BEFORE, 'test.stubborn');
  const running = scheduler.runJob('test.stubborn');
  await begun();
  await scheduler.stop();
  const stopped = { state: 'interrupted', error: 'Fieldbell was stopped' };
  expect(await running).toMatchObject(stopped);
  expect(await scheduler.runJob('test.stubborn')).toMatchObject(stopped);
});

test('a job that was never seen does not run for the past; once seen, a missed run is made good', async () => {
  const first = schedulerAt(BEFORE, 'test.look');
  await first.start();
  await first.stop();
  const second = schedulerAt(AFTER, 'test.look', 'test.hourly');
  await second.start();
  await second.idle();
  expect(
    (await second.listRuns()).map((run) => [run.name, run.trigger, run.scheduledFor?.toISOString(), run.state]),
  ).toEqual([['test.look', 'missed', '2026-11-22T10:00:00.000Z', 'done']]);
  const third = schedulerAt(AFTER, 'test.look');
  await third.start();
  await third.idle();
  expect(await third.listRuns()).toHaveLength(1);
});

test('where every run counts, each is made good in order, with the clock at its own time', async () => {
  await schedulerAt('2026-11-22T16:50:00+08:00', 'test.hourly').start();
  const scheduler = schedulerAt(AFTER, 'test.hourly');
  await scheduler.start();
  await scheduler.idle();
  const runs = (await scheduler.listRuns()).reverse();
  expect(runs.map((run) => new Date(run.counts?.['now'] ?? 0).toISOString())).toEqual([
    '2026-11-22T09:00:00.000Z',
    '2026-11-22T10:00:00.000Z',
  ]);
});

test('a run of the schedule that fails is told to the administrators, one by hand is not', async () => {
  await writeSetting(base.db, 'trouble', 'yes');
  const seen = schedulerAt('2026-11-22T17:50:00+08:00', 'test.troubled');
  await seen.start();
  await seen.stop();
  const scheduler = schedulerAt(AFTER, 'test.troubled');
  expect((await scheduler.runJob('test.troubled')).state).toBe('failed');
  expect(await base.db.letter.count()).toBe(0);
  await scheduler.start();
  await scheduler.idle();
  expect((await base.db.letter.findMany()).map(({ key }) => key)).toEqual(['jobs/test.troubled/failed/2026-11-22']);
});

test('a process that died elsewhere is noticed when its heartbeat fails, and its run is made good here', async () => {
  const scheduler = schedulerAt(AFTER, 'test.look');
  await scheduler.start();
  const due = new Date('2026-11-22T10:00:00Z');
  await claimRun(base.db, { name: 'test.look', trigger: 'schedule', scheduledFor: due, args: {} }, new Date(AFTER));
  await base.db.$executeRaw`UPDATE "JobRun" SET "runner" = 'elsewhere/1/aaaa'`;
  await scheduler.tick();
  expect((await scheduler.listRuns()).map((run) => run.state)).toEqual(['running']);
  await renewHeartbeat(base.db, 1, new Date(new Date(AFTER).getTime() - 31_000));
  await scheduler.tick();
  await scheduler.idle();
  const runs = await scheduler.listRuns();
  expect(runs.map((run) => [run.trigger, run.state, run.scheduledFor])).toEqual([
    ['missed', 'done', due],
    ['schedule', 'interrupted', due],
  ]);
});

test('two processes that wake for the same instant run it once', async () => {
  const wanted = { name: 'test.look', trigger: 'schedule' as const, scheduledFor: new Date(AFTER), args: {} };
  const claims = await Promise.all([1, 2, 3].map(() => claimRun(base.db, wanted, new Date(AFTER))));
  expect(claims.map((run) => run.state).sort()).toEqual(['running', 'skipped', 'skipped']);
});

test('killed in the middle of a job, it marks the run and runs it again at the next start', async () => {
  await writeSetting(base.db, 'pause', '60000');
  const seen = schedulerAt(BEFORE, 'test.pause');
  await seen.start();
  await seen.stop();
  const child = spawn(process.execPath, [
    fileURLToPath(code.urls.process),
    ...[base.url, ZONE, '2026-11-22T18:00:01+08:00', code.urls.worker.href],
  ]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const scheduler = schedulerAt(AFTER, 'test.pause');
  await begun();
  child.kill('SIGKILL');
  await once(child, 'exit');
  await writeSetting(base.db, 'pause', '0');
  await scheduler.start();
  await scheduler.idle();
  const runs = (await scheduler.listRuns()).reverse();
  expect(runs.map((run) => [run.trigger, run.state])).toEqual([
    ['schedule', 'interrupted'],
    ['missed', 'done'],
  ]);
  expect(runs[0]?.error).toMatch(`the process that ran it has ended`);
  expect(runs[0]?.runner).toContain(`/${child.pid}/`);
  expect(runs[1]?.scheduledFor).toEqual(runs[0]?.scheduledFor);
});

test('every mistake in the declarations is told at once', () => {
  const look = testJobs[0] as Job;
  const scheduler = () =>
    createScheduler({
      jobs: [look, { ...look, cron: '0 0 18 * * *', timeout: 0 }],
      context: { db: base.db, clock: clockFrom(ZONE, BEFORE), log: pino({ level: 'silent' }) },
      worker: { entry: code.urls.worker, config: {}, waiting: new SharedArrayBuffer(4) },
      onWake: () => {},
    });
  expect(scheduler).toThrow(/6 fields[\s\S]*another job has this name[\s\S]*timeout must be/);
});
