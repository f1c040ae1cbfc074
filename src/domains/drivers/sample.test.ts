import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import type { Context } from '../../core/context.ts';
import { openTemplates } from '../../render/template.ts';
import { createAnswerer } from '../../runtime/dispatch/answer.ts';
import { deliveriesFeed } from './feed.ts';
import { drivers } from './index.ts';
import { sample } from './sample.ts';
import { SAMPLE_DRIVERS } from './sample-drivers.ts';

let now = '';
let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let context: Context;

beforeEach(async () => {
  now = '2026-11-20T14:20:00+08:00';
  scratch = await scratchDatabase();
  context = {
    db: scratch.db,
    clock: { zone: 'Asia/Shanghai', now: () => new Date(now) },
    log: pino({ level: 'silent' }),
    words: openTemplates('templates'),
  } as unknown as Context;
});
afterEach(() => scratch.remove());

const all = () => scratch.db.delivery.findMany({ orderBy: { id: 'asc' } });

async function titleOf(text: string): Promise<string> {
  const lead = { personId: 'p', name: '', role: 'lead', lang: 'zh', subjects: [], from: null } as const;
  const { message } = await createAnswerer(drivers.commands, context)({ asker: lead, text });
  return message.title ?? '';
}

describe('the sample', () => {
  it('has 45 days up to now, all of it marked', async () => {
    await sample.fill(context);
    const rows = await all();
    expect(rows.every((row) => row.sample && (row.deliveredAt ?? row.orderedAt ?? 0) <= context.clock.now())).toBe(
      true,
    );
    expect(rows.every((row) => (row.status === 'open') === (row.deliveredAt === null))).toBe(true);
    const days = [...new Set(rows.map(({ orderDay }) => orderDay))].sort();
    expect([days.length, days[0], days.at(-1)]).toEqual([45, '2026-10-07', '2026-11-20']);
    expect(new Set(rows.map(({ driverId }) => driverId)).size).toBe(SAMPLE_DRIVERS.length);
    expect(await scratch.db.driver.count({ where: { name: '张三', sample: true } })).toBe(2);
    expect(await scratch.db.feedState.findMany()).toMatchObject([
      { feed: 'drivers.deliveries/sample', asOf: context.clock.now(), completeness: 'complete', rows: rows.length },
    ]);
  });

  it('is believable: two rushes, a night, some late and some failed', async () => {
    await sample.fill(context);
    const rows = await all();
    const share = (is: (row: (typeof rows)[number]) => boolean) => rows.filter(is).length / rows.length;
    const hour = (row: (typeof rows)[number]) => ((row.orderedAt?.getUTCHours() ?? 0) + 8) % 24;
    expect(share((row) => hour(row) < 8)).toBe(0);
    expect(share((row) => hour(row) === 12)).toBeGreaterThan(2 * share((row) => hour(row) === 15));
    expect(share((row) => row.status === 'failed')).toBeCloseTo(0.03, 1);
    expect(share((row) => row.onTime === true)).toBeGreaterThan(0.8);
    expect(rows.every((row) => row.orderedAt && (!row.pickedUpAt || row.orderedAt < row.pickedUpAt))).toBe(true);
  });

  it('has one who rises, one who falls and one with a day off', async () => {
    await sample.fill(context);
    expect(await titleOf('司机 D-1023 近7天趋势')).toMatch(/^王师傅（D-1023）近7天 \d+ 单，.*趋势上升/);
    expect(await titleOf('司机 李伟 近30天趋势')).toMatch(/趋势下降/);
    const off = await scratch.db.delivery.count({ where: { driverId: 'D-1088', orderDay: '2026-11-17' } });
    expect(off).toBe(0);
  });

  it('has orders under way, one driver who is silent, and one order without a result at any hour', async () => {
    await sample.fill(context);
    const open = await scratch.db.delivery.groupBy({ by: ['driverId'], where: { status: 'open' }, _count: true });
    expect(open.length).toBeGreaterThan(4);
    const silent = await scratch.db.driverScan.findUniqueOrThrow({ where: { driverId: 'D-3020' } });
    expect(context.clock.now().getTime() - silent.at.getTime()).toBeGreaterThan(45 * 60_000);
    now = '2026-11-21T03:00:00+08:00';
    await sample.fill(context);
    expect(await scratch.db.delivery.findMany({ where: { status: 'open' } })).toMatchObject([{ driverId: 'D-2063' }]);
  });

  it('has pictures of the last days, with who, when and where', async () => {
    await sample.fill(context);
    const pictures = await scratch.db.podPicture.findMany();
    expect(
      pictures.every(({ sample: invented, takenAt, takenBy, place }) => invented && takenAt && takenBy && place),
    ).toBe(true);
    expect(new Set(pictures.map(({ orderId }) => orderId)).size).toBeGreaterThan(500);
    await sample.remove(context);
    expect([await scratch.db.podPicture.count(), await scratch.db.driverScan.count()]).toEqual([0, 0]);
  });

  it('filled again only adds what has changed since', async () => {
    await sample.fill(context);
    const before = await all();
    await sample.fill(context);
    expect(await all()).toEqual(before);

    now = '2026-11-22T01:30:00+08:00';
    await sample.fill(context);
    const after = await all();
    expect(after.length).toBeGreaterThan(before.length);
    const ended = before.filter(({ status }) => status !== 'open');
    const kept = new Map(after.map((row) => [row.id, row]));
    expect(ended.map(({ id }) => kept.get(id))).toEqual(ended);
    expect(before.every(({ id }) => kept.has(id))).toBe(true);
    const { asOf, rows } = await scratch.db.feedState.findUniqueOrThrow({
      where: { feed: 'drivers.deliveries/sample' },
    });
    expect([asOf, rows]).toEqual([new Date(now), after.length]);
  });

  it('is the same whether filled by the hour or at once', async () => {
    const filledAt = async (...times: string[]) => {
      const other = await scratchDatabase();
      for (now of times) await sample.fill({ ...context, db: other.db });
      const rows = await other.db.delivery.findMany({
        where: { orderDay: { gt: '2026-11-18' } },
        orderBy: { id: 'asc' },
      });
      await other.remove();
      return rows;
    };
    const [first, last] = ['2026-11-20T09:00:00+08:00', '2026-11-21T12:00:00+08:00'];
    const byTheHour = await filledAt(first, '2026-11-20T13:30:00+08:00', '2026-11-21T00:10:00+08:00', last);
    expect(byTheHour).toEqual(await filledAt(first, last));
  });

  it('goes without a trace and leaves what is real', async () => {
    const real = { line: 2, values: { id: 'P-1', driver_id: 'D-1023', order_date: '2026-11-20' } };
    await sample.fill(context);
    await deliveriesFeed.save(context, [deliveriesFeed.read(real, context)], {});
    now = '2026-11-20T18:00:00+08:00';
    await sample.fill(context);
    expect(await titleOf('司机 D-1023 近7天趋势')).toBe('D-1023 近7天 1 单');

    await sample.remove(context);
    expect((await all()).map(({ id }) => id)).toEqual(['P-1']);
    expect(await scratch.db.driver.findMany()).toMatchObject([
      { id: 'D-1023', name: 'D-1023', dsp: null, sample: false },
    ]);
    expect((await scratch.db.feedState.findMany()).map(({ feed }) => feed)).toEqual(['drivers.deliveries']);
  });
});
