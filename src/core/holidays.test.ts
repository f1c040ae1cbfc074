import { describe, expect, it } from 'vitest';
import { isWorkday, knowsYearOf } from './holidays.ts';
import { daysBetween } from './time.ts';

const worked = (from: string, to: string) =>
  daysBetween(from, to)
    .filter(isWorkday)
    .map((day) => day.slice(5));

describe('workdays in China', () => {
  it('国庆 2025: eight days off, two weekend days worked', () => {
    expect(worked('2025-09-27', '2025-10-12')).toEqual(['09-28', '09-29', '09-30', '10-09', '10-10', '10-11']);
  });

  it('春节 2025 and 2026, with their make-up days', () => {
    expect(worked('2025-01-25', '2025-02-09')).toEqual(['01-26', '01-27', '02-05', '02-06', '02-07', '02-08']);
    expect(worked('2026-02-13', '2026-03-01')).toEqual([
      '02-13',
      '02-14',
      ...['02-24', '02-25', '02-26', '02-27', '02-28'],
    ]);
  });

  it('国庆 2026: from 1 to 7 October, worked on 20 September and 10 October', () => {
    expect(worked('2026-09-19', '2026-09-20')).toEqual(['09-20']);
    expect(worked('2026-09-30', '2026-10-11')).toEqual(['09-30', '10-08', '10-09', '10-10']);
  });

  it('a year that is not announced yet has its weekdays, and is known not to be known', () => {
    expect([knowsYearOf('2026-10-01'), knowsYearOf('2099-10-01')]).toEqual([true, false]);
    expect(worked('2099-10-01', '2099-10-07')).toEqual(['10-01', '10-02', '10-05', '10-06', '10-07']);
  });
});
