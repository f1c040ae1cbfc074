import { expect, test } from 'vitest';
import type { Job } from '../../core/job.ts';
import { plan } from './missed.ts';

/** What is planned at 10:30:20 for a job of every hour, as `trigger hh:mm` in UTC. */
function planned(missed: Job['missed'], since: string, options: { now?: string; broken?: string; cron?: string } = {}) {
  const at = (time: string) => new Date(`2026-11-22T${time}Z`);
  const { now = '10:30:20', broken, cron = '30 * * * *' } = options;
  const window = { since: at(since), now: at(now), broken: broken ? at(broken) : undefined };
  const { runs, dropped } = plan({ cron, missed }, window, 'Asia/Shanghai');
  return { runs: runs.map((run) => `${run.trigger} ${run.scheduledFor.toISOString().slice(11, 16)}`), dropped };
}

test('what is due now runs by its schedule under every policy', () => {
  for (const policy of ['skip', 'once', 'all'] as const) {
    expect(planned(policy, '10:29:59').runs).toEqual(['schedule 10:30']);
    expect(planned(policy, '10:30:00').runs).toEqual([]);
  }
});

test('skip makes nothing good', () => {
  expect(planned('skip', '06:00:00').runs).toEqual(['schedule 10:30']);
  expect(planned('skip', '06:00:00', { now: '10:50:00', broken: '05:30:00' }).runs).toEqual([]);
});

test('once makes good the last, unless a run is due anyhow', () => {
  expect(planned('once', '06:00:00').runs).toEqual(['schedule 10:30']);
  expect(planned('once', '06:00:00', { now: '10:50:00' }).runs).toEqual(['missed 10:30']);
  expect(planned('once', '10:30:00', { now: '10:50:00' }).runs).toEqual([]);
});

test('once and all run an interrupted run again', () => {
  expect(planned('once', '10:30:00', { now: '10:50:00', broken: '10:30:00' }).runs).toEqual(['missed 10:30']);
  expect(planned('once', '08:30:00', { now: '10:50:00', broken: '08:30:00' }).runs).toEqual(['missed 10:30']);
  expect(planned('all', '08:30:00', { now: '10:50:00', broken: '08:30:00' }).runs).toEqual([
    'missed 08:30',
    'missed 09:30',
    'missed 10:30',
  ]);
});

test('all runs every one in order, then what is due now; more than a hundred are counted and given up', () => {
  expect(planned('all', '07:30:00').runs).toEqual(['missed 08:30', 'missed 09:30', 'schedule 10:30']);
  const many = planned('all', '06:00:00', { cron: '* * * * *', now: '10:30:30' });
  expect(many.runs).toHaveLength(101);
  expect(many.runs[0]).toBe('missed 08:50');
  expect(many.runs.at(-1)).toBe('schedule 10:30');
  expect(many.dropped).toBe(169);
});

test('a clock that is set back runs nothing twice', () => {
  expect(planned('all', '11:30:00').runs).toEqual([]);
  expect(planned('once', '11:30:00').runs).toEqual([]);
});
