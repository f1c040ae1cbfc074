import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../src/core/message.ts';
import { daysBetween } from '../src/core/time.ts';
import { calls } from '../src/domains/calls/index.ts';
import { type TestApp, testApp } from './app.ts';
import { type GuankeEmulator, planDay, startGuankeEmulator } from './emulators/guanke.ts';

const TODAY = '2025-10-26';
const YESTERDAY = '2025-10-25';

describe('answers about calls from Guanke', { timeout: 60_000 }, () => {
  let test: TestApp;
  let guanke: GuankeEmulator;
  const grouped = (count: number) => count.toLocaleString('en-US');
  const sync = (feed: string, from: string, to = from) =>
    calls.syncs?.find((one) => one.feed === feed)?.run(test.app.context, { days: { from, to }, trigger: 'hand' });

  beforeAll(async () => {
    guanke = await startGuankeEmulator({ clock: { now: () => test.clock.now() } });
    for (const [at, day] of daysBetween('2025-10-23', TODAY).entries())
      guanke.days.set(day, planDay(day, { records: 1_200 + 100 * at, nine: 9 + at, one: 2, decoys: 3, seats: 6 }));
    test = await testApp({
      at: `${TODAY}T14:20:00+08:00`,
      settings: {
        GUANKE_BASE_URL: guanke.url,
        GUANKE_SECRET: 'console-secret',
        FIELDBELL_API_TOKENS: 'erp:token-of-staff-1,boss:token-of-lead-1:lead',
      },
    });
    for (const feed of ['calls.tasks', 'calls.records']) await sync(feed, '2025-10-23', TODAY);
  });
  beforeEach(() => {
    guanke.asked.length = 0;
    test.clock.set(`${TODAY}T14:20:00+08:00`);
  });
  afterAll(async () => {
    await test.close();
    await guanke.close();
  });

  const shows = (day: string) => {
    const { dialled, connected, nine, one, seats } = guanke.truth(day);
    return [
      `外呼 ${grouped(dialled)} 通，接通 ${((100 * connected) / dialled).toFixed(2)}%，成单 ${nine + one}`,
      `接通 ${grouped(connected)}`,
      `9元 ${nine} · 1元 ${one} · 坐席 ${seats}`,
    ];
  };

  it('are the upstream’s own figures, with source, age and completeness', async () => {
    const said = await test.say('今日外呼');
    for (const part of shows(TODAY)) expect(said).toContain(part);
    expect(said).toContain('数据截至 14:20 · 缓存 · 完整');
    expect(said).toContain('刷新');
    const yesterday = await test.say('昨日外呼');
    for (const part of shows(YESTERDAY)) expect(yesterday).toContain(part);
    expect(yesterday).not.toContain('偏差');
  });

  it('are worked out once for all who ask the same at once, in the words and with the buttons of each', async () => {
    await test.app.people.add({ name: '小工', role: 'staff' });
    const { context } = test.app;
    let read = 0;
    const { documents } = context.rules;
    context.rules.documents = (kind) => {
      if (kind === 'calls') read++;
      return documents.call(context.rules, kind);
    };
    const asked = [...Array.from({ length: 40 }, () => test.say('今日外呼')), test.say('今日外呼', { as: '小工' })];
    const said = await Promise.all([...asked, test.say('calls today')]);
    context.rules.documents = documents;
    expect(new Set(said.slice(0, 40)).size).toBe(1);
    expect(said[0]).toContain(shows(TODAY)[0]);
    expect(said[0]).toContain('刷新');
    expect(said[40]).not.toContain('刷新');
    expect(said[41]).toContain('dialled');
    expect(read).toBeLessThan(10);
    guanke.days.get(TODAY)?.splice(0, 5);
    await sync('calls.tasks', TODAY);
    await sync('calls.records', TODAY);
    expect(await test.say('今日外呼')).toContain(shows(TODAY)[0]);
  });

  it('of a month are sums of its days, averages per working day, and say which days are missing', async () => {
    const days = daysBetween('2025-10-23', TODAY).map((day) => guanke.truth(day));
    const sum = (of: (day: (typeof days)[number]) => number) => days.reduce((all, day) => all + of(day), 0);
    const [dialled, connected] = [sum((day) => day.dialled), sum((day) => day.connected)];
    const said = await test.say('本月外呼');
    expect(said).toContain(
      `外呼 ${grouped(dialled)} 通，接通 ${((100 * connected) / dialled).toFixed(2)}%，成单 ${sum((day) => day.nine + day.one)}`,
    );
    expect(said).toContain(`工作日 4 天，日均外呼 ${grouped(Math.round(dialled / 4))}`);
    expect(said).toMatch(/不完整 · 10-01 10-02 10-03 10-04 10-05 …/);
  });

  it('say when they are late, in part, or differ between the tracks', async () => {
    test.clock.set(`${TODAY}T16:20:00+08:00`);
    expect(await test.say('今日外呼')).toContain('数据截至 14:20 · 缓存 · 已迟 2 小时');
    const day = '2025-10-23';
    guanke.knobs.accountSuccess = (_, labelled) => labelled + 1;
    await sync('calls.tasks', day);
    guanke.knobs.accountSuccess = null;
    const { nine, one } = guanke.truth(day);
    expect(await test.say(`外呼 ${day}`)).toContain(
      `偏差：账号统计成单 ${nine + one + 1}，话单意向度合计 ${nine + one}`,
    );
    await sync('calls.tasks', day);
    expect(await test.say(`外呼 ${day}`)).not.toContain('偏差');
    guanke.days.set('2025-10-20', planDay('2025-10-20', { records: 400, nine: 7 }));
    await sync('calls.tasks', '2025-10-20');
    const unlabelled = await test.say('外呼 2025-10-20');
    expect(unlabelled).toContain('成单 7');
    expect(unlabelled).toContain('9元 未知 · 1元 未知');
    expect(unlabelled).toContain('不完整');
  });

  it('are read anew once, however often the button is pressed; what fails changes nothing', async () => {
    test.clock.set(`${TODAY}T15:00:00+08:00`);
    const press = () => test.ask({ command: 'calls.refresh', args: { day: 'today' } });
    const answers = await Promise.all(Array.from({ length: 20 }, press));
    expect(new Set(answers.map(({ outcome, message }) => `${outcome} ${message.title}`)).size).toBe(1);
    expect(answers[0]?.message.title).toContain(grouped(guanke.truth(TODAY).dialled));
    expect(guanke.asked.filter((one) => one.startsWith('records'))).toHaveLength(1);
    test.clock.advance(30_000);
    await press();
    expect(guanke.asked.filter((one) => one.startsWith('records'))).toHaveLength(1);
    test.clock.advance(60_000);
    guanke.misbehave({ kind: 'http', status: 404 }, { page: 1 });
    guanke.misbehave({ kind: 'http', status: 404 }, { on: 'stat', times: 2 });
    const late = await press();
    expect(late.message.title).toBe(answers[0]?.message.title);
    expect(late.message).toMatchObject({
      tone: 'warn',
      asOf: { completeness: 'late', note: expect.stringContaining('404') },
    });
    test.clock.advance(61_000);
    expect((await test.ask('刷新外呼')).message.asOf?.completeness).toBe('complete');
  });

  it('break a day down by seat, hour, label, task and line, as the upstream’s own calls do', async () => {
    const own = guanke.days.get('2025-10-24') ?? [];
    const isOrder = (call: (typeof own)[number]) => /成功单[91]元/.test(call.grade ?? '');
    const dialled = own.filter((call) => call.callState > 0);
    const by = <K>(key: (call: (typeof own)[number]) => K) => {
      const groups = new Map<K, { dialled: number; connected: number; orders: number }>();
      for (const call of own) {
        const group = groups.get(key(call)) ?? { dialled: 0, connected: 0, orders: 0 };
        groups.set(key(call), group);
        if (call.callState > 0) group.dialled++;
        if (call.callState === 2) group.connected++;
        if (isOrder(call)) group.orders++;
      }
      return groups;
    };
    const rows = async (line: string) => {
      const { message } = await test.ask(line);
      const table = message.blocks.find((block) => block.type === 'table');
      return { message, rows: table?.type === 'table' ? table.rows : [] };
    };
    const seats = by((call) => call.userId);
    const rank = await rows('坐席排行 2025-10-24');
    expect(rank.rows).toHaveLength(seats.size);
    for (const [, , name, orders, calls, connected] of rank.rows) {
      const seat = seats.get(9_000 + Number(name?.slice(-2)));
      expect([orders, calls, connected], name).toEqual([seat?.orders, seat?.dialled, seat?.connected].map(String));
    }
    const orders = rank.rows.map((row) => Number(row[3]));
    expect(orders).toEqual([...orders].sort((a, b) => b - a));
    expect(rank.rows.map((row) => row[1]).every((moved) => /^(–|新|[▲▼]\d+)$/.test(moved ?? ''))).toBe(true);
    expect(rank.message.asOf).toMatchObject({ source: 'cache', completeness: 'complete' });

    const tasks = await rows('外呼任务 2025-10-24');
    const task = by((call) => call.taskName).get(tasks.rows[0]?.[0] ?? '');
    expect(tasks.rows[0]?.slice(1, 4)).toEqual([task?.orders, task?.dialled, task?.connected].map(String));
    const lines = await rows('calls lines 2025-10-24');
    expect(lines.rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(dialled.length);
    const grades = await rows('意向度趋势 2025-10-24');
    expect(grades.message.title).toContain(`9元 ${guanke.truth('2025-10-24').nine} · 1元 2`);
    expect(grades.rows.find((row) => row[0] === '成功单19元')?.[1]).toBe('1');

    const hours = await rows('时段分析 2025-10-24');
    const chart = hours.message.blocks.find((block) => block.type === 'chart');
    const truth = Object.values(guanke.truth('2025-10-24').byHour);
    expect(chart?.type === 'chart' && chart.chart.series[0]?.values).toEqual(truth);
    const charts = (await rows('时段分析 2025-10-23..2025-10-26')).message.blocks.filter(
      ({ type }) => type === 'chart',
    );
    expect(charts).toHaveLength(2);
    const { chart: heat } = charts[1] as { chart: { shape: string; series: { name: string; values: number[] }[] } };
    expect(heat.shape).toBe('heatmap');
    expect(heat.series.map(({ name }) => name)).toEqual(['周四', '周五', '周六', '周日']);
    for (const [at, day] of daysBetween('2025-10-23', YESTERDAY).entries()) {
      const known = heat.series[at]?.values.filter((value) => value !== null);
      expect(known, day).toEqual(Object.values(guanke.truth(day).byHour));
    }
    expect((await test.say('calls rank month')).split('\n')[0]).toContain('10-01');
  });

  it('by task are the upstream’s statistics of tasks, else the call records, and say which', async () => {
    const [recorded, counted] = ['2025-08-04', '2025-08-05'];
    for (const day of [recorded, counted]) {
      guanke.days.set(day, planDay(day, { records: 200, nine: 4, one: 2 }));
      await sync('calls.records', day);
    }
    guanke.knobs.accountSuccess = (_, labelled) => labelled + 3;
    await sync('calls.tasks', counted);
    guanke.knobs.accountSuccess = null;
    const asked = async (line: string) => {
      const { message } = await test.ask(line);
      const table = message.blocks.find((block) => block.type === 'table');
      const sum = (at: number) => table?.type === 'table' && table.rows.reduce((all, row) => all + Number(row[at]), 0);
      return { said: await test.say(line), orders: sum(1), dialled: sum(2) };
    };
    const [before, day] = [guanke.truth(recorded).dialled, guanke.truth(counted).dialled];
    const said = (text: string) => expect.stringContaining(text);
    expect(await asked(`外呼任务 ${counted}`)).toEqual({ said: said('来源：任务统计'), orders: 9, dialled: day });
    expect(await asked(`外呼任务 ${recorded}`)).toEqual({ said: said('来源：话单'), orders: 6, dialled: before });
    const both = said('From the statistics of tasks (days: 1), else from the call records');
    expect(await asked(`calls tasks ${recorded}..${counted}`)).toEqual({
      said: both,
      orders: 15,
      dialled: before + day,
    });
    // An order that only the statistics know is no line's.
    expect(await asked(`外呼线路 ${counted}`)).toMatchObject({ orders: 6, dialled: day });
  });

  it('are given over HTTP in the shapes of the replaced system, to those who may', async () => {
    const http = await test.app.http();
    const get = async (url: string, token = 'token-of-staff-1') =>
      http.inject({ url, headers: { authorization: `Bearer ${token}` } });
    const post = async (url: string, payload: object, token = 'token-of-lead-1') =>
      http.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${token}` } });
    const { dialled, connected, records, nine, one } = guanke.truth(YESTERDAY);
    expect((await http.inject({ url: `/api/stats/grade-stats?date=${YESTERDAY}` })).statusCode).toBe(401);
    expect((await get(`/api/stats/grade-stats?date=${YESTERDAY}`)).json()).toMatchObject({
      success: true,
      data: {
        date: YESTERDAY,
        grade_9: nine,
        grade_1: one,
        total_success: nine + one,
        total_records: records,
        from_cache: true,
      },
      grade_9: nine,
    });
    expect((await get('/api/stats/grade-stats')).statusCode).toBe(400);
    expect((await get('/api/stats/grade-stats?date=2025-13-01')).statusCode).toBe(400);
    expect((await get('/api/stats/grade-stats?date=2025-09-01')).statusCode).toBe(404);
    expect((await get(`/api/calls/daily?start_date=${YESTERDAY}&end_date=${YESTERDAY}`)).json().stats).toMatchObject([
      { stat_date: YESTERDAY, total_calls: dialled, success_calls: connected, failed_calls: dialled - connected },
    ]);
    expect((await get('/api/calls/summary?days=2')).json()).toMatchObject({
      start_date: YESTERDAY,
      end_date: TODAY,
      days: 2,
    });
    expect((await get('/api/stats/overview')).json().data.yesterday).toMatchObject({ total_calls: dialled });
    expect((await get(`/api/stats/trend?start_date=${YESTERDAY}&end_date=${YESTERDAY}`)).json().total_calls).toEqual([
      dialled,
    ]);

    expect((await get(`/api/sync/days?start_date=${YESTERDAY}`)).json().days).toMatchObject([
      {
        date: YESTERDAY,
        tasks: { status: 'complete', pages_read: 2 },
        records: { status: 'complete', rows_read: records, rows_expected: records, problem: null },
      },
      { date: TODAY, records: { status: expect.stringMatching(/complete|stale/) } },
    ]);
    const history = (await get('/api/sync/deviations?start_date=2025-10-23&end_date=2025-10-23')).json().deviations;
    expect(history.map((one: { deviation: number }) => one.deviation)).toEqual([0, 1, 0]);
    const differing = await get('/api/sync/deviations?start_date=2025-10-23&end_date=2025-10-23&differs=true');
    expect(differing.json().deviations).toMatchObject([{ date: '2025-10-23', deviation: 1, differs: true }]);
    for (const url of ['/api/sync/days?start_date=x', '/api/sync/deviations?start_date=2025-10-26&end_date=2025-10-01'])
      expect((await get(url)).statusCode).toBe(400);

    expect((await post('/api/sync/today/manual', {}, 'token-of-staff-1')).statusCode).toBe(403);
    expect((await post('/api/calls/sync', {}, 'token-of-staff-1')).statusCode).toBe(403);
    expect((await post('/api/calls/sync', { days: 2 })).json()).toMatchObject({
      success: true,
      start_date: YESTERDAY,
      end_date: TODAY,
      total_records: records + guanke.truth(TODAY).records,
      new_count: 0,
    });
    expect((await post('/api/calls/sync', { days: 99 })).statusCode).toBe(400);
    const range = { start_date: '2025-10-23', end_date: '2025-10-24' };
    expect((await post('/api/sync/historical/manual', range)).json().summary.total).toBe(
      guanke.truth('2025-10-23').records + guanke.truth('2025-10-24').records,
    );
    for (const wrong of [{ start_date: '2025-10-24', end_date: '2025-10-23' }, { start_date: '2099-01-01' }])
      expect((await post('/api/sync/historical/manual', wrong)).statusCode).toBe(400);
    const label = guanke.days.get(YESTERDAY)?.find((call) => call.callState === 2 && !call.grade);
    if (label) label.grade = 'AS2-成功单1元';
    const refreshed = await post('/api/stats/grade-stats/refresh', { date: YESTERDAY });
    expect(refreshed.json()).toMatchObject({ success: true, summary: { total: records, updated: 1, failed: 0 } });
    expect((await get(`/api/stats/grade-stats?date=${YESTERDAY}`)).json().grade_1).toBe(one + 1);

    const list = (await get('/api/sync/records?per_page=2&sync_type=records')).json();
    expect(list).toMatchObject({
      page: 1,
      per_page: 2,
      records: [{ status_label: '成功', trigger_label: '手动' }, {}],
    });
    const { id } = list.records[0];
    expect((await get(`/api/sync/records/${id}`)).json()).toMatchObject({ id, error: null, is_read: false });
    await post(`/api/sync/records/${id}/read`, {}, 'token-of-staff-1');
    expect((await get('/api/sync/records?sync_type=records')).json().unread_count).toBe(list.unread_count - 1);
    await post('/api/sync/records/read-all', {}, 'token-of-staff-1');
    expect((await get('/api/sync/records')).json().unread_count).toBe(0);
    expect((await get('/api/sync/status')).json().data.records).toMatchObject({ syncing: false, locked_by: null });

    guanke.misbehave({ kind: 'http', status: 404 }, { times: 3 });
    const failed = await post('/api/sync/historical/manual', {});
    expect(failed.json()).toMatchObject({ success: false, error: expect.stringContaining('404') });
    expect(await test.say('昨日外呼')).toContain(`1元 ${one + 1}`);
  });

  it('go to the group as a report of the week and of the month, with charts, once', async () => {
    const week = daysBetween('2025-10-20', TODAY);
    for (const [at, day] of week.entries())
      if (!guanke.days.has(day)) guanke.days.set(day, planDay(day, { records: 500 + 10 * at, nine: 4, one: 1 }));
    test.clock.set('2025-10-27T09:10:00+08:00');
    for (const feed of ['calls.tasks', 'calls.records']) await sync(feed, '2025-10-20', TODAY);
    const sum = (of: 'dialled' | 'connected' | 'nine' | 'one') =>
      week.reduce((all, day) => all + guanke.truth(day)[of], 0);
    const headline = `外呼 ${grouped(sum('dialled'))} 通，接通 ${((100 * sum('connected')) / sum('dialled')).toFixed(2)}%，成单 ${sum('nine') + sum('one')}`;
    expect((await test.run('calls.weekly')).counts).toEqual({ said: 1, skipped: 0 });
    expect((await test.run('calls.weekly')).counts).toEqual({ said: 0, skipped: 1 });
    const letters = await test.app.context.db.letter.findMany({ where: { to: 'channel:calls' } });
    expect(letters).toMatchObject([{ key: 'calls/report/2025-10-20..2025-10-26', class: 'broadcast' }]);
    const { title, blocks } = JSON.parse(letters[0]?.message ?? '') as Message;
    expect(title).toBe(`外呼周报 10-20 至 10-26：${headline}`);
    expect(blocks.map((block) => block.type)).toEqual(['text', 'chart', 'chart', 'table']);
    const [days, seats] = blocks.flatMap((block) => (block.type === 'chart' ? [block.chart] : []));
    expect(days?.series[0]?.values).toEqual(week.map((day) => guanke.truth(day).dialled));
    expect(seats).toMatchObject({ shape: 'ranking' });
    expect(seats?.series[0]?.values.reduce<number>((all, value) => all + (value ?? 0), 0)).toBe(
      sum('nine') + sum('one'),
    );
    expect(await test.say('外呼周报')).toContain(`9元 ${sum('nine')} · 1元 ${sum('one')}`);

    test.clock.set('2025-11-01T09:20:00+08:00');
    expect((await test.run('calls.monthly')).counts).toEqual({ said: 1, skipped: 0 });
    const report = await test.say('外呼月报');
    expect(report).toContain(`外呼月报 2025-10：${headline}`);
    expect(report).toContain('有 24 天没有外呼数据');
    expect(await test.say('外呼月报 2025-07')).toContain('没有外呼数据');
  });
});
