import { afterEach, describe, expect, test, vi } from 'vitest';
import { cronMistake, duesBetween, latestDue, nextDue } from './due.ts';

afterEach(() => vi.unstubAllEnvs());

const SHANGHAI = 'Asia/Shanghai';
const next = (cron: string, after: string, zone = SHANGHAI) => nextDue(cron, new Date(after), zone)?.toISOString();

describe('the next due instant', () => {
  test.each([
    // Summer time ends in New York (1 November) or begins (8 March) between now and the run.
    ['America/New_York', '2026-10-31T20:00:00Z', '0 18 * * *', SHANGHAI, '2026-11-01T10:00:00.000Z'],
    ['America/New_York', '2026-03-08T04:30:00Z', '0 18 * * *', SHANGHAI, '2026-03-08T10:00:00.000Z'],
    ['America/New_York', '2026-03-07T17:00:00Z', '30 2 * * *', SHANGHAI, '2026-03-07T18:30:00.000Z'],
    // It begins in Berlin on 29 March, when the machine's zone has no summer time.
    ['Asia/Shanghai', '2026-03-28T12:00:00Z', '0 9 * * *', 'Europe/Berlin', '2026-03-29T07:00:00.000Z'],
    ['UTC', '2026-11-22T09:59:59.999Z', '0 18 * * *', SHANGHAI, '2026-11-22T10:00:00.000Z'],
    ['UTC', '2026-11-22T10:00:00.000Z', '0 18 * * *', SHANGHAI, '2026-11-23T10:00:00.000Z'],
  ])('on a machine in %s at %s, "%s" in %s is %s', (machine, now, cron, zone, expected) => {
    vi.stubEnv('TZ', machine);
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(machine);
    expect(next(cron, now, zone)).toBe(expected);
  });

  test('a machine that changes to summer time loses no hour of a house that does not', () => {
    vi.stubEnv('TZ', 'America/New_York');
    const hours = duesBetween(
      '0 * * * *',
      new Date('2026-03-07T12:00:00Z'),
      new Date('2026-03-08T12:00:00Z'),
      SHANGHAI,
    );
    expect(hours).toHaveLength(24);
  });

  test('Sunday is 0 and 7; day of month or day of week', () => {
    expect(next('0 9 * * 7', '2026-11-21T12:00:00Z')).toBe('2026-11-22T01:00:00.000Z');
    expect(next('0 9 * * 0', '2026-11-21T12:00:00Z')).toBe('2026-11-22T01:00:00.000Z');
    expect(next('0 9 1 * 1', '2026-11-22T12:00:00Z')).toBe('2026-11-23T01:00:00.000Z');
    expect(next('0 9 31 * *', '2026-11-22T12:00:00Z')).toBe('2026-12-31T01:00:00.000Z');
  });
});

test('the last due instant of a year is found without looking at every minute of it', () => {
  const after = new Date('2025-11-22T00:00:30Z');
  const until = new Date('2026-11-22T00:00:30Z');
  expect(latestDue('* * * * *', after, until, SHANGHAI)?.toISOString()).toBe('2026-11-22T00:00:00.000Z');
  expect(latestDue('0 9 1 1 *', after, until, SHANGHAI)?.toISOString()).toBe('2026-01-01T01:00:00.000Z');
  expect(latestDue('0 9 1 1 *', new Date('2026-01-01T01:00:00Z'), until, SHANGHAI)).toBeNull();
  expect(latestDue('* * * * *', until, after, SHANGHAI)).toBeNull();
});

test('a cron text that cannot be is refused with its reason', () => {
  expect(cronMistake('*/10 8-20 * * 1-5')).toBeNull();
  expect(cronMistake('0 0 18 * * *')).toMatch('6 fields');
  expect(cronMistake('61 * * * *')).toMatch('61');
});
