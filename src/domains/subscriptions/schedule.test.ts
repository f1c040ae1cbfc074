import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localMinute } from '../../core/time.ts';
import { isLate, type Missed, plan, type Subscription } from './model.ts';
import { type Days, duesBetween, nextDue, type Schedule, workdayDoubt } from './schedule.ts';
import { readSchedule } from './schedule-words.ts';

const zone = 'Asia/Shanghai';

/** Due wall times from a day's midnight to another's. */
function dues(words: string, from: string, to: string, inZone = zone): string[] {
  const between = duesBetween(readSchedule(words, 'zh'), new Date(from), new Date(to), inZone);
  return between.map((due) => localMinute(due, inZone).slice(5));
}

describe('due times', () => {
  it('every day, at each of its times, after and up to', () => {
    const from = '2026-11-20T09:00:00+08:00';
    expect(dues('每天 9点、18点', from, '2026-11-21T09:00:00+08:00')).toEqual(['11-20 18:00', '11-21 09:00']);
  });

  it('workdays go by the holidays: 国庆 2025 and the make-up days of 春节 2026', () => {
    expect(dues('每工作日 9:30', '2025-09-30T12:00:00+08:00', '2025-10-12T23:00:00+08:00')).toEqual([
      '10-09 09:30',
      '10-10 09:30',
      '10-11 09:30',
    ]);
    expect(dues('每工作日 9:30', '2026-02-14T00:00:00+08:00', '2026-02-25T00:00:00+08:00')).toEqual([
      '02-14 09:30',
      '02-24 09:30',
    ]);
    expect(dues('weekdays at 9:30', '2026-02-14T00:00:00+08:00', '2026-02-18T00:00:00+08:00')).toEqual([
      '02-16 09:30',
      '02-17 09:30',
    ]);
  });

  it('a day that a month does not have is its last', () => {
    expect(dues('每月30日 10点', '2026-01-31T00:00:00+08:00', '2026-05-01T00:00:00+08:00')).toEqual([
      '02-28 10:00',
      '03-30 10:00',
      '04-30 10:00',
    ]);
    expect(dues('每月最后一天 10点', '2028-02-01T00:00:00+08:00', '2028-03-01T00:00:00+08:00')).toEqual([
      '02-29 10:00',
    ]);
  });

  it('keeps its wall time over changes of the clocks, once a day', () => {
    const inNewYork = (words: string, from: string, to: string) =>
      duesBetween(readSchedule(words, 'zh'), new Date(from), new Date(to), 'America/New_York').map((at) =>
        at.toISOString(),
      );
    expect(inNewYork('每天18:00', '2026-03-07T12:00:00Z', '2026-03-09T00:00:00Z')).toEqual([
      '2026-03-07T23:00:00.000Z',
      '2026-03-08T22:00:00.000Z',
    ]);
    // 02:30 was left out on 8 March, and came twice as 01:30 on 1 November.
    expect(inNewYork('每天2:30', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z')).toEqual(['2026-03-08T07:30:00.000Z']);
    expect(inNewYork('每天1:30', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z')).toEqual(['2026-11-01T05:30:00.000Z']);
    expect(inNewYork('每天2:30、3:30', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z')).toEqual([
      '2026-03-08T07:30:00.000Z',
    ]);
  });

  it('says where holidays are not known yet', () => {
    const due = new Date('2099-10-01T09:30:00+08:00');
    expect(workdayDoubt(readSchedule('每工作日 9:30', 'zh'), due, zone, 'zh')).toMatch(/^2099 年的放假安排还没收录/);
    expect(workdayDoubt(readSchedule('每天 9:30', 'zh'), due, zone, 'zh')).toBeNull();
    const known = new Date('2026-10-08T09:30:00+08:00');
    expect(workdayDoubt(readSchedule('每工作日 9:30', 'zh'), known, zone, 'zh')).toBeNull();
  });

  it('whatever the schedule and the zone: ascending, none between one and the next', () => {
    const numbers = (most: number) => fc.uniqueArray(fc.integer({ min: 1, max: most }), { minLength: 1, maxLength: 3 });
    const days: fc.Arbitrary<Days> = fc.oneof(
      fc.constant<Days>({ every: 'day' }),
      fc.constant<Days>({ every: 'workday' }),
      numbers(7).map((on): Days => ({ every: 'week', on })),
      numbers(31).map((on): Days => ({ every: 'month', on })),
    );
    const schedule: fc.Arbitrary<Schedule> = fc.record({
      days,
      times: fc.uniqueArray(fc.constantFrom('00:00', '01:30', '02:30', '09:00', '23:59'), { minLength: 1 }),
    });
    const start = fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2027, 0) }).map((ms) => new Date(ms));
    const zones = fc.constantFrom(zone, 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe');
    fc.assert(
      fc.property(schedule, start, zones, (one, after, inZone) => {
        const until = new Date(after.getTime() + 40 * 86_400_000);
        const found = duesBetween(one, after, until, inZone);
        let last = after;
        for (const due of found) {
          expect(nextDue(one, last, inZone)).toEqual(due);
          expect(due > last && due <= until).toBe(true);
          last = due;
        }
        expect(nextDue(one, last, inZone) > until).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe('what was missed', () => {
  const now = new Date('2026-11-23T18:05:00+08:00');
  const planned = (missed: Missed, doneUntil = '2026-11-20T18:00:00+08:00', at = now) => {
    const schedule = readSchedule('每天18:00', 'zh');
    const one = { schedule, missed, doneUntil: new Date(doneUntil) } as Subscription;
    const { runs, skipped, skippedUntil } = plan(one, at, zone);
    return { runs: runs.map((run) => localMinute(run, zone).slice(8)), skipped, until: skippedUntil?.toISOString() };
  };

  it('skip runs what is on time, once the last, all every one', () => {
    expect(planned('skip')).toEqual({ runs: ['23 18:00'], skipped: 2, until: undefined });
    expect(planned('once')).toEqual({ runs: ['23 18:00'], skipped: 2, until: undefined });
    expect(planned('all')).toEqual({ runs: ['21 18:00', '22 18:00', '23 18:00'], skipped: 0, until: undefined });
  });

  it('what is skipped is accounted for', () => {
    const later = new Date('2026-11-23T20:00:00+08:00');
    expect(isLate(new Date('2026-11-23T18:00:00+08:00'), later)).toBe(true);
    expect(planned('skip', undefined, later)).toEqual({ runs: [], skipped: 3, until: '2026-11-23T10:00:00.000Z' });
    expect(planned('once', undefined, later)).toMatchObject({ runs: ['23 18:00'], skipped: 2 });
  });

  it('nothing is due before its time, and at most a hundred are made good', () => {
    expect(planned('all', '2026-11-23T18:00:00+08:00')).toEqual({ runs: [], skipped: 0, until: undefined });
    expect(planned('all', '2026-01-01T00:00:00+08:00').runs).toHaveLength(100);
  });
});
