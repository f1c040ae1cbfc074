import { describe, expect, it } from 'vitest';
import { openCalendar } from './calendar.ts';
import { evaluate, type Level, type Order } from './level.ts';

const ZONE = 'Asia/Shanghai';
const HOUR = 3_600_000;
const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const shown = (date: Date | null) =>
  date && new Date(date.getTime() + 8 * HOUR).toISOString().slice(0, 16).replace('T', ' ');

const working = openCalendar(
  {
    days: 'workdays',
    hours: [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '18:00' },
    ],
  },
  ZONE,
);
const always = openCalendar('always', ZONE);

describe('a calendar of working hours', () => {
  it.each([
    ['within a morning', '2025-10-17 09:30', 60, '2025-10-17 10:30'],
    ['ends where the hours end, not when the next begin', '2025-10-17 11:00', 60, '2025-10-17 12:00'],
    ['over noon', '2025-10-17 11:30', 60, '2025-10-17 13:30'],
    ['over the weekend', '2025-10-17 17:00', 120, '2025-10-20 10:00'],
    ['begun at night', '2025-10-17 22:00', 30, '2025-10-20 09:30'],
    // 1 to 8 October 2025 is the holiday of National Day and Mid-Autumn; 28 September and 11 October are worked.
    ['over National Day', '2025-09-30 17:30', 60, '2025-10-09 09:30'],
    ['on a Sunday that is worked', '2025-09-27 12:00', 60, '2025-09-28 10:00'],
    ['over New Year', '2025-12-31 17:00', 120, '2026-01-04 10:00'],
    ['of a year far ahead', '2025-10-17 09:00', 60 * 8 * 400, null],
  ])('counts %s', (_, from, minutes, expected) => {
    const end = working.after(at(from), minutes * 60_000);
    if (expected) expect(shown(end)).toBe(expected);
    expect(working.between(at(from), end)).toBe(minutes * 60_000);
  });

  it('agrees with counting minute by minute', () => {
    const begin = at('2025-09-26 08:00').getTime();
    const span = [0, 1, 2, 3, 5, 7, 11, 13].map((days) => new Date(begin + days * 24 * HOUR + days * 37 * 60_000));
    for (const from of span) {
      for (const to of span.filter((one) => one > from)) {
        let counted = 0;
        for (let ms = from.getTime(); ms < to.getTime(); ms += 60_000) {
          if (working.between(new Date(ms), new Date(ms + 60_000)) > 0) counted++;
        }
        expect(working.between(from, to)).toBe(counted * 60_000);
      }
    }
  });
});

describe('a service level', () => {
  const level: Level = {
    name: 'contact',
    orders: {},
    start: ['assigned'],
    stop: ['contacted', 'cancelled'],
    pause: ['waiting'],
    target: 240,
    warn: [30, 120],
  };
  const order: Order = {
    id: 'GD1',
    openedAt: at('2025-10-17 08:00'),
    dueAt: null,
    type: null,
    priority: null,
    city: null,
    provider: null,
    source: null,
  };
  const run = (changes: [string, string][], now: string, more: Partial<Level> = {}, calendar = always, own = order) =>
    evaluate(
      { ...level, ...more },
      own,
      changes.map(([time, state]) => ({ at: at(time), state })),
      calendar,
      at(now),
    );

  it('waits for its start, runs, warns, and is breached after its target, not at it', () => {
    const changes: [string, string][] = [['2025-10-17 10:00', 'assigned']];
    expect(run(changes, '2025-10-17 09:59').outcome).toBe('waiting');
    expect(run(changes, '2025-10-17 11:59')).toMatchObject({ outcome: 'running', warning: null });
    expect(run(changes, '2025-10-17 12:00').warning).toBe(120);
    expect(run(changes, '2025-10-17 13:30').warning).toBe(30);
    expect(run(changes, '2025-10-17 14:00').outcome).toBe('running');
    const late = run(changes, '2025-10-17 14:01');
    expect([late.outcome, shown(late.dueAt), late.stoppedAt]).toEqual(['breached', '2025-10-17 14:00', null]);
  });

  it('stands still while paused, and its end moves', () => {
    const changes: [string, string][] = [
      ['2025-10-17 10:00', 'assigned'],
      ['2025-10-17 13:50', 'waiting'],
      ['2025-10-18 09:00', 'assigned'],
    ];
    expect(run(changes, '2025-10-18 08:00')).toMatchObject({ outcome: 'paused', dueAt: null, spentMs: 230 * 60_000 });
    expect(shown(run(changes, '2025-10-18 09:05').dueAt)).toBe('2025-10-18 09:10');
    expect(run(changes, '2025-10-18 09:11').outcome).toBe('breached');
  });

  it('is met when stopped in time, stays breached when late, and goes on when reopened', () => {
    const changes: [string, string][] = [
      ['2025-10-17 10:00', 'assigned'],
      ['2025-10-17 13:00', 'contacted'],
    ];
    expect(run(changes, '2025-10-20 00:00')).toMatchObject({ outcome: 'met', spentMs: 3 * HOUR });
    changes.push(['2025-10-18 10:00', 'assigned']);
    expect(shown(run(changes, '2025-10-18 10:30').dueAt)).toBe('2025-10-18 11:00');
    changes.push(['2025-10-18 12:00', 'contacted']);
    expect(run(changes, '2025-10-19 00:00')).toMatchObject({ outcome: 'breached', stoppedAt: at('2025-10-18 12:00') });
  });

  it('goes by the calendar', () => {
    const changes: [string, string][] = [['2025-10-17 16:00', 'assigned']];
    const one = run(changes, '2025-10-19 12:00', {}, working);
    expect([one.outcome, shown(one.dueAt)]).toEqual(['running', '2025-10-20 11:00']);
    expect(run(changes, '2025-10-20 11:01', {}, working).outcome).toBe('breached');
  });

  it('has the order’s own due date where the rule says so; without one it is never late', () => {
    const due = { ...order, dueAt: at('2025-10-18 12:00') };
    const late: [string, string][] = [['2025-10-18 12:01', 'contacted']];
    const more = { start: 'opened', target: 'due' } as const;
    expect(run(late, '2025-10-18 12:00', more, always, due)).toMatchObject({ outcome: 'running', warning: 30 });
    expect(run(late, '2025-10-19 12:00', more, always, due).outcome).toBe('breached');
    expect(run([['2025-10-18 11:59', 'contacted']], '2025-10-19 12:00', more, always, due).outcome).toBe('met');
    expect(run([], '2030-01-01 00:00', more).outcome).toBe('running');
  });

  it('of an order that was cancelled before its clock began is over', () => {
    expect(run([['2025-10-17 09:00', 'cancelled']], '2025-10-18 00:00')).toMatchObject({
      outcome: 'waiting',
      stoppedAt: at('2025-10-17 09:00'),
    });
  });
});
