import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDatabase } from '../../../../test/scratch-database.ts';
import type { Context } from '../../../core/context.ts';
import type { Message } from '../../../core/message.ts';
import type { Asker, Role } from '../../../core/people.ts';
import { openTemplates } from '../../../render/template.ts';
import { type Answer, createAnswerer } from '../../../runtime/dispatch/answer.ts';
import { drivers } from '../index.ts';
import type { DeliveryRow } from '../model.ts';
import { saveDeliveries } from '../store.ts';

const zone = 'Asia/Shanghai';
let now = '2026-11-20T14:20:00+08:00';
let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let context: Context;
let answer: ReturnType<typeof createAnswerer>;

/** `count` deliveries of a driver on a day, one every ten minutes from 9:00. */
function deliveries(
  driverId: string,
  driverName: string,
  dsp: string | null,
  day: string,
  count: number,
  more: Partial<DeliveryRow> = {},
): DeliveryRow[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `${driverId}/${day}/${n}`,
    driverId,
    driverName,
    dsp,
    orderDay: day,
    orderedAt: new Date(new Date(`${day}T09:00:00+08:00`).getTime() + n * 600_000),
    pickedUpAt: null,
    deliveredAt: null,
    dueAt: null,
    status: 'delivered',
    onTime: n > 0,
    storeLat: null,
    storeLng: null,
    customerLat: null,
    customerLng: null,
    facts: '{}',
    ...more,
  }));
}

beforeAll(async () => {
  scratch = await scratchDatabase();
  context = {
    db: scratch.db,
    clock: { zone, now: () => new Date(now) },
    sources: {},
    log: pino({ level: 'silent' }),
    outbox: {
      post: () => Promise.reject(new Error('an answer is no letter')),
      postAll: () => Promise.reject(new Error('an answer is no letter')),
    },
    alerts: {} as Context['alerts'],
    rules: { documents: async () => [], channel: () => undefined, channels: () => [] },
    words: openTemplates('templates'),
    signal: AbortSignal.timeout(60_000),
  };
  answer = createAnswerer(drivers.commands, context);
  const wang = [10, 12, 14, 16, 18, 20].flatMap((count, at) =>
    deliveries('D-1023', '王师傅', 'DSP-A', `2026-11-${14 + at}`, count),
  );
  const today = deliveries('D-1023', '王师傅', 'DSP-A', '2026-11-20', 4);
  const failed = deliveries('D-1023', '王师傅', 'DSP-A', '2026-11-19', 2, { status: 'failed', onTime: null }).map(
    (row) => ({ ...row, id: `${row.id}/failed` }),
  );
  const before = deliveries('D-1023', '王师傅', 'DSP-A', '2026-11-09', 5);
  const others = [
    ...deliveries('D-1107', '张三', 'DSP-A', '2026-11-18', 20),
    ...deliveries('D-2044', '张三', 'DSP-B', '2026-11-17', 3),
    ...deliveries('D-2210', '王师明', 'DSP-B', '2026-11-16', 3),
  ];
  const bare = deliveries('COIMBRES13DEL01', 'COIMBRES13DEL01', null, '2022-03-25', 1, {
    status: 'unknown',
    onTime: null,
    orderedAt: null,
  });
  const coimbre = ['26', '29', '30', '31'].flatMap((day) =>
    bare.map((row) => ({ ...row, id: day, orderDay: `2022-03-${day}` })),
  );
  const many = ['27', '28'].flatMap((day) => deliveries('D-9', 'D-9', null, `2022-03-${day}`, 2));
  await saveDeliveries(context, [...wang, ...today, ...failed, ...before, ...others, ...bare, ...coimbre, ...many], {
    source: 'november.csv',
  });
});
afterAll(() => scratch.remove());

function asker(role: Role, ...ids: string[]): Asker {
  return {
    personId: 'p',
    name: '某人',
    role,
    lang: 'zh',
    subjects: ids.map((id) => ({ kind: 'driver', id })),
    from: null,
  };
}

const lead = asker('lead');

function ask(text: string, who: Asker = lead): Promise<Answer> {
  return answer({ asker: who, text, group: true });
}

function block<T extends Message['blocks'][number]['type']>(message: Message, type: T) {
  const found = message.blocks.find((one) => one.type === type);
  if (!found) throw new Error(`no ${type} in ${JSON.stringify(message)}`);
  return found as Extract<Message['blocks'][number], { type: T }>;
}

const textOf = ({ message }: Answer) => block(message, 'text').text;
const choicesOf = ({ message }: Answer) =>
  block(message, 'actions').buttons.map(({ label, call }) => [label, call.args['driver']]);

describe("a driver's trend", () => {
  it.each([
    'trend driver D-1023',
    'trend d-1023 last_7_days',
    '司机 D-1023 趋势',
    '司机 D-1023 近7天趋势',
    '司机D-1023近7天趋势',
    '趋势 司机 Ｄ－１０２３ 近７天',
    '司机 王师傅 趋势',
    '王师傅的趋势',
    '/trend D-1023',
    'Trend Driver d-1023',
    '司机 D-1023',
  ])('%s', async (text) => {
    const { message, outcome } = await ask(text);
    expect(outcome).toBe('done');
    expect(message.title).toMatch(/D-1023/);
    expect(block(message, 'chart').chart.series[0]?.values).toEqual([10, 12, 14, 16, 18, 20, 4]);
  });

  it('says the answer first, then how good, how old and how whole', async () => {
    const { message, private: alone } = await ask('司机 D-1023 近7天趋势');
    expect(message.title).toBe('王师傅（D-1023）近7天 94 单，日均 15.0，趋势上升（+2.0 单/天）');
    expect(block(message, 'text').text).toBe(
      '准时率 92.6%（DSP-A 平均 93.0%） · 失败 2 · 趋势明显\nDSP-A 人均每天 8.1 单，失败率 1.7%（本人 2.1%）\n今天还没过完：合计含今天，日均和趋势不含。',
    );
    expect(message.asOf).toEqual({
      at: '2026-11-20T01:30:00.000Z',
      source: 'november.csv',
      completeness: 'unknown',
      sample: false,
    });
    expect(alone).toBe(false);
  });

  it('says it in English, too', async () => {
    const { message } = await ask('trend driver D-1023');
    expect(message.title).toBe('王师傅 (D-1023), the last 7 days: 94 deliveries, 15.0 a day, rising (+2.0 a day)');
    expect(block(message, 'table').columns.map(({ label }) => label)).toEqual([
      'Day',
      'Delivered',
      'On time',
      'Failed',
    ]);
  });

  it('draws bars, the mean that looks back, the trend and the DSP', async () => {
    const { chart } = block((await ask('司机 D-1023 近7天趋势')).message, 'chart');
    expect(chart.labels).toEqual([
      '11-14 周六',
      '11-15 周日',
      '11-16 周一',
      '11-17 周二',
      '11-18 周三',
      '11-19 周四',
      '11-20 周五',
    ]);
    expect(chart.series.map(({ name, kind, role, dashed }) => [name, kind, role, dashed])).toEqual([
      ['完成', 'bar', 'subject', false],
      ['7日均值', 'line', 'subject-2', false],
      ['趋势', 'line', 'trend', true],
      ['DSP-A 平均', 'line', 'comparison', false],
    ]);
    // 11-10 to 11-13 nobody has data: the mean of 11-14 is that of 11-09 and 11-14.
    expect(chart.series[1]?.values.slice(0, 2)).toEqual([7.5, 9]);
    expect(chart.series[2]?.values).toEqual([10, 12, 14, 16, 18, 20, 22]);
    expect(chart.series[3]?.values).toEqual([5, 6, 7, 8, 19, 10, 2]);
    expect(chart.unit).toBe('单');
  });

  it('has a table and buttons that are whole calls', async () => {
    const { message } = await ask('司机 D-1023 近7天趋势');
    expect(block(message, 'table').rows.slice(-2)).toEqual([
      ['11-19 周四', '20', '95%', '2'],
      ['11-20 周五', '4', '75%', '0'],
    ]);
    const { buttons } = block(message, 'actions');
    expect(buttons.map(({ label }) => label)).toEqual(['◀ 往前', '24小时', '30天']);
    expect(buttons[0]?.call).toMatchObject({ args: { range: '2026-11-07..2026-11-13' }, turns: true });
    const earlier = await answer({ asker: lead, call: buttons[0]?.call, lang: 'zh' });
    expect(
      block(earlier.message, 'actions')
        .buttons.map(({ label }) => label)
        .slice(0, 2),
    ).toEqual(['◀ 往前', '往后 ▶']);
    const pressed = await answer({ asker: lead, call: buttons[1]?.call, lang: 'zh' });
    expect(pressed.message.title).toBe('王师傅（D-1023）近24小时 4 单，高峰 08:20–09:20');
  });

  it('of the real file: 1, 1, 0, 0, 1, 1, 1, and what is not known is not 0', async () => {
    const { message } = await ask('trend driver COIMBRES13DEL01 2022-03-25..2022-03-31');
    expect(block(message, 'chart').chart.series.map(({ values }) => values)[0]).toEqual([1, 1, 0, 0, 1, 1, 1]);
    expect(message.title).toBe('COIMBRES13DEL01, 2022-03-25 to 03-31: 5 deliveries, 0.7 a day, steady');
    expect(block(message, 'text').text).toBe('On time not known · failed not known');
    expect(block(message, 'table').columns).toHaveLength(2);
  });

  it('leaves gaps open and says so', async () => {
    const { message } = await ask('司机 D-1023 2026-11-08..2026-11-15 趋势');
    expect(block(message, 'chart').chart.series[0]?.values).toEqual([null, 5, null, null, null, null, 10, 12]);
    expect(textOf({ message } as Answer)).toContain('11-08、11-10 至 11-13 没有任何数据，不当 0 算。');
    expect(message.asOf?.completeness).toBe('partial');
  });

  it('lists the last days only of a long period', async () => {
    const { message } = await ask('司机 D-1023 近30天趋势');
    expect(block(message, 'table').rows).toHaveLength(14);
    expect(block(message, 'chart').chart.labels[0]).toBe('10-22');
  });
});

describe('other figures', () => {
  it.each([
    ['司机 D-1023 准时率', '王师傅（D-1023）近7天 准时率 92.6%，DSP-A 平均 93.0%，趋势上升（+1.0 个百分点/天）'],
    ['trend D-1023 failed', '王师傅 (D-1023), the last 7 days: 2 failed, 2.1%, rising (+0.3 a day)'],
    ['司机 COIMBRES13DEL01 准时率 2022-03-25..2022-03-31', 'COIMBRES13DEL01 2022-03-25 至 03-31 准时率未知'],
    ['司机 COIMBRES13DEL01 失败 2022-03-25..2022-03-31', 'COIMBRES13DEL01 2022-03-25 至 03-31 失败未知'],
  ])('%s', async (text, title) => {
    expect((await ask(text)).message.title).toBe(title);
  });

  it('of the last 24 hours are by hour', async () => {
    const { message } = await ask('trend D-1023 last_24_hours failed');
    expect(message.title).toBe('王师傅 (D-1023), the last 24 hours: 0 failed, 0.0%');
    const { chart } = block((await ask('司机 D-1023 近24小时')).message, 'chart');
    expect(chart.labels).toHaveLength(24);
    expect(chart.labels[18]).toBe('08:20');
    expect(chart.series[0]?.values.slice(17, 20)).toEqual([0, 3, 1]);
  });
});

describe('nothing to show', () => {
  it('where nobody has data it is not known, and there is no chart', async () => {
    const { message } = await ask('trend driver COIMBRES13DEL01 2022-05-01..2022-05-07');
    expect(message.title).toBe('COIMBRES13DEL01, 2022-05-01 to 05-07: no data');
    expect(message.blocks.map(({ type }) => type)).toEqual(['text', 'actions']);
    expect(choicesOf({ message } as Answer)).toEqual([['2022-03-25 to 03-31', 'COIMBRES13DEL01']]);
  });

  it('where others have data it is 0', async () => {
    const { message } = await ask('司机 COIMBRES13DEL01 近7天趋势');
    expect(message.title).toBe('COIMBRES13DEL01 近7天 没有配送');
    expect(message.blocks.some(({ type }) => type === 'chart')).toBe(false);
    expect((await ask('司机 COIMBRES13DEL01 近24小时')).message.title).toBe('COIMBRES13DEL01 近24小时 没有配送');
  });

  it.each([
    ['司机 D-1023 2027-01-01..2027-01-05', /2027-01-01 还没到/],
    ['trend D-1023 last_400_days', /1 to 366 days/],
  ])('%s', async (text, error) => {
    const said = await ask(text);
    expect(said.outcome).toBe('wrong');
    expect(textOf(said)).toMatch(error);
  });
});

describe('the driver meant', () => {
  it('of several of one name is chosen by a button', async () => {
    const said = await ask('司机 张三 近30天趋势');
    expect(textOf(said)).toBe('有 2 位司机叫「张三」，看哪一位？');
    const { buttons } = block(said.message, 'actions');
    expect(buttons.map(({ label }) => label)).toEqual([
      '张三 D-1107 · DSP-A · 最后配送 2026-11-18',
      '张三 D-2044 · DSP-B · 最后配送 2026-11-17',
    ]);
    const pressed = await answer({ asker: lead, call: buttons[1]?.call, lang: 'zh' });
    expect(pressed.message.title).toMatch(/^张三（D-2044）近30天 3 单/);
  });

  it.each([
    [
      '司机 王师 趋势',
      '没有找到司机「王师」。你是不是要找：',
      [
        ['王师傅 D-1023', 'D-1023'],
        ['王师明 D-2210', 'D-2210'],
      ],
    ],
    ['trend D1023', 'No driver “D1023” was found. Did you mean:', [['王师傅 D-1023', 'D-1023']]],
    ['司机 D-1023 近7填 趋势', '日期看不懂：「近7填」。\n例：司机 D-1023 近7天趋势', [['王师傅 D-1023', 'D-1023']]],
    ['司机 王师傅近7填 趋势', '日期看不懂：「近7填」。\n例：司机 D-1023 近7天趋势', [['王师傅 D-1023', 'D-1023']]],
    ['司机 王师傅 有几单', '看不懂「有几单」这几个字。\n例：司机 D-1023 近7天趋势', [['王师傅 D-1023', 'D-1023']]],
  ])('%s', async (text, error, choices) => {
    const said = await ask(text);
    expect(said.outcome).toBe('wrong');
    expect(textOf(said)).toBe(error);
    expect(choicesOf(said)).toEqual(choices);
  });

  it.each([
    ['司机 近7填 趋势', '日期看不懂：「近7填」。\n例：司机 D-1023 近7天趋势'],
    ['司机 赵六 趋势', '没有找到司机「赵六」。\n例：司机 D-1023 近7天趋势'],
    ['趋势', '要看哪位司机？请带上编号或姓名。\n例：司机 D-1023 近7天趋势'],
  ])('%s', async (text, error) => {
    expect(textOf(await ask(text))).toBe(error);
  });

  it('may be a part of a name that one driver alone has', async () => {
    expect((await ask('司机 师明 近7天趋势')).message.title).toMatch(/^王师明/);
  });
});

describe('a DSP', () => {
  it.each(['服务商 DSP-A 趋势', 'trend dsp DSP-A', 'trend DSP-A', '趋势 dsp-a', 'DSP-A 趋势'])('%s', async (text) => {
    const { message, outcome } = await ask(text);
    expect(outcome).toBe('done');
    expect(block(message, 'chart').chart.series[0]?.values).toEqual([10, 12, 14, 16, 38, 20, 4]);
    expect(message.data).toMatchObject({ dsp: 'DSP-A', trend: { direction: 'rising' } });
  });

  it('says how many drivers, and how many each', async () => {
    const { message } = await ask('服务商 DSP-A 趋势');
    expect(message.title).toBe('DSP-A 近7天 114 单，日均 18.3，趋势上升（+3.7 单/天）');
    expect(textOf({ message } as Answer)).toContain('司机 2 名，人均每天 9.2 单');
    const { buttons } = block(message, 'actions');
    expect(buttons.at(-1)?.call.args).toEqual({ dsp: 'DSP-A', range: 'last_30_days' });
    expect((await ask('服务商 DSP-A 近24小时 趋势')).message.title).toContain('DSP-A 近24小时 4 单');
  });

  it('that is not there is told, with those that are like it; a driver may not ask', async () => {
    const said = await ask('服务商 DSP 趋势');
    expect(said.outcome).toBe('wrong');
    expect(block(said.message, 'actions').buttons.map(({ call }) => call.args['dsp'])).toEqual(['DSP-A', 'DSP-B']);
    expect((await ask('服务商 DSP-A 趋势', asker('staff', 'D-1023'))).outcome).toBe('forbidden');
  });
});

describe('who may ask', () => {
  const driver = asker('staff', 'D-1023');

  it.each(['我的趋势', '趋势', 'my trend last 7 days', '司机 王师傅 趋势', 'trend d-1023'])(
    'a driver for himself, alone: %s',
    async (text) => {
      const said = await ask(text, driver);
      expect(said.message.title).toContain('D-1023');
      expect(said.private).toBe(true);
    },
  );

  it('a driver for nobody else, whether known or not', async () => {
    for (const text of ['司机 D-2044 趋势', '司机 张三 趋势', '司机 D-4711 趋势']) {
      const said = await ask(text, driver);
      expect(said.outcome).toBe('forbidden');
      expect(textOf(said)).toBe('只能看自己的趋势；看别人的需要主管权限。你的：');
      expect(choicesOf(said)).toEqual([['王师傅 D-1023', 'D-1023']]);
    }
  });

  it('a driver is helped with his period', async () => {
    expect(textOf(await ask('司机 D-1023 近7填 趋势', driver))).toContain('日期看不懂：「近7填」。');
  });

  it('somebody who is no driver, for nobody', async () => {
    const said = await ask('司机 D-1023 趋势', asker('staff'));
    expect(said.outcome).toBe('forbidden');
    expect(textOf(said)).toContain('还没有关联司机编号');
  });

  it('of one name, the one that is linked', async () => {
    expect((await ask('司机 张三 趋势', asker('staff', 'D-2044'))).message.title).toMatch(/^张三（D-2044）/);
  });

  it('one with two ids chooses', async () => {
    const said = await ask('我的趋势', asker('staff', 'D-1023', 'D-2044'));
    expect(textOf(said)).toBe('你关联了 2 个司机编号，看哪一个？');
    expect(choicesOf(said).map(([, id]) => id)).toEqual(['D-1023', 'D-2044']);
  });

  it('one whose id has no data is told so', async () => {
    expect(textOf(await ask('我的趋势', asker('staff', 'D-77')))).toBe('司机 D-77 还没有数据。');
  });

  it('a guest not at all', async () => {
    expect((await ask('司机 D-1023 趋势', { ...asker('guest'), personId: null })).outcome).toBe('forbidden');
  });
});

describe('time passing', () => {
  it('has a range of one day that is not over', async () => {
    const { message } = await ask('司机 D-1023 今天');
    expect(message.title).toBe('王师傅（D-1023）今天 4 单');
    expect(block(message, 'chart').chart.series.map(({ name }) => name)).toEqual(['完成', 'DSP-A 平均']);
  });

  it('counts the day once it is over', async () => {
    now = '2026-11-21T00:00:00+08:00';
    const { message } = await ask('司机 D-1023 2026-11-14..2026-11-20 趋势');
    now = '2026-11-20T14:20:00+08:00';
    expect(message.title).toBe('王师傅（D-1023）11-14 至 11-20，94 单，日均 13.4，趋势平稳');
  });
});
