import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import type { Context } from '../../core/context.ts';
import { RowError } from '../../core/errors.ts';
import { fixedClock } from '../../core/time.ts';
import { fileSource } from '../../sources/files.ts';
import { callsFeed, readCall } from './feed.ts';
import type { CallRow } from './model.ts';
import { callsState, hourlyCounts, saveCalls } from './store.ts';

const clock = fixedClock('Asia/Shanghai', new Date('2025-10-25T18:00:00+08:00'));

describe('a call record', () => {
  const read = (values: Record<string, unknown>) => readCall({ line: 2, values }, { clock });
  const least = { id: '3781366465270000001', callTime: 1_761_357_600, isCall: 1 };

  it.each([
    [1_761_357_600, '2025-10-25T02:00:00.000Z'],
    ['1761357600', '2025-10-25T02:00:00.000Z'],
    ['1761357600000', '2025-10-25T02:00:00.000Z'],
    ['2025-10-25 10:00:00', '2025-10-25T02:00:00.000Z'],
    ['2025/10/25 9:05', '2025-10-25T01:05:00.000Z'],
    ['2025-10-25T02:00:00Z', '2025-10-25T02:00:00.000Z'],
    ['2025-10-25T02:00:00.500+0100', '2025-10-25T01:00:00.000Z'],
  ])('is dated by callTime %j', (callTime, instant) => {
    expect(read({ ...least, callTime }).calledAt.toISOString()).toBe(instant);
  });

  it('belongs to a day and an hour of the house', () => {
    expect(read({ ...least, callTime: '2025-10-24T16:30:00Z' })).toMatchObject({ day: '2025-10-25', hour: 0 });
  });

  it.each([
    [{ isCall: 1, callState: 2 }, true, true],
    [{ isCall: '1', callState: '1' }, true, false],
    [{ isCall: 0, callState: 0 }, false, false],
    [{ isCall: undefined, callState: 1 }, true, false],
    [{ isCall: '', callState: 0 }, false, false],
    [{ isCall: true, hangupReason: 'NORMAL_CLEARING', duration: 3 }, true, true],
    [{ isCall: 1, hangupReason: 'NORMAL_CLEARING', duration: 0 }, true, false],
    [{ isCall: 1, hangupReason: 'NO_ANSWER', duration: 3 }, true, false],
    [{ isCall: 1, callState: 1, hangupReason: 'NORMAL_CLEARING', duration: 3 }, true, false],
  ])('with %j is dialled: %s, connected: %s', (values, dialled, connected) => {
    expect(read({ ...least, ...values })).toMatchObject({ dialled, connected });
  });

  it('tells an empty label from none at all', () => {
    expect(read({ ...least, grade: null }).grade).toBe('');
    expect(read({ ...least, GRADE: ' AF2-在忙 ' }).grade).toBe('AF2-在忙');
    expect(read(least).grade).toBeNull();
  });

  it('does not mind what is in columns that nobody reads', () => {
    expect(read({ ...least, ext: { node: 1 }, companyId: Number('3781366465270000686') }).id).toBe(least.id);
  });

  it('keeps no phone number', () => {
    const row = read({ ...least, phone: '13800138000', realPhone: '13800138000', params: '13800138000' });
    expect(JSON.stringify(row)).not.toContain('13800138000');
  });

  it.each([
    [{ id: '' }, /id is missing/],
    [{ id: Number('3781366465270000686') }, /id lost digits/],
    [{ id: '3.78137E+18' }, /lost its digits in a spreadsheet/],
    [{ id: { a: 1 } }, /id is no plain value/],
    [{ callTime: 0 }, /callTime is missing/],
    [{ callTime: 'soon' }, /callTime is "soon", not a time/],
    [{ callTime: '2025-02-30 10:00:00' }, /not a time/],
    [{ callTime: '2025-10-25 24:00:00' }, /not a time/],
    [{ callTime: '1999-12-31 10:00:00' }, /before the year 2000/],
    [{ callTime: '2025-10-25 18:11:00' }, /in the future/],
    [{ duration: -5 }, /duration is "-5"/],
    [{ duration: 'long' }, /duration is "long"/],
    [{ isCall: 3 }, /isCall is "3", not one of 0, 1, false, true/],
    [{ callState: 'up' }, /callState is "up"/],
    [{ isCall: '' }, /neither isCall nor callState/],
  ])('with %j is refused with the reason', (values, reason) => {
    expect(() => read({ ...least, ...values })).toThrow(RowError);
    expect(() => read({ ...least, ...values })).toThrow(reason);
  });
});

describe('an import', () => {
  let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
  let context: Context;
  beforeEach(async () => {
    scratch = await scratchDatabase();
    context = { db: scratch.db, clock } as Context;
  });
  afterEach(() => scratch.remove());

  /** Takes a file as the importer does: the first row of an id wins, bad rows are told by their line. */
  async function take(file: string) {
    const saved = { added: 0, changed: 0, unchanged: 0 };
    const rejected = new Map<number, string>();
    const seen = new Set<string>();
    const source = fileSource(`test/fixtures/calls/${file}`);
    for await (const page of source.snapshot(AbortSignal.timeout(10_000))) {
      for (const { line, reason } of page.bad ?? []) rejected.set(line, reason);
      const rows = page.rows.flatMap((raw) => {
        try {
          const row = callsFeed.read(raw, context) as CallRow;
          if (seen.has(callsFeed.key(row))) return [];
          seen.add(callsFeed.key(row));
          return row;
        } catch (error) {
          if (!(error instanceof RowError)) throw error;
          rejected.set(raw.line, error.message);
          return [];
        }
      });
      const page1 = await callsFeed.save(context, rows, { source: source.name });
      for (const key of ['added', 'changed', 'unchanged'] as const) saved[key] += page1[key];
    }
    return { saved, rejected };
  }

  it('of JSON lines takes the good rows, tells the bad ones, and keeps 19 digits', async () => {
    const { saved, rejected } = await take('records.jsonl');
    expect(saved).toEqual({ added: 12, changed: 0, unchanged: 0 });
    expect([...rejected.keys()].sort((a, b) => a - b)).toEqual([14, 15, 16, 17, 18, 19, 20, 21]);
    const ids = (await context.db.callRecord.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
    expect(ids).toContain('3781366465270000686');
    expect(ids).toContain('3781366465270000592');
    expect(await context.db.callRecord.findUnique({ where: { id: '3781366465270000686' } })).toEqual({
      id: '3781366465270000686',
      day: '2025-10-25',
      hour: 10,
      calledAt: new Date('2025-10-25T10:00:00+08:00'),
      taskId: '3790001',
      taskName: '甲地-1025-高中-5000-O2-A-L9-1025',
      seatId: '9001',
      seatName: '坐席A01',
      line: '线路9',
      durationS: 87,
      dialled: true,
      connected: true,
      grade: 'AS1-成功单9元',
      sample: false,
    });
  });

  it('of CSV takes headings in any spelling and wall times', async () => {
    const { saved, rejected } = await take('records.csv');
    expect(saved).toEqual({ added: 3, changed: 0, unchanged: 0 });
    expect([...rejected.keys()]).toEqual([5, 6, 7, 8]);
    expect(await context.db.callRecord.findUnique({ where: { id: '3781366465280000002' } })).toMatchObject({
      day: '2025-10-24',
      hour: 9,
      taskId: '3790002',
      taskName: '甲地-1024-初中-10000-O1-A-L3-1024',
      line: '线路9, 备用',
      durationS: 61,
      connected: true,
      grade: null,
    });
  });

  it('twice changes nothing', async () => {
    await take('records.jsonl');
    const before = await context.db.callRecord.findMany();
    const state = await context.db.feedState.findMany();
    expect((await take('records.jsonl')).saved).toEqual({ added: 0, changed: 0, unchanged: 12 });
    expect(await context.db.callRecord.findMany()).toEqual(before);
    expect(await context.db.feedState.findMany()).toEqual(state);
  });

  it('says how old the calls are: the newest call and its file, whatever is imported later', async () => {
    expect(await callsState(context.db)).toBeNull();
    await take('records.csv');
    expect(await callsState(context.db)).toMatchObject({
      asOf: new Date('2025-10-24T09:31:00+08:00'),
      source: 'records.csv',
      completeness: 'unknown',
      sample: false,
    });
    await take('records.jsonl');
    await take('records.csv');
    expect(await callsState(context.db)).toMatchObject({
      asOf: new Date('2025-10-25T14:59:59+08:00'),
      source: 'records.jsonl',
    });
    expect(await context.db.feedState.findUnique({ where: { feed: callsFeed.name } })).toMatchObject({ rows: 15 });
  });

  it('counts the hours anew that a correction touches, the one that a call leaves too', async () => {
    const call = (values: Record<string, unknown>) =>
      readCall(
        {
          line: 1,
          values: {
            id: '1',
            callTime: '2025-10-25 09:59:59',
            isCall: 1,
            callState: 2,
            userId: 9001,
            grade: '',
            ...values,
          },
        },
        context,
      );
    const save = (...rows: CallRow[]) => saveCalls(context, rows, {});
    await save(call({}), call({ id: '2' }));
    await save(call({ callTime: '2025-10-25 10:00:00', grade: '9' }));
    const counts = await hourlyCounts(context.db, '2025-10-25', false);
    expect(counts.sort((a, b) => a.hour - b.hour)).toEqual([
      { hour: 9, seatId: '9001', seatName: null, grade: '', records: 1, dialled: 1, connected: 1 },
      { hour: 10, seatId: '9001', seatName: null, grade: '9', records: 1, dialled: 1, connected: 1 },
    ]);
  });

  it('takes a later label as a correction, and lets silence undo nothing', async () => {
    const labelled = readCall(
      {
        line: 1,
        values: { id: '1', callTime: 1_761_357_600, isCall: 1, userId: 9001, userName: '坐席A01', grade: 'AF2-在忙' },
      },
      { clock },
    );
    const save = (row: CallRow) => saveCalls(context, [row], {});
    expect(await save(labelled)).toMatchObject({ added: 1 });
    expect(await save({ ...labelled, grade: 'AS1-成功单9元' })).toMatchObject({ changed: 1 });
    expect(await save({ ...labelled, grade: null, seatName: null, taskName: null })).toMatchObject({ unchanged: 1 });
    expect(await context.db.callRecord.findUnique({ where: { id: '1' } })).toMatchObject({
      grade: 'AS1-成功单9元',
      seatName: '坐席A01',
    });
  });
});
