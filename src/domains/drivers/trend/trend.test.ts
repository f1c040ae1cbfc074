import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DeliveryGroup,
  driverDays,
  figureOf,
  hoursUntil,
  hourTallies,
  perDriver,
  sumOf,
  tallyOf,
} from '../model.ts';
import { directionOf, driverTrend, hourTrend, lookBack, meanOf, movingAverage, trendOf } from './trend.ts';

const maybe = fc.option(fc.integer({ min: 0, max: 500 }), { nil: null });
const values = fc.array(maybe, { minLength: 1, maxLength: 60 });
const group = (day: string, status: string, onTime: boolean | null, count: number): DeliveryGroup => ({
  day,
  status,
  onTime,
  count,
});

describe('deliveries counted', () => {
  const tally = tallyOf([
    group('', 'delivered', true, 8),
    group('', 'delivered', false, 2),
    group('', 'failed', null, 1),
    group('', 'open', null, 4),
  ]);

  it('those that failed or are open are not brought', () => {
    expect(figureOf(tally, 'deliveries')).toBe(10);
    expect(figureOf(tally, 'failed')).toBe(1);
    expect(figureOf(tally, 'on_time')).toBe(80);
  });

  it('what no row says is not known', () => {
    const unsaid = tallyOf([group('', 'unknown', null, 3)]);
    expect(figureOf(unsaid, 'deliveries')).toBe(3);
    expect(figureOf(unsaid, 'failed')).toBeNull();
    expect(figureOf(unsaid, 'on_time')).toBeNull();
    expect(figureOf(null, 'deliveries')).toBeNull();
  });

  it('a day of others is 0, a day of nobody is a gap', () => {
    const days = driverDays(
      '2022-03-25',
      '2022-03-27',
      [group('2022-03-25', 'unknown', null, 2)],
      new Set(['2022-03-25', '2022-03-26']),
    );
    expect(days.map(({ tally }) => figureOf(tally, 'deliveries'))).toEqual([2, 0, null]);
    expect(sumOf(days.map(({ tally }) => tally)).completed).toBe(2);
  });

  it('a DSP is its mean per driver, and its rate as it is', () => {
    const days = driverDays(
      '2022-03-25',
      '2022-03-26',
      [group('2022-03-25', 'delivered', true, 30)],
      new Set(['2022-03-25']),
    );
    expect(perDriver(days, 4, 'deliveries')).toEqual([7.5, null]);
    expect(perDriver(days, 4, 'on_time')).toEqual([100, null]);
  });
});

describe('the last 24 hours', () => {
  const end = new Date('2026-11-20T14:20:00+08:00');
  const ago = (minutes: number) => new Date(end.getTime() - minutes * 60_000);

  it('end now and are whole', () => {
    expect(hoursUntil(end)).toHaveLength(24);
    expect(hoursUntil(end)[0]).toEqual(ago(24 * 60));
    expect(hoursUntil(end)[23]).toEqual(ago(60));
  });

  it('have figures of each kind, and of the hours before', () => {
    const groups = [
      { hour: 47, status: 'delivered', onTime: true, count: 1 },
      { hour: 47, status: 'delivered', onTime: false, count: 1 },
      { hour: 47, status: 'failed', onTime: null, count: 1 },
      { hour: 0, status: 'delivered', onTime: true, count: 4 },
    ];
    const hours = hourTallies(groups, 24);
    expect(hours).toHaveLength(24);
    expect(figureOf(hours[23] ?? null, 'deliveries')).toBe(2);
    expect(figureOf(hours[23] ?? null, 'failed')).toBe(1);
    expect(figureOf(hours[23] ?? null, 'on_time')).toBe(50);
    expect(figureOf(hours[0] ?? null, 'on_time')).toBeNull();
    expect(hourTallies(groups, 0)[0]?.completed).toBe(4);
    expect(sumOf(hourTallies(groups, 0)).completed).toBe(4);
  });

  it('have a trend over the hours of work alone', () => {
    const worked = [0, 2, 4, 0, 8, 10, 0].map((count) => tallyOf([group('', 'delivered', true, count)]));
    const { trend, mean, average } = hourTrend(worked, 'deliveries');
    expect(mean).toBeCloseTo(24 / 5);
    expect(trend).toMatchObject({ direction: 'rising', strength: 'strong' });
    expect(average.at(-1)).toBeCloseTo(9);
  });
});

describe('the band', () => {
  const days = (counts: readonly number[]) => {
    const groups = counts.map((count, at) => group(`2026-11-0${at + 1}`, 'delivered', true, count));
    const known = new Set(groups.map(({ day }) => day));
    return driverTrend(driverDays('2026-11-01', '2026-11-06', groups, known), '2026-11-01', '2026-12-01', 'deliveries');
  };

  it('is two residual standard deviations about the line, and never below zero', () => {
    const { trend } = days([10, 12, 8, 10, 12, 8]);
    // Σ(y−ŷ)² = 16 − 4²/17.5 = 15.09; 2·√(15.09/4) = 3.88
    const [low, high] = [trend?.band?.low ?? [], trend?.band?.high ?? []];
    const line = trend?.line ?? [];
    expect((high[0] ?? 0) - (line[0] ?? 0)).toBeCloseTo((line[0] ?? 0) - (low[0] ?? 0));
    expect((high[0] ?? 0) - (line[0] ?? 0)).toBeCloseTo(3.884, 3);
    expect(days([0, 9, 0, 9, 0, 9]).trend?.band?.low.every((value) => value >= 0)).toBe(true);
  });

  it('is none where all are on the line, or too few are known', () => {
    expect(days([1, 2, 3, 4, 5, 6]).trend?.band).toBeNull();
    const three = [4, 1, 4].map((count, at) => group(`2026-11-0${at + 1}`, 'delivered', true, count));
    const known = new Set(three.map(({ day }) => day));
    const few = driverTrend(
      driverDays('2026-11-01', '2026-11-06', three, known),
      '2026-11-01',
      '2026-12-01',
      'deliveries',
    );
    expect(few.trend?.band).toBeNull();
  });
});

describe('the moving average', () => {
  it('is the mean of the known values of the window', () => {
    expect(movingAverage([1, null, 3, 5], 3)).toEqual([1, 1, 2, 4]);
    expect(movingAverage([null, null, 4], 2)).toEqual([null, null, 4]);
  });

  it('lies between the least and the most of its window', () => {
    fc.assert(
      fc.property(values, (given) => {
        movingAverage(given).forEach((average, at) => {
          const known = given.slice(Math.max(0, at - 6), at + 1).filter((value) => value !== null);
          if (known.length === 0) expect(average).toBeNull();
          else {
            expect(average).toBeGreaterThanOrEqual(Math.min(...known) - 1e-9);
            expect(average).toBeLessThanOrEqual(Math.max(...known) + 1e-9);
          }
        });
      }),
    );
  });
});

describe('the trend line', () => {
  it('is found again in points that lie on it, whatever is missing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -9, max: 9 }),
        fc.array(fc.boolean(), { minLength: 3, maxLength: 60 }),
        (start, slope, known) => {
          const line = trendOf(known.map((is, x) => (is ? start + slope * x : null)));
          if (known.filter(Boolean).length < 3) return line === null;
          expect(line?.slope).toBeCloseTo(slope, 6);
          expect(line?.at(0)).toBeCloseTo(start, 5);
          return true;
        },
      ),
    );
  });

  it('has no better neighbour', () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (given, tilt, lift) => {
          const line = trendOf(given);
          if (!line) return;
          const error = (at: (x: number) => number) =>
            given.reduce<number>((sum, y, x) => (y === null ? sum : sum + (y - at(x)) ** 2), 0);
          expect(error(line.at)).toBeLessThanOrEqual(error((x) => line.at(x) + tilt * x + lift) + 1e-6);
        },
      ),
    );
  });

  it('is flat when it moves too little to speak of', () => {
    const direction = (given: number[], metric: 'deliveries' | 'on_time' = 'deliveries') => {
      const line = trendOf(given);
      return line && directionOf(line, given, metric);
    };
    expect(direction([40, 41, 40, 41, 40, 41, 42])).toBe('flat');
    expect(direction([38, 40, 43, 46, 49, 50, 52])).toBe('rising');
    expect(direction([5, 4, 3, 2])).toBe('falling');
    expect(direction([1, 1, 0, 0, 1, 1, 1])).toBe('flat');
    expect(direction([90, 91, 90, 91], 'on_time')).toBe('flat');
    expect(direction([90, 89, 88, 87], 'on_time')).toBe('falling');
  });
});

describe("a driver's trend", () => {
  const from = '2022-03-08';
  const days = (counts: (number | null)[]) => {
    const known = new Set<string>();
    const groups = counts.flatMap((count, at) => {
      const day = `2022-03-${String(at + 2).padStart(2, '0')}`;
      if (count !== null) known.add(day);
      return count ? [group(day, 'unknown', null, count)] : [];
    });
    return driverDays('2022-03-02', `2022-03-${String(counts.length + 1).padStart(2, '0')}`, groups, known);
  };

  it('shows its days alone and looks back for the average', () => {
    expect(lookBack(from)).toBe('2022-03-02');
    const trend = driverTrend(days([7, 7, 7, 7, null, 7, 0, 14, 14]), from, '2026-11-20', 'deliveries');
    expect(trend.values).toEqual([0, 14, 14]);
    expect(trend.average).toEqual([35 / 6, 7, 49 / 6]);
    expect(trend.total.completed).toBe(28);
    expect(trend.mean).toBeCloseTo(28 / 3);
    expect(trend.gaps).toEqual([]);
  });

  it('takes a day that is not over into the total alone', () => {
    const counts = [6, 6, 6, 6, 6, 6, 6, 7, 8, 9, 1];
    const trend = driverTrend(days(counts), from, '2022-03-12', 'deliveries');
    expect(trend.values).toEqual([6, 7, 8, 9, 1]);
    expect(trend.total.completed).toBe(31);
    expect(trend.mean).toBe(7.5);
    expect(trend.trend).toMatchObject({ slope: expect.closeTo(1), direction: 'rising' });
    expect(trend.average.at(-1)).toBe(meanOf([6, 6, 6, 7, 8, 9]));
    expect(trend.running).toBe(true);
  });

  it('names the gaps, and draws no line through two days', () => {
    const trend = driverTrend(days([1, 1, 1, 1, 1, 1, 2, null, 3]), from, '2026-11-20', 'deliveries');
    expect(trend.values).toEqual([2, null, 3]);
    expect(trend.gaps).toEqual(['2022-03-09']);
    expect(trend.trend).toBeNull();
    expect(trend.running).toBe(false);
  });
});
