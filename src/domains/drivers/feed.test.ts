import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import type { Context } from '../../core/context.ts';
import { RowError } from '../../core/errors.ts';
import { feed } from '../../core/source.ts';
import { fixedClock } from '../../core/time.ts';
import { sync } from '../../runtime/sync.ts';
import { fileSource } from '../../sources/files.ts';
import { deliveriesFeed } from './feed.ts';
import { DeliveryRow } from './model.ts';

const clock = fixedClock('Asia/Shanghai', new Date('2026-11-20T14:20:00+08:00'));
let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let context: Context;

beforeEach(async () => {
  scratch = await scratchDatabase();
  context = { db: scratch.db, clock, signal: AbortSignal.timeout(20_000) } as Context;
});
afterEach(() => scratch.remove());

const importFile = (name: string) =>
  sync(context, feed(deliveriesFeed), fileSource(`test/fixtures/deliveries/${name}`));
const delivery = (id: string) => scratch.db.delivery.findUniqueOrThrow({ where: { id } });
const at = (text: string) => new Date(`${text}+08:00`);

describe('a dirty file', () => {
  it('is accounted for row by row, with the lines of the file', async () => {
    const result = await importFile('dirty.csv');
    expect(result).toMatchObject({ read: 20, added: 12, changed: 0, unchanged: 0, repeated: 1 });
    expect(result.rejected.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      '12: 缺少订单编号 (the id is missing, column ID)',
      '13: 缺少司机编号 (the driver id is missing, column Delivery_person_ID)',
      '14: 缺少下单日期 (the order date is missing, column Order_Date)',
      '15: 下单日期看不懂：31-02-2022 (the order date is not day-month-year or year-month-day)',
      '16: 下单日期看不懂：03-25-2022 (the order date is not day-month-year or year-month-day)',
      '18: 订单编号 1.23E+15 被表格软件改成了近似数，请把这一列存成文本 (the id lost its digits in a spreadsheet)',
      expect.stringMatching(/^20: /),
    ]);
    expect(result.added + result.repeated + result.rejected.length).toBe(result.read);
  });

  it('changes nothing when it comes again', async () => {
    await importFile('dirty.csv');
    const before = [
      await scratch.db.delivery.findMany(),
      await scratch.db.driver.findMany(),
      await scratch.db.feedState.findMany(),
    ];
    expect(await importFile('dirty.csv')).toMatchObject({ added: 0, changed: 0, unchanged: 12, repeated: 1 });
    const after = [
      await scratch.db.delivery.findMany(),
      await scratch.db.driver.findMany(),
      await scratch.db.feedState.findMany(),
    ];
    expect(after).toEqual(before);
  });

  it('makes drivers that are not known', async () => {
    await importFile('dirty.csv');
    expect(await scratch.db.driver.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
      { id: 'SUZRES01DEL01', name: 'SUZRES01DEL01', dsp: null, sample: false },
      { id: 'SUZRES02DEL01', name: 'SUZRES02DEL01', dsp: null, sample: false },
    ]);
  });

  it('leaves unknown what it does not say, and keeps the other columns', async () => {
    await importFile('dirty.csv');
    expect(await delivery('0x0a01')).toMatchObject({
      orderDay: '2022-03-25',
      orderedAt: at('2022-03-25T20:30:00'),
      status: 'unknown',
      onTime: null,
      storeLat: 31.298886,
      customerLng: 120.605316,
    });
    expect(await delivery('0x0a02')).toMatchObject({ orderedAt: null, pickedUpAt: at('2022-03-25T15:05:00') });
    expect(JSON.parse((await delivery('0x0a02')).facts)).toEqual({
      Festival: 'No',
      Type_of_order: 'Drinks',
      Type_of_vehicle: 'electric_scooter',
      Vehicle_condition: '3',
    });
    expect(await delivery('0x0a0f')).toMatchObject({
      orderedAt: null,
      pickedUpAt: null,
      storeLat: null,
      customerLng: null,
    });
  });

  it('knows no place at zero, below zero or in the sea', async () => {
    await importFile('dirty.csv');
    expect(await delivery('0x0a03')).toMatchObject({
      storeLat: null,
      storeLng: null,
      customerLat: null,
      customerLng: null,
    });
    expect(await delivery('0x0a04')).toMatchObject({ storeLat: null, storeLng: null, customerLat: 31.412872 });
  });

  it('reaches to the newest order of its newest day', async () => {
    await importFile('dirty.csv');
    expect(await scratch.db.feedState.findMany()).toEqual([
      {
        feed: 'drivers.deliveries',
        asOf: at('2022-03-31T08:10:00'),
        source: expect.any(String),
        completeness: 'unknown',
        note: null,
        rows: 12,
      },
    ]);
  });
});

describe('a file with plain names', () => {
  it('tells of drivers, DSPs, outcomes and instants', async () => {
    expect(await importFile('plain.csv')).toMatchObject({ read: 6, added: 6, rejected: [] });
    expect(await scratch.db.driver.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
      { id: 'D-1', name: '王小虎', dsp: 'DSP-X' },
      { id: 'D-2', name: '李小龙', dsp: 'DSP-X' },
      { id: 'D-3', name: '张小凡', dsp: null },
    ]);
    expect(await delivery('P-1')).toMatchObject({
      orderedAt: at('2026-11-18T09:00:00'),
      pickedUpAt: at('2026-11-18T09:10:00'),
      deliveredAt: at('2026-11-18T09:40:00'),
      status: 'delivered',
      onTime: true,
      facts: '{"note":"first"}',
    });
    expect(await delivery('P-2')).toMatchObject({ status: 'delivered', onTime: false, facts: '{}' });
    expect(await delivery('P-3')).toMatchObject({ status: 'failed', onTime: null });
    expect(await delivery('P-5')).toMatchObject({ orderDay: '2026-11-21', status: 'open' });
    expect(await delivery('P-6')).toMatchObject({ status: 'unknown', deliveredAt: null });
  });

  it('does not make data older, nor reach beyond now', async () => {
    await importFile('plain.csv');
    await importFile('dirty.csv');
    const state = await scratch.db.feedState.findUniqueOrThrow({ where: { feed: 'drivers.deliveries' } });
    expect(state).toMatchObject({ asOf: clock.now(), rows: 18 });
  });

  it('names drivers that were known by their id, and takes the place of invented ones', async () => {
    await scratch.db.driver.createMany({
      data: [
        { id: 'D-1', name: 'D-1' },
        { id: 'D-3', name: '示例', dsp: 'DSP-A', sample: true },
      ],
    });
    await importFile('plain.csv');
    expect(
      await scratch.db.driver.findMany({ where: { id: { in: ['D-1', 'D-3'] } }, orderBy: { id: 'asc' } }),
    ).toMatchObject([
      { id: 'D-1', name: '王小虎', dsp: 'DSP-X', sample: false },
      { id: 'D-3', name: '张小凡', dsp: null, sample: false },
    ]);
  });
});

describe('a row', () => {
  const read = (values: Record<string, unknown>) => deliveriesFeed.read({ line: 2, values }, context);
  const least = { id: 'P-1', driver_id: 'D-1', order_date: '2026-11-18' };

  it('fits the schema', () => {
    expect(DeliveryRow.parse(read(least))).toEqual(read(least));
  });

  it.each(['Time_Orderd', 'Time_Ordered', 'time ordered', ' TIME-ORDERED ', 'ordered_at'])(
    'takes %s for the order time',
    (name) => {
      expect(read({ ...least, [name]: '14:20' }).orderedAt).toEqual(at('2026-11-18T14:20:00'));
    },
  );

  it('keeps a name that only looks like not a number', () => {
    expect(read({ ...least, driver_name: 'Zhang Nan' }).driverName).toBe('Zhang Nan');
  });

  it('takes typed values, too', () => {
    const orderedAt = new Date('2026-11-18T17:00:00Z');
    expect(
      read({ ...least, order_date: orderedAt, ordered_at: orderedAt, driver_id: 1023, on_time: true, note: null }),
    ).toMatchObject({
      orderDay: '2026-11-19',
      orderedAt,
      driverId: '1023',
      onTime: true,
      facts: '{}',
    });
  });

  it('is of the day of its delivery where nobody knows when it was ordered', () => {
    const delivered = { id: 'P-1', driver_id: 'D-1', ordered_at: null, delivered_at: '2026-11-19 14:20:00' };
    expect(read(delivered)).toMatchObject({ orderDay: '2026-11-19', orderedAt: null, status: 'delivered' });
  });

  it('is refused without a date, or with one that is yet to come', () => {
    expect(() => read({ id: 'P-1', driver_id: 'D-1', ordered_at: '14:20' })).toThrow(RowError);
    expect(() => read({ ...least, order_date: '2202-11-18' })).toThrow('下单日期还没到：2202-11-18');
    expect(read({ ...least, order_date: '2026-11-21' }).orderDay).toBe('2026-11-21');
  });
});
