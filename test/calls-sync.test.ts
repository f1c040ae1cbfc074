import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Guanke } from '../src/core/guanke.ts';
import { seededRandom } from '../src/core/seeded-random.ts';
import { addDays, type Day, daysBetween } from '../src/core/time.ts';
import { calls } from '../src/domains/calls/index.ts';
import { saveCalls } from '../src/domains/calls/store.ts';
import { type TestApp, testApp } from './app.ts';
import { type GuankeEmulator, type GuankeTrouble, planDay, startGuankeEmulator } from './emulators/guanke.ts';

const TODAY = '2025-10-26';

describe('calls from Guanke', { timeout: 60_000 }, () => {
  let test: TestApp;
  let guanke: GuankeEmulator;
  const db = () => test.app.context.db;

  const sums = async (day: Day) => {
    const tallies = await db().callTally.findMany({ where: { day } });
    const add = (of: (row: (typeof tallies)[number]) => number) => tallies.reduce((sum, row) => sum + of(row), 0);
    return {
      records: add((row) => row.records),
      dialled: add((row) => row.dialled),
      connected: add((row) => row.connected),
      nine: add((row) => (row.grade === 'AS1-成功单9元' ? row.records : 0)),
      one: add((row) => (row.grade === 'AS2-成功单1元' ? row.records : 0)),
    };
  };
  const truth = (day: Day) => {
    const { records, dialled, connected, nine, one } = guanke.truth(day);
    return { records, dialled, connected, nine, one };
  };
  const standing = async (day: Day, track = 'records') =>
    db().callDay.findUnique({ where: { day_track: { day, track } }, omit: { digests: true } });
  const runs = () => db().callSync.findMany({ orderBy: { id: 'asc' } });
  const expectTruth = async (days: readonly Day[]) => {
    for (const day of days) {
      expect(await sums(day), day).toEqual(truth(day));
      const { dialled, connected, nine, one } = truth(day);
      expect(await standing(day, 'tasks'), day).toMatchObject({ dialled, connected, success: nine + one });
    }
  };

  beforeEach(async () => {
    const clock = { now: () => test.clock.now() };
    guanke = await startGuankeEmulator({ clock });
    for (const [at, day] of daysBetween(addDays(TODAY, -12), TODAY).entries()) {
      guanke.days.set(day, planDay(day, { records: 300 + 10 * at, nine: 5 + at, one: 2, decoys: 3 }));
    }
    test = await testApp({
      at: `${TODAY}T14:20:00+08:00`,
      settings: { GUANKE_BASE_URL: guanke.url, GUANKE_USERNAME: 'fieldbell', GUANKE_PASSWORD: 'p@ss&word' },
    });
  });
  afterEach(async () => {
    await test.close();
    await guanke.close();
  });

  it('are as true as the upstream: today, three days, ten days, and again over midnight', async () => {
    await test.run('calls.tasks-today');
    await test.run('calls.records-today');
    const ten = daysBetween(addDays(TODAY, -10), TODAY);
    await expectTruth(ten);
    expect(await standing(TODAY)).toMatchObject({ kept: 'complete', pagesRead: 1, pagesExpected: 1, problem: null });
    expect(await standing(addDays(TODAY, -11))).toBeNull();
    // Every request stays within a day.
    expect(
      guanke.asked.every((one) => one === 'token' || /^(stat (1|10|20)|records) 2025-\d\d-\d\d( p\d+)?$/.test(one)),
    ).toBe(true);

    test.clock.set('2025-10-26T23:50:00+08:00');
    await test.run('calls.records-today');
    test.clock.set('2025-10-27T00:02:00+08:00');
    guanke.days.set('2025-10-27', []);
    expect((await test.run('calls.close')).counts).toMatchObject({ 'tasks.days': 1, 'records.days': 1 });
    await expectTruth([TODAY]);
    expect((await db().callCheck.findMany({ where: { day: TODAY }, orderBy: { id: 'desc' } }))[0]).toMatchObject({
      differs: false,
    });
  });

  it('take up late labels of the last three days, and write only the hours that changed', async () => {
    await test.run('calls.records-today');
    const day = addDays(TODAY, -3);
    const calls = guanke.days.get(day) ?? [];
    const late = calls.filter((call) => call.callState === 2 && !call.grade?.includes('元')).slice(0, 2);
    for (const call of late) call.grade = 'AS1-成功单9元';
    // What stands in an hour of which nothing came is not touched.
    const last = await db().callRecord.findFirst({ where: { day }, orderBy: { calledAt: 'desc' } });
    await db().callRecord.update({ where: { id: `${last?.id}` }, data: { durationS: 4_321 } });
    const run = await test.run('calls.records-t3');
    expect(run.counts).toMatchObject({ days: 3, changed: 2, added: 0, removed: 0 });
    expect(await sums(day)).toEqual(truth(day));
    expect((await test.run('calls.records-t3')).counts).toMatchObject({ changed: 0, added: 0 });
    // One that the upstream has taken back is taken back.
    calls.splice(10, 1);
    expect((await test.run('calls.records-t3')).counts).toMatchObject({ removed: 1 });
    expect(await sums(day)).toEqual(truth(day));
  });

  it('of an unchanged day are known by its pages and not looked into; whatever makes them doubtful is', async () => {
    const day = addDays(TODAY, -1);
    const reading = vi.spyOn(test.app.context.sources.guanke as Guanke, 'records');
    const unchanged = async () => {
      test.clock.advance(61_000);
      await syncDays('calls.records', day, day);
      expect(await sums(day)).toEqual(truth(day));
      expect(await standing(day)).toMatchObject({ kept: 'complete', asOf: test.clock.now() });
      return (await reading.mock.results.at(-1)?.value)?.unchanged ?? false;
    };
    expect([await unchanged(), await unchanged()]).toEqual([false, true]);
    const [first] = guanke.days.get(day) ?? [];
    Object.assign(first ?? {}, { grade: 'AS1-成功单9元' });
    expect([await unchanged(), await unchanged()]).toEqual([false, true]);
    // An import says otherwise: the upstream's word is taken again.
    const [kept] = await db().callRecord.findMany({ where: { day }, take: 1, omit: { sample: true } });
    if (kept) await saveCalls(test.app.context, [{ ...kept, grade: 'AS2-成功单1元' }], {});
    expect(await sums(day)).not.toEqual(truth(day));
    expect([await unchanged(), await unchanged()]).toEqual([false, true]);
    test.clock.advance(61_000);
    await test.say(`强制刷新外呼 ${day}`);
    expect(await reading.mock.results.at(-1)?.value).not.toHaveProperty('unchanged');
    // One that cannot be read is looked at each time.
    Object.assign(first ?? {}, { duration: -5 });
    for (const rejected of [1, 1])
      expect(await syncDays('calls.records', day, day)).toMatchObject({ counts: { rejected } });
  });

  it('never put a worse scan in the place of a better one, and tell somebody once', async () => {
    await test.run('calls.tasks-today');
    await test.run('calls.records-today');
    const day = addDays(TODAY, -1);
    const kept = guanke.days.get(day) ?? [];
    for (const fault of [[], kept.slice(0, 100)]) {
      guanke.days.set(day, fault);
      test.clock.advance(60_000);
      expect((await test.run('calls.records-t3')).counts).toMatchObject({ refused: 1 });
      expect((await test.run('calls.tasks-t3')).counts).toMatchObject({ refused: 1 });
    }
    guanke.days.set(day, kept);
    await expectTruth([day]);
    expect(await standing(day)).toMatchObject({
      kept: 'complete',
      problem: `100 after ${kept.length}: nothing was changed`,
    });
    const told = () => db().letter.findMany({ where: { to: 'channel:admins' } });
    expect(await told()).toHaveLength(2);
    await test.run('calls.records-t3');
    await test.run('calls.tasks-t3');
    expect(await standing(day)).toMatchObject({ problem: null, failedAt: null });
    expect((await told()).at(-1)?.message).toContain('外呼同步恢复');
  });

  it('are taken even where they are much less, once somebody says so; that is in the audit', async () => {
    const day = addDays(TODAY, -1);
    await syncDays('calls.records', day, day);
    await syncDays('calls.tasks', day, day);
    guanke.days.set(day, planDay(day, { records: 40, nine: 1 }));
    test.clock.advance(61_000);
    expect(await test.say(`刷新外呼 ${day}`)).toContain('nothing was changed');
    expect(await test.say(`强制刷新外呼 ${day}`)).toContain('成单 1');
    await expectTruth([day]);
    expect(await standing(day)).toMatchObject({ kept: 'complete', rowsRead: 40, problem: null });
    const [entry] = await db().audit.findMany({ where: { subject: `calls:${day}` } });
    expect(entry).toMatchObject({ action: 'calls.refresh', before: expect.stringContaining('"rowsRead":4') });
    const staff = { as: '小工' };
    await test.app.people.add({ name: '小工', role: 'staff' });
    expect((await test.ask(`强制刷新外呼 ${day}`, staff)).outcome).toBe('forbidden');
    expect(await test.say(`外呼 ${day}`, staff)).not.toContain('刷新');
  });

  it('that can never be read are counted and said; up to a few of them a day is complete all the same', async () => {
    const day = addDays(TODAY, -1);
    const calls = guanke.days.get(day) ?? [];
    const spoil = (from: number, to: number) => {
      for (const call of calls.slice(from, to)) call.duration = -5;
    };
    spoil(20, 25);
    expect(await syncDays('calls.records', day, day)).toMatchObject({
      completeness: 'complete',
      counts: { rejected: 5 },
      problems: [expect.stringContaining('5 records cannot be read')],
    });
    expect(await standing(day)).toMatchObject({
      kept: 'complete',
      rowsRead: calls.length - 5,
      rowsExpected: calls.length,
      problem: expect.stringContaining('duration'),
    });
    expect(await db().letter.count()).toBe(0);
    spoil(25, 26);
    expect(await syncDays('calls.records', day, day)).toMatchObject({ completeness: 'partial' });
    expect(await standing(day)).toMatchObject({ kept: 'complete', rowsRead: calls.length - 5 });
    expect(await db().letter.count({ where: { to: 'channel:admins' } })).toBe(1);
  });

  it('are taken over at once from a process of this machine that has died', async () => {
    const day = addDays(TODAY, -1);
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    await db().callSync.create({
      data: {
        ...{ track: 'records', window: 't3', trigger: 'job', from: day, to: day, state: 'running' },
        startedAt: test.clock.now(),
        holdsUntil: new Date(Date.now() + 3_600_000),
        runner: `${hostname()}/${pid}/0`,
      },
    });
    expect(await syncDays('calls.records', day, day)).toMatchObject({ completeness: 'complete' });
    expect((await runs()).map(({ error }) => error)).toEqual(['interrupted', null]);
  });

  it('that a run brings after it has lost its track change nothing', async () => {
    const day = addDays(TODAY, -1);
    guanke.knobs.latencyMs = 300;
    const late = syncDays('calls.records', day, day);
    while ((await runs()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await db().callSync.updateMany({ data: { holdsUntil: new Date(0) } });
    const next = syncDays('calls.records', day, day);
    await expect(late).rejects.toThrow('has lost the track');
    expect(await next).toMatchObject({ completeness: 'complete' });
    expect(await sums(day)).toEqual(truth(day));
  });

  it('of a first scan that is not whole are kept in part, with pages and rows read; what is missing comes later', async () => {
    const day = addDays(TODAY, -1);
    guanke.days.set(day, planDay(day, { records: 3_500, nine: 20 }));
    const sync = () => syncDays('calls.records', day, day);
    guanke.misbehave({ kind: 'http', status: 403 }, { page: 3 });
    await expect(sync()).rejects.toThrow('403');
    guanke.misbehave({ kind: 'http', status: 404 }, { page: 3 });
    expect(await sync()).toMatchObject({ completeness: 'partial' });
    expect(await standing(day)).toMatchObject({
      kept: 'partial',
      pagesRead: 3,
      pagesExpected: 4,
      rowsRead: 2_500,
      rowsExpected: 3_500,
    });
    expect((await sums(day)).records).toBe(2_500);
    // Another part beside it: both are kept.
    guanke.misbehave({ kind: 'http', status: 404 }, { page: 1 + 1 });
    expect(await sync()).toMatchObject({ completeness: 'partial' });
    expect(await standing(day)).toMatchObject({ kept: 'partial', rowsRead: 3_500 });
    expect(await sync()).toMatchObject({ completeness: 'complete' });
    expect(await sums(day)).toEqual(truth(day));
    expect((await runs()).map(({ state }) => state)).toEqual(['failed', 'partial', 'partial', 'complete']);
  });

  it('are synchronised by one run of a track at a time; one that died lets go', async () => {
    const day = addDays(TODAY, -1);
    await db().callSync.create({
      data: {
        track: 'records',
        window: 't3',
        trigger: 'job',
        from: day,
        to: day,
        state: 'running',
        startedAt: test.clock.now(),
        holdsUntil: new Date(Date.now() + 700),
        runner: 'killed/1/0',
      },
    });
    guanke.knobs.latencyMs = 20;
    await Promise.all([
      syncDays('calls.records', day, day),
      test.run('feeds.sync', { feed: 'calls.records', from: day, to: day }),
      test.run('calls.close'),
    ]);
    const all = (await runs()).filter(({ track }) => track === 'records');
    expect(all.map(({ state, error }) => [state, error])).toEqual([
      ['failed', 'interrupted'],
      ['complete', null],
      ['complete', null],
      ['complete', null],
    ]);
    // None began before the one before it had ended.
    const ids = await db().callSync.findMany({ where: { track: 'records' }, orderBy: { id: 'asc' } });
    expect(ids.map(({ window }) => window)).toContain('close');
    const pages = guanke.asked.filter((one) => one.startsWith('records'));
    expect(new Set(pages).size).toBeLessThan(pages.length);
    expect(guanke.busiest).toBeLessThanOrEqual(4);
    const { feeds } = (await test.ask({ command: 'feeds.calendar', args: { from: day, to: TODAY } })).message.data as {
      feeds: { feed: string; days: object[] }[];
    };
    for (const feed of ['calls.records', 'calls.tasks'])
      expect(feeds.find((one) => one.feed === feed)?.days).toMatchObject([{ day, state: 'complete' }]);
    await expectTruth([day]);
  });

  it('survive a token that is revoked in the middle, and throttling', async () => {
    guanke.knobs.callsPerToken = 7;
    guanke.misbehave({ kind: 'http', status: 429, headers: { 'retry-after': '0' } }, { times: 2 });
    const days = daysBetween(addDays(TODAY, -5), addDays(TODAY, -1));
    expect(await syncDays('calls.records', days[0] as Day, days[4] as Day)).toMatchObject({
      completeness: 'complete',
      counts: { days: 5, retries: 2 },
    });
    await syncDays('calls.tasks', days[0] as Day, days[4] as Day);
    await expectTruth(days);
    expect((await runs())[0]).toMatchObject({
      state: 'complete',
      retries: 2,
      trigger: 'hand',
      from: days[0],
      to: days[4],
    });
  });

  it('that were missed while nothing ran are made good, also over the end of a month', async () => {
    await test.run('calls.tasks-today');
    await test.run('calls.records-today');
    const missed = daysBetween('2025-10-27', '2025-11-12');
    for (const day of missed) guanke.days.set(day, planDay(day, { records: 200, nine: 3, one: 1 }));
    test.clock.set('2025-11-13T07:00:00+08:00');
    await test.run('calls.tasks-t10');
    await test.run('calls.records-t10');
    await expectTruth([TODAY, ...missed]);
  });

  it('say where the tracks differ, keep the history of it, and tell where they are far apart', async () => {
    const day = addDays(TODAY, -1);
    guanke.knobs.accountSuccess = (_, labelled) => labelled + 1;
    await syncDays('calls.tasks', day, day);
    await syncDays('calls.records', day, day);
    const checks = () => db().callCheck.findMany({ where: { day }, orderBy: { id: 'asc' } });
    const { nine, one } = truth(day);
    expect(await checks()).toMatchObject([{ accountSuccess: nine + one + 1, gradeSuccess: nine + one, differs: true }]);
    const told = () => db().letter.count({ where: { message: { contains: '外呼数据偏差' } } });
    expect(await told()).toBe(0);
    guanke.knobs.accountSuccess = (_, labelled) => labelled + 20;
    await syncDays('calls.tasks', day, day);
    await syncDays('calls.tasks', day, day);
    expect(await checks()).toHaveLength(2);
    expect(await told()).toBe(1);
  });

  it('are forgotten one by one after 30 days, and their sums stay', async () => {
    const day = addDays(TODAY, -9);
    await syncDays('calls.records', day, day);
    const before = await sums(day);
    test.clock.set('2025-11-20T03:30:00+08:00');
    expect((await test.run('calls.forget')).counts).toMatchObject({ days: 1, records: before.records });
    expect(await sums(day)).toEqual(before);
    guanke.misbehave({ kind: 'truncated' }, { times: 5 });
    await expect(syncDays('calls.records', day, day)).rejects.toThrow('cut');
    expect(await sums(day)).toEqual(before);
    const call = guanke.days.get(day)?.find((one) => one.callState === 2 && !one.grade);
    if (call) call.grade = 'AS2-成功单1元';
    await syncDays('calls.records', day, day);
    expect(await sums(day)).toEqual({ ...before, one: before.one + 1 });
    expect(await db().callRecord.count({ where: { day } })).toBe(before.records);
  });

  it('are as true where the upstream writes numbers as text and leaves out what it may', async () => {
    guanke.knobs.variant = true;
    await syncDays('calls.tasks', addDays(TODAY, -2), TODAY);
    await syncDays('calls.records', addDays(TODAY, -2), TODAY);
    await expectTruth(daysBetween(addDays(TODAY, -2), TODAY));
    expect(await db().callSync.count({ where: { state: 'complete' } })).toBe(2);
  });

  it('of a day that grows faster than it is read are complete as of the beginning; the next run has the rest', async () => {
    guanke.days.set(TODAY, planDay(TODAY, { records: 4_000, nine: 9, lastHour: 13 }));
    const more = planDay(TODAY, { records: 400, one: 3, lastHour: 13, seed: 2 });
    guanke.knobs.growth = () => more.pop() ?? null;
    const { records } = truth(TODAY);
    expect(await syncDays('calls.records', TODAY, TODAY)).toMatchObject({ completeness: 'complete' });
    expect((await sums(TODAY)).records).toBeGreaterThanOrEqual(records);
    guanke.knobs.growth = null;
    await syncDays('calls.records', TODAY, TODAY);
    expect(await sums(TODAY)).toEqual(truth(TODAY));
  });

  it('of half a statistic are not taken for a day without calls, nor are days to come', async () => {
    const day = addDays(TODAY, -1);
    guanke.misbehave({ kind: 'half' }, { on: 'stat' });
    const [first] = await Promise.allSettled([syncDays('calls.tasks', day, day)]);
    const figures = await standing(day, 'tasks');
    if (first?.status === 'fulfilled') expect(figures).toMatchObject({ kept: 'partial', dialled: truth(day).dialled });
    else expect(figures).toMatchObject({ kept: 'missing', dialled: null });
    guanke.misbehave({ kind: 'half' }, { on: 'stat', times: 2 });
    await syncDays('calls.tasks', day, day).catch(() => {});
    await syncDays('calls.tasks', day, day);
    const { dialled, connected, nine, one } = truth(day);
    expect(await standing(day, 'tasks')).toMatchObject({ kept: 'complete', dialled, connected, success: nine + one });
    await expect(syncDays('calls.records', TODAY, addDays(TODAY, 1))).rejects.toThrow('future');
  });

  it.each([1])(
    'are the truth whenever they are called complete, whatever happens meanwhile (history %i)',
    async (seed) => {
      const random = seededRandom(`calls/${seed}`);
      const one = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)] as T;
      const troubles: GuankeTrouble[] = [
        { kind: 'http', status: 503 },
        { kind: 'http', status: 404 },
        { kind: 'http', status: 429, headers: { 'retry-after': '0' } },
        { kind: 'code', code: 1_000_002 },
        { kind: 'truncated' },
        { kind: 'half' },
        { kind: 'reset' },
      ];
      const days = daysBetween('2025-10-29', '2025-11-02');
      for (const day of days) guanke.days.set(day, planDay(day, { records: 600, nine: 12, one: 3, decoys: 2, seed }));
      guanke.knobs.oneToken = true;
      test.clock.set('2025-10-31T09:00:00+08:00');
      const seen = new Set<string>();
      for (let step = 0; step < 8; step++) {
        test.clock.advance((2 + Math.floor(random() * 150)) * 60_000);
        const calls = guanke.days.get(one(days)) ?? [];
        const event = random();
        if (event < 0.3) one(calls).grade = one(['AS1-成功单9元', 'AS2-成功单1元', '成功单19元', null]);
        else if (event < 0.45) calls.splice(Math.floor(random() * calls.length), 3);
        else if (event < 0.6) guanke.revokeTokens(one([1_000_001, 1_000_002] as const));
        else if (event < 0.9)
          guanke.misbehave(one(troubles), {
            times: 1 + Math.floor(random() * 6),
            on: one(['records', 'stat'] as const),
          });
        guanke.knobs.repeatedRows = random() < 0.2 ? 4 : 0;
        guanke.knobs.newestFirst = random() < 0.7;
        const run = await test.run(
          one(['calls.records-today', 'calls.records-t3', 'calls.tasks-today', 'calls.tasks-t3', 'calls.close']),
        );
        const now = test.clock.now();
        for (const row of await db().callDay.findMany({ where: { asOf: now, kept: 'complete' } })) {
          if (row.failedAt) continue;
          const { dialled, connected, nine, one: ones } = truth(row.day);
          const at = `${seed}/${step} ${run.counts ? Object.entries(run.counts) : run.error} ${row.day}`;
          if (row.track === 'records') expect(await sums(row.day), at).toEqual(truth(row.day));
          else expect(row, at).toMatchObject({ dialled, connected, success: nine + ones });
          seen.add(row.track);
        }
      }
      expect([...seen].sort()).toEqual(['records', 'tasks']);
      guanke.calm();
      test.clock.set('2025-11-04T07:05:00+08:00');
      await test.run('calls.tasks-t10');
      expect((await test.run('calls.records-t10')).state).toBe('done');
      await expectTruth(days);
    },
  );

  function syncDays(feed: string, from: Day, to: Day) {
    const sync = calls.syncs?.find((one) => one.feed === feed);
    if (!sync) throw new Error(feed);
    return sync.run(test.app.context, { days: { from, to }, trigger: 'hand' });
  }
});
