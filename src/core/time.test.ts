import { describe, expect, it } from 'vitest';
import { daysOf, range } from './reader.ts';
import * as time from './time.ts';

const zone = 'Asia/Shanghai';

describe('time', () => {
  it('knows days in the house zone, not in UTC', () => {
    expect(time.dayOf(new Date('2026-10-31T16:00:00Z'), zone)).toBe('2026-11-01');
    expect(time.dayOf(new Date('2026-10-31T15:59:59Z'), zone)).toBe('2026-10-31');
    expect(time.startOf('2026-11-01', zone).toISOString()).toBe('2026-10-31T16:00:00.000Z');
    expect(time.localMinute(new Date('2026-11-20T06:20:00Z'), zone)).toBe('2026-11-20 14:20');
  });

  it('begins a day that has no midnight when it begins', () => {
    // Santiago put its clocks from 24:00 to 01:00.
    expect(time.startOf('2024-09-08', 'America/Santiago').toISOString()).toBe('2024-09-08T04:00:00.000Z');
  });

  it('counts days and months over their ends', () => {
    expect(time.daysBetween('2024-02-28', '2024-03-01')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    expect(time.daysBetween('2024-03-01', '2024-02-28')).toEqual([]);
    expect(time.addMonths('2026-01', -1)).toBe('2025-12');
    expect(time.monthDays('2024-02')).toEqual({ from: '2024-02-01', to: '2024-02-29' });
  });

  it('tells real days from others', () => {
    expect(['2024-02-29', '2023-02-29', '2024-13-01', '24-01-01', '2024-1-1'].map(time.isDay)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('says days as people do', () => {
    expect(time.sayDay('2025-10-17', 'zh')).toBe('10-17 周五');
    expect(time.sayDay('2025-10-17', 'en')).toBe('10-17 Fri');
  });
});

describe('ranges', () => {
  const clock = time.fixedClock(zone, new Date('2026-11-20T14:20:00+08:00'));
  it.each([
    ['近7天', { from: '2026-11-14', to: '2026-11-20' }],
    ['最近一周', { from: '2026-11-14', to: '2026-11-20' }],
    ['last_30_days', { from: '2026-10-22', to: '2026-11-20' }],
    ['昨天', { from: '2026-11-19', to: '2026-11-19' }],
    ['12-30 到 01-02', { from: '2025-12-30', to: '2026-01-02' }],
    ['近24小时', { from: '2026-11-19', to: '2026-11-20' }],
  ])('%s', (words, days) => {
    const found = range.read(words, clock, 'zh');
    expect(found?.rest).toBe('');
    expect(daysOf(found?.value ?? '', clock)).toEqual(days);
  });

  it('the wrong way round is said', () => {
    expect(() => daysOf('2026-11-07..2026-11-01', clock)).toThrow(/日期范围反了/);
  });
});
