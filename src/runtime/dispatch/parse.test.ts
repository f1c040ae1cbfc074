import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Command, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { day, month, range, rest } from '../../core/reader.ts';
import { fixedClock } from '../../core/time.ts';
import { parse } from './parse.ts';
import { suggest } from './suggest.ts';

const clock = fixedClock('Asia/Shanghai', new Date('2026-11-20T14:20:00+08:00'));
const run = async () => ({ blocks: [] });
const text = z.string().optional();
const base = { summary: { zh: '', en: '' }, role: 'staff', run } as const;

const commands: Command[] = [
  command({
    ...base,
    name: 'drivers.trend',
    aliases: [{ words: '司机 趋势' }, { words: '趋势' }, { words: 'trend driver' }, { words: 'trend' }],
    args: z.strictObject({ driver: text, range: text }),
    reads: { range, driver: rest({ zh: '司机', en: 'the driver' }) },
    examples: { zh: ['司机 D-1023 近7天趋势'], en: ['trend driver D-1023'] },
  }),
  command({
    ...base,
    name: 'calls.day',
    aliases: [{ words: '外呼' }, { words: 'calls' }],
    args: z.strictObject({ day: text }),
    reads: { day },
    examples: { zh: ['今日外呼'], en: ['calls today'] },
  }),
  command({
    ...base,
    name: 'calls.month',
    aliases: [{ words: '外呼' }, { words: 'calls month' }],
    args: z.strictObject({ month: text }),
    reads: { month },
    examples: { zh: ['本月外呼'], en: ['calls month'] },
  }),
];

const read = (line: string) => {
  const parsed = parse(line, commands, clock, 'zh');
  return parsed && [parsed.command.name, parsed.args];
};

describe('typed words', () => {
  it.each([
    ['司机 D-1023 近7天趋势', 'drivers.trend', { driver: 'D-1023', range: 'last_7_days' }],
    ['趋势 司机 D-1023 近7天', 'drivers.trend', { driver: 'D-1023', range: 'last_7_days' }],
    ['司机D-1023近7天趋势', 'drivers.trend', { driver: 'D-1023', range: 'last_7_days' }],
    ['司机 张三 最近三十天趋势', 'drivers.trend', { driver: '张三', range: 'last_30_days' }],
    ['TREND driver D-1023', 'drivers.trend', { driver: 'D-1023' }],
    ['/trend D-1023 last_24_hours', 'drivers.trend', { driver: 'D-1023', range: 'last_24_hours' }],
    ['trend D-1023 last 24 hours', 'drivers.trend', { driver: 'D-1023', range: 'last_24_hours' }],
    ['@Fieldbell ｔｒｅｎｄ　Ｄ－１０２３', 'drivers.trend', { driver: 'D-1023' }],
    [
      'trend driver COIMBRES13DEL01 2022-03-25..2022-03-31',
      'drivers.trend',
      { driver: 'COIMBRES13DEL01', range: '2022-03-25..2022-03-31' },
    ],
    ['司机 D-1023 11-01 至 11-07 趋势', 'drivers.trend', { driver: 'D-1023', range: '2026-11-01..2026-11-07' }],
    ['今日外呼', 'calls.day', { day: '2026-11-20' }],
    ['昨日外呼？', 'calls.day', { day: '2026-11-19' }],
    ['请查一下 昨天 外呼', 'calls.day', { day: '2026-11-19' }],
    ['calls', 'calls.day', {}],
    ['Calls  Yesterday', 'calls.day', { day: '2026-11-19' }],
    ['calls 2025-10-25', 'calls.day', { day: '2025-10-25' }],
    ['外呼 12-31', 'calls.day', { day: '2025-12-31' }],
    ['本月外呼', 'calls.month', { month: '2026-11' }],
    ['10月外呼', 'calls.month', { month: '2026-10' }],
    ['calls month 2025-10', 'calls.month', { month: '2025-10' }],
    ['calls.month', 'calls.month', {}],
  ])('%s', (line, name, args) => {
    expect(read(line)).toEqual([name, args]);
  });

  it.each(['你好', 'slack', 'recalls', ''])('names no command: %s', (line) => {
    expect(read(line)).toBeNull();
  });

  it.each([
    ['司机 D-1023 近7填趋势', '日期看不懂：「近7填」。'],
    ['外呼 2025-13-45', '日期看不懂：「2025-13-45」。'],
    ['calls quickly', '看不懂「quickly」这几个字。'],
  ])('a wrong argument is named, with an example: %s', (line, message) => {
    try {
      read(line);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AskerError);
      expect((error as AskerError).message).toBe(message);
      expect((error as AskerError).example).toBeTruthy();
    }
  });
});

describe('suggestions', () => {
  const labels = (line: string) => suggest(line, commands, clock, 'zh').map((choice) => choice.label);

  it.each([
    ['trnd D-1023', 'trend D-1023'],
    ['今日外忽', '今日外呼'],
    ['司机 D-1023 近7天趋向', '司机 D-1023 近7天趋势'],
    ['cals today', 'calls today'],
  ])('%s → %s', (line, first) => {
    expect(labels(line)[0]).toBe(first);
  });

  it('offers two or three even where nothing is near, and each can be called', () => {
    const choices = suggest('天气怎么样', commands, clock, 'zh');
    expect(choices.length).toBeGreaterThanOrEqual(2);
    expect(choices.length).toBeLessThanOrEqual(3);
    for (const choice of choices) expect(commands.map((one) => one.name)).toContain(choice.call.command);
  });
});
