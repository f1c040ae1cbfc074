import { describe, expect, it } from 'vitest';
import { addDays, weekday } from '../../core/time.ts';
import { callRules } from './decide.ts';
import { changePercent, type DailyCount, type HourlyCount, percent, summariseDay, summariseMonth } from './model.ts';

const rules = callRules([
  {
    file: 'rules/calls.yaml',
    text: "grades: [{ match: '(?<!\\d)9元|^9$', product: 9元 }, { match: '(?<!\\d)1元|^1$', product: 1元 }]\nseats: { exclude: { names: [总计], ids: [], match: [] } }",
  },
]);

const calls = (count: Partial<HourlyCount> & { records: number }): HourlyCount => ({
  hour: 10,
  seatId: '9001',
  seatName: '坐席A01',
  grade: '',
  dialled: count.records,
  connected: 0,
  ...count,
});

describe('rates', () => {
  it('are percent with two decimals, and 0 where there is nothing to divide by', () => {
    expect(percent(2496, 15305)).toBe(16.31);
    expect(percent(1, 3)).toBe(33.33);
    expect(percent(0, 0)).toBe(0);
    expect(percent(5, 0)).toBe(0);
  });

  it('change in percent with one decimal, and not at all from nothing', () => {
    expect(changePercent(2496, 2310)).toBe(8.1);
    expect(changePercent(90, 100)).toBe(-10);
    expect(changePercent(3, 0)).toBeNull();
  });
});

describe('a day', () => {
  it('is added up by hour, seat and product', () => {
    const day = summariseDay(
      '2025-10-25',
      [
        calls({ records: 80 }),
        calls({ records: 15, connected: 15, grade: 'AF2-在忙' }),
        calls({ records: 4, connected: 4, grade: 'AS1-成功单9元', seatId: '9002', seatName: null }),
        calls({ records: 1, grade: 'AS2-成功单1元', hour: 15, seatId: '9002' }),
        calls({ records: 20, hour: 15, seatId: '9000', seatName: '总计' }),
        calls({ records: 7, dialled: 0, hour: 20, seatId: '9003' }),
      ],
      rules,
    );
    expect(day).toMatchObject({
      records: 127,
      dialled: 120,
      connected: 19,
      connectRate: 15.83,
      success: 5,
      successRate: 26.32,
      products: [
        { product: '9元', count: 4 },
        { product: '1元', count: 1 },
      ],
      seats: 2,
      peakHour: 10,
    });
    expect(day?.byHour).toHaveLength(24);
    expect(day?.byHour[15]).toEqual({ dialled: 21, connected: 0 });
    expect(day?.byHour[20]).toEqual({ dialled: 0, connected: 0 });
  });

  it('without a single record is not known', () => {
    expect(summariseDay('2025-10-25', [], rules)).toBeNull();
  });

  it('has unknown orders only where no record says anything about its label', () => {
    const silent = summariseDay('2025-10-25', [calls({ records: 9, connected: 2, grade: null })], rules);
    expect(silent).toMatchObject({ success: null, successRate: null, products: [{ count: null }, { count: null }] });
    const some = summariseDay('2025-10-25', [calls({ records: 9, grade: null }), calls({ records: 1 })], rules);
    expect(some).toMatchObject({ success: 0, products: [{ count: 0 }, { count: 0 }] });
  });

  it('has unknown seats where no record names one, and no peak where nothing was dialled', () => {
    const day = summariseDay('2025-10-25', [calls({ records: 3, dialled: 0, seatId: null, seatName: null })], rules);
    expect(day).toMatchObject({ seats: null, peakHour: null, dialled: 0, connectRate: 0 });
  });
});

describe('a month', () => {
  const label = (grade: string, day: string, records: number, connected = 0): DailyCount => ({
    day,
    records,
    dialled: records,
    connected,
    grade,
  });

  /** Seventeen working days in no calendar order, one of them a Sunday; figures grow so that each day differs. */
  const worked = [4, 5, 7, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26];
  const counts = worked.flatMap((date, index) => {
    const day = `2025-10-${String(date).padStart(2, '0')}`;
    return [
      label('', day, 1000 + 97 * index),
      label('AF2-在忙', day, 150 + 11 * index, 150 + 11 * index),
      label('AS1-成功单9元', day, 5 + index, 5 + index),
      label('AS2-成功单1元', day, index % 3, index % 3),
    ];
  });

  it('is the sum of its days, with rates as the ratio of sums and averages per working day', () => {
    const month = summariseMonth('2025-10', '2025-10-26', counts, rules);
    const n = worked.length;
    const steps = (n * (n - 1)) / 2;
    const success = 5 * n + steps + 16;
    const connected = 150 * n + 11 * steps + success;
    const dialled = 1000 * n + 97 * steps + connected;
    expect(month).toMatchObject({
      workingDays: 17,
      total: {
        dialled,
        connected,
        success,
        connectRate: Math.round((connected * 10_000) / dialled) / 100,
        successRate: Math.round((success * 10_000) / connected) / 100,
      },
      daily: {
        dialled: Math.round(dialled / 17),
        connected: Math.round(connected / 17),
        success: Math.round(success / 17),
      },
      daysWithoutSuccess: 0,
    });
    expect([dialled, connected, success]).toEqual([34_475, 4_283, 237]);
    expect(month?.daily).toEqual({ dialled: 2028, connected: 252, success: 14 });
    expect(month?.total.connectRate).toBe(12.42);
    expect(month?.total.products).toEqual([
      { product: '9元', count: 221 },
      { product: '1元', count: 16 },
    ]);
  });

  it('counts a Sunday with calls as a working day, and a Monday without a single dialled call as none', () => {
    expect(weekday('2025-10-19')).toBe(7);
    const idle = [{ ...label('', '2025-10-06', 3), dialled: 0 }, label('', '2025-10-19', 10, 2)];
    const month = summariseMonth('2025-10', '2025-10-31', idle, rules);
    expect(month).toMatchObject({ workingDays: 1, daily: { dialled: 10, connected: 2, success: 0 } });
    expect(month?.days[5]?.totals).toMatchObject({ records: 3, dialled: 0 });
  });

  it('lists every day up to the last one; a day without a record is not known', () => {
    const month = summariseMonth('2025-10', '2025-10-26', counts, rules);
    expect(month?.days.map(({ day }) => day)).toEqual(Array.from({ length: 26 }, (_, at) => addDays('2025-10-01', at)));
    expect(month?.days[0]?.totals).toBeNull();
    expect(month?.days[3]?.totals).toMatchObject({ dialled: 1155, connected: 155, success: 5, connectRate: 13.42 });
  });

  it('leaves days without labels out of the success rate and of the average of orders', () => {
    const silent: DailyCount = { ...label('', '2025-10-02', 1000, 500), grade: null };
    const month = summariseMonth('2025-10', '2025-10-31', [silent, label('9', '2025-10-01', 100, 100)], rules);
    expect(month).toMatchObject({
      daysWithoutSuccess: 1,
      workingDays: 2,
      total: { dialled: 1100, connected: 600, success: 100, successRate: 100 },
      daily: { dialled: 550, success: 100 },
    });
    expect(summariseMonth('2025-10', '2025-10-31', [silent], rules)).toMatchObject({
      total: { success: null, successRate: null },
      daily: { success: null },
    });
  });

  it('without a single record is not known', () => {
    expect(summariseMonth('2025-10', '2025-10-31', [], rules)).toBeNull();
  });
});
