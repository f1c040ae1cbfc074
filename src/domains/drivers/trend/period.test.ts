import { describe, expect, it } from 'vitest';
import { AskerError } from '../../../core/errors.ts';
import { fixedClock } from '../../../core/time.ts';
import { looksLikePeriod, period, periodOf, sayPeriod } from './period.ts';

const clock = fixedClock('Asia/Shanghai', new Date('2026-11-20T14:20:00+08:00'));
const of = (said: string) => periodOf(said, clock, 'zh');

describe('a period', () => {
  it.each([
    ['last_7_days', '2026-11-14', '2026-11-20'],
    ['last_366_days', '2025-11-20', '2026-11-20'],
    ['2022-03-25..2022-03-31', '2022-03-25', '2022-03-31'],
    ['近30天', '2026-10-22', '2026-11-20'],
    ['Last 7 days', '2026-11-14', '2026-11-20'],
    ['昨天', '2026-11-19', '2026-11-19'],
    ['2026-11-18..2026-12-31', '2026-11-18', '2026-11-20'],
  ])('%s', (said, from, to) => {
    expect(of(said)).toMatchObject({ unit: 'days', from, to });
  });

  it('may be the last 24 hours', () => {
    expect(of('last_24_hours')).toEqual({ said: 'last_24_hours', unit: 'hours' });
    expect(of('近24小时').unit).toBe('hours');
  });

  it.each([
    ['last_367_days', '一次看 1 到 366 天。'],
    ['last_5000_days', '一次看 1 到 366 天。'],
    ['last_0_days', '一次看 1 到 366 天。'],
    ['2025-11-18..2026-11-19', '一次看 1 到 366 天。'],
    ['2026-11-21..2026-11-22', '2026-11-21 还没到，没有数据。'],
    ['2026-11-12..2026-11-10', '日期范围反了：2026-11-12 在 2026-11-10 之后。'],
    ['2026-02-30..2026-03-02', '日期看不懂：「2026-02-30..2026-03-02」。'],
    ['last_48_hours', '日期看不懂：「last_48_hours」。'],
    ['近7填', '日期看不懂：「近7填」。'],
  ])('%s: %s', (said, message) => {
    try {
      of(said);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AskerError);
      expect(error).toMatchObject({ message, example: '司机 D-1023 近30天趋势' });
    }
  });

  it('is said as people say it', () => {
    const say = (said: string, lang: 'zh' | 'en' = 'zh') => sayPeriod(of(said), clock, lang);
    expect(say('last_7_days')).toBe('近7天');
    expect(say('last_24_hours', 'en')).toBe('the last 24 hours');
    expect(say('今天')).toBe('今天');
    expect(say('2026-11-10..2026-11-12')).toBe('11-10 至 11-12');
    expect(say('2022-03-25..2022-03-31')).toBe('2022-03-25 至 03-31');
    expect(say('2025-12-30..2026-01-02', 'en')).toBe('2025-12-30 to 2026-01-02');
    expect(say('2026-11-19..2026-11-19')).toBe('11-19');
  });
});

describe('a period beside a driver', () => {
  it.each([
    ['D-1023 近7天', 'last_7_days', 'D-1023'],
    ['D-10-23', undefined, 'D-10-23'],
    ['D-10-23 11-01..11-15', '2026-11-01..2026-11-15', 'D-10-23'],
    ['coimbres13del01 2022-03-25..2022-03-31', '2022-03-25..2022-03-31', 'coimbres13del01'],
    ['张三 last_24_hours', 'last_24_hours', '张三'],
    ['last_30_days D-1023', 'last_30_days', 'D-1023'],
  ])('%s', (words, value, rest) => {
    expect(period.read(words, clock, 'zh') ?? { rest: words }).toEqual(value ? { value, rest } : { rest });
  });

  it('is told from a name', () => {
    expect(['近7填', '7填天', 'last_x', '2022-3x', '过去几天'].filter(looksLikePeriod)).toHaveLength(5);
    expect(['李天', '王师傅', 'D-1023', '周日'].filter(looksLikePeriod)).toEqual([]);
  });
});
