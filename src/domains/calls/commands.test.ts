import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import type { Context } from '../../core/context.ts';
import type { Message } from '../../core/message.ts';
import type { Asker, Role } from '../../core/people.ts';
import { instantOf } from '../../core/time.ts';
import { openTemplates } from '../../render/template.ts';
import { createAnswerer } from '../../runtime/dispatch/answer.ts';
import { openRules } from '../../runtime/rules.ts';
import { calls } from './index.ts';
import type { CallRow } from './model.ts';
import { saveCalls } from './store.ts';

const zone = 'Asia/Shanghai';
let now = '2025-10-25T14:20:00+08:00';
const clock = { zone, now: () => new Date(now) };
let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let context: Context;
let ask: ReturnType<typeof createAnswerer>;

beforeAll(async () => {
  scratch = await scratchDatabase();
  context = {
    db: scratch.db,
    clock,
    sources: {},
    log: pino({ level: 'silent' }),
    outbox: {
      post: () => Promise.reject(new Error('an answer is no letter')),
      postAll: () => Promise.reject(new Error('an answer is no letter')),
    },
    alerts: {} as Context['alerts'],
    rules: await openRules('rules', {}),
    words: openTemplates('templates'),
    signal: AbortSignal.timeout(60_000),
  };
  ask = createAnswerer(calls.commands, context);
});
afterAll(() => scratch.remove());
beforeEach(async () => {
  now = '2025-10-25T14:20:00+08:00';
  await context.db.callRecord.deleteMany();
  await context.db.callTally.deleteMany();
  await context.db.feedState.deleteMany();
});

const staff = (role: Role = 'staff'): Asker => ({
  personId: 'p',
  name: '李师傅',
  role,
  lang: 'zh',
  subjects: [],
  from: null,
});

async function say(text: string): Promise<Message> {
  return (await ask({ asker: staff(), text })).message;
}

let made = 0;

/** `count` calls of a day, one a second from `time` on; the first of them connected, the first of those ordered. */
function callsFrom(day: string, time: string, count: number, connected: number, orders: string[] = []): CallRow[] {
  const start = instantOf(day, time, zone).getTime();
  return Array.from({ length: count }, (_, at) => ({
    id: String(3_781_366_000_000_000n + BigInt(made++)),
    day,
    hour: Number(time.slice(0, 2)),
    calledAt: new Date(start + at * 1000),
    taskId: null,
    taskName: null,
    seatId: String(9001 + (at % 5)),
    seatName: null,
    line: null,
    durationS: at < connected ? 30 : 0,
    dialled: true,
    connected: at < connected,
    grade: orders[at] ?? '',
  }));
}

/** Today 1,200 calls up to 14:20; yesterday 1,500, of which 1,100 until then. */
async function twoDays(): Promise<void> {
  const nine = (count: number) => Array.from({ length: count }, () => 'AS1-成功单9元');
  const rows = [
    ...callsFrom('2025-10-25', '10:00:00', 800, 160, [...nine(4), 'AS2-成功单1元']),
    ...callsFrom('2025-10-25', '14:13:20', 400, 40),
    ...callsFrom('2025-10-24', '10:00:00', 700, 120, nine(2)),
    ...callsFrom('2025-10-24', '14:13:20', 800, 65),
  ];
  await saveCalls(context, rows, { source: 'calls.jsonl' });
}

function textOf(message: Message): string {
  return message.blocks.flatMap((block) => (block.type === 'text' ? block.text : [])).join('\n');
}
function chartOf(message: Message) {
  const block = message.blocks.find((each) => each.type === 'chart');
  if (block?.type !== 'chart') throw new Error('no chart');
  return block.chart;
}
function tableOf(message: Message) {
  const block = message.blocks.find((each) => each.type === 'table');
  if (block?.type !== 'table') throw new Error('no table');
  return block.rows;
}
function buttonsOf(message: Message) {
  return message.blocks.flatMap((block) => (block.type === 'actions' ? block.buttons : []));
}

describe('今日外呼', () => {
  it('answers in its first line, against yesterday up to the same time', async () => {
    await twoDays();
    const message = await say('今日外呼');
    expect(message.title).toBe('今日外呼 1,200 通，接通 16.67%，成单 5');
    expect(textOf(message)).toBe(
      '接通 200（昨日同时段 185 ▲8.1%） · 9元 4 · 1元 1 · 坐席 5\n成单较昨日同时段 ▲3 · 高峰 10–11 时',
    );
    expect(message.asOf).toEqual({
      at: '2025-10-25T06:19:59.000Z',
      source: 'calls.jsonl',
      completeness: 'unknown',
      sample: false,
    });
  });

  it('draws the hours: today up to its newest call, yesterday whole, gaps where nothing is known', async () => {
    await twoDays();
    await saveCalls(context, callsFrom('2025-10-24', '16:00:00', 10, 5), {});
    const { labels, series } = chartOf(await say('今日外呼'));
    expect(labels).toEqual(['10时', '11时', '12时', '13时', '14时', '15时', '16时']);
    expect(series.map(({ name, values }) => [name, values])).toEqual([
      ['今日', [800, 0, 0, 0, 400, null, null]],
      ['昨日', [700, 0, 0, 0, 800, 0, 10]],
      ['接通率', [20, null, null, null, 10, null, null]],
    ]);
  });

  it('offers what there is', async () => {
    await twoDays();
    expect(buttonsOf(await say('今日外呼'))).toEqual([
      { label: '◀ 前一天', call: { command: 'calls.day', args: { day: '2025-10-24' }, turns: true } },
      { label: '本月外呼', call: { command: 'calls.month', args: { month: 'this_month' } } },
    ]);
    for (const button of buttonsOf(await say('今日外呼'))) {
      expect((await ask({ asker: staff(), call: button.call })).outcome).toBe('done');
    }
  });

  it('compares late data with yesterday up to the newest call, not up to now', async () => {
    await saveCalls(context, callsFrom('2025-10-25', '11:00:00', 60, 6), {});
    await saveCalls(
      context,
      [...callsFrom('2025-10-24', '11:00:00', 60, 4), ...callsFrom('2025-10-24', '13:00:00', 60, 60)],
      {},
    );
    expect(textOf(await say('今日外呼'))).toContain('昨日同时段 4 ▲50.0%');
  });

  it('says what is not known, never zero', async () => {
    const rows = callsFrom('2025-10-25', '10:00:00', 100, 20).map((row) => ({ ...row, grade: null, seatId: null }));
    await saveCalls(context, rows, {});
    const message = await say('今日外呼');
    expect(message.title).toBe('今日外呼 100 通，接通 20.00%，成单 未知');
    expect(textOf(message)).toBe('接通 20 · 9元 未知 · 1元 未知 · 坐席 未知\n高峰 10–11 时');
  });

  it('speaks English', async () => {
    await twoDays();
    const message = await say('calls today');
    expect(message.title).toBe('Calls today: 1,200 dialled, 16.67% connected, orders 5');
    expect(textOf(message)).toBe(
      'Connected 200 (the same time yesterday 185 ▲8.1%) · 9元 4 · 1元 1 · seats 5\nOrders against the same time yesterday: ▲3 · busiest hour 10:00–11:00',
    );
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(['◀ Day before', 'Calls this month']);
  });
});

describe('another day', () => {
  it.each([
    '昨日外呼',
    '外呼 昨天',
    '外呼 10-24',
    '外呼10月24日',
    '2025-10-24 外呼',
    'calls yesterday',
    '/calls 2025-10-24',
    'CALLS 10-24',
  ])('is understood: %s', async (line) => {
    await twoDays();
    expect((await say(line)).title).toMatch(/^(昨日外呼|Calls yesterday:) 1,500 /);
  });

  it('is compared with the whole day before it', async () => {
    await twoDays();
    now = '2025-10-28T09:00:00+08:00';
    const message = await say('外呼 10-25');
    expect(message.title).toBe('10-25 周六外呼 1,200 通，接通 16.67%，成单 5');
    expect(textOf(message)).toContain('接通 200（前一日 185 ▲8.1%）');
    expect(chartOf(message).series.map(({ name }) => name)).toEqual(['外呼', '前一日', '接通率']);
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(['◀ 前一天', '后一天 ▶', '今日外呼', '本月外呼']);
    expect(buttonsOf(message)[1]?.call.args).toEqual({ day: '2025-10-26' });
  });

  it('without a day of data before it is compared with nothing', async () => {
    await twoDays();
    const message = await say('昨日外呼');
    expect(textOf(message)).toBe('接通 185 · 9元 2 · 1元 0 · 坐席 5\n高峰 14–15 时');
    expect(chartOf(message).series).toHaveLength(2);
  });

  it('without a record has no data, and the nearest day that has is a button', async () => {
    await twoDays();
    const before = await say('外呼 10-20');
    expect(before.title).toBe('10-20 周一没有外呼数据');
    expect(buttonsOf(before).slice(2)).toEqual([
      { label: '昨日外呼', call: { command: 'calls.day', args: { day: '2025-10-24' } } },
    ]);
    now = '2026-01-02T09:00:00+08:00';
    const after = await say('今日外呼');
    expect(after.title).toBe('今日还没有外呼数据');
    expect(buttonsOf(after).slice(1)).toEqual([
      { label: '2025-10-25 周六外呼', call: { command: 'calls.day', args: { day: '2025-10-25' } } },
    ]);
    expect((await say('calls 2025-10-01')).title).toBe('No data on calls on 2025-10-01 Wed');
  });

  it('that is not yet, or is none, is told with an example', async () => {
    expect(textOf(await say('外呼 2025-10-26'))).toBe('2025-10-26 还没到，没有外呼数据。\n例：今日外呼');
    expect(textOf(await say('calls 2025-02-30'))).toContain('2025-02-30');
    const call = { command: 'calls.day', args: { day: '2025-02-30' } };
    expect((await ask({ asker: staff(), call })).outcome).toBe('wrong');
  });

  it('is said to be missing altogether where nothing was ever imported', async () => {
    const message = await say('今日外呼');
    expect(message.title).toBe('还没有外呼数据');
    expect(textOf(message)).toContain('fieldbell import calls');
    expect(message.asOf).toBeUndefined();
  });

  it('is for staff', async () => {
    expect((await ask({ asker: staff('guest'), text: '今日外呼' })).outcome).toBe('forbidden');
  });
});

describe('本月外呼', () => {
  it('adds up the days, each in a table with the sums below', async () => {
    await twoDays();
    await saveCalls(
      context,
      callsFrom('2025-10-22', '09:00:00', 100, 9).map((row) => ({ ...row, grade: null })),
      {},
    );
    const message = await say('本月外呼');
    expect(message.title).toBe('本月外呼 2,800 通，接通 14.07%，成单 7');
    expect(textOf(message)).toBe(
      '接通 394 · 9元 6 · 1元 1 · 成功率 1.82%\n工作日 3 天，日均外呼 933 · 接通 131 · 成单 4\n其中 1 天的话单没有意向度：成单未知，未计入。\n有 22 天没有外呼数据，表中略去。',
    );
    const rows = tableOf(message);
    expect(rows).toEqual([
      ['10-22 周三', '100', '9', '9.00%', '未知', '未知'],
      ['10-24 周五', '1,500', '185', '12.33%', '2', '1.08%'],
      ['10-25 周六', '1,200', '200', '16.67%', '5', '2.50%'],
      ['合计', '2,800', '394', '14.07%', '7', '1.82%'],
    ]);
    const { labels, series } = chartOf(message);
    expect(labels.slice(-2)).toEqual(['10-24', '10-25']);
    expect(series[0]?.values.slice(-5)).toEqual([null, 100, null, 1500, 1200]);
    expect(series[1]?.values.slice(-5)).toEqual([null, 9, null, 12.3, 16.7]);
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(['◀ 上个月', '今日外呼']);
  });

  it.each([
    ['本月外呼', '本月外呼'],
    ['外呼 本月', '本月外呼'],
    ['10月外呼', '本月外呼'],
    ['外呼 2025-10', '本月外呼'],
    ['calls month', 'Calls this month'],
    ['calls 2025-10', 'Calls this month'],
    ['calls month 2025-10', 'Calls this month'],
  ])('is understood: %s', async (line, title) => {
    await twoDays();
    expect((await say(line)).title?.startsWith(title)).toBe(true);
  });

  it('may be last month, or one of another year', async () => {
    await twoDays();
    now = '2025-11-02T09:00:00+08:00';
    const last = await say('上月外呼');
    expect(last.title).toBe('上月外呼 2,700 通，接通 14.26%，成单 7');
    expect(tableOf(last)).toHaveLength(3);
    expect(chartOf(last).labels).toHaveLength(31);
    expect(buttonsOf(last).map(({ label }) => label)).toEqual(['◀ 上个月', '下个月 ▶', '本月外呼']);
    now = '2026-03-01T09:00:00+08:00';
    expect((await say('外呼 2025-10')).title).toMatch(/^2025年10月外呼/);
    expect((await say('calls month 2025-10')).title).toMatch(/^Calls in 2025-10:/);
  });

  it('without a record has no data, and the nearest month that has is a button', async () => {
    await twoDays();
    now = '2025-12-02T09:00:00+08:00';
    const message = await say('本月外呼');
    expect(message.title).toBe('本月还没有外呼数据');
    expect(buttonsOf(message).slice(1)).toEqual([
      { label: '10月外呼', call: { command: 'calls.month', args: { month: '2025-10' } } },
    ]);
  });

  it('that is not yet is told', async () => {
    expect(textOf(await say('外呼 2025-11'))).toContain('2025-11 还没到');
  });
});

describe('the sample', () => {
  it('is marked as such, and gives way to real calls', async () => {
    await calls.sample?.fill(context);
    const sample = await say('今日外呼');
    expect(sample.title).toMatch(/^今日外呼 [\d,]+ 通，接通 1\d\.\d\d%，成单 \d+$/);
    expect(sample.asOf).toMatchObject({ sample: true, source: '', completeness: 'complete' });
    await twoDays();
    expect((await say('今日外呼')).title).toBe('今日外呼 1,200 通，接通 16.67%，成单 5');
  });
});
