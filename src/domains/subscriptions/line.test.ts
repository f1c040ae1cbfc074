import { describe, expect, it } from 'vitest';
import { fixedClock } from '../../core/time.ts';
import { parse } from '../../runtime/dispatch/parse.ts';
import { subscriptions } from './index.ts';

const clock = fixedClock('Asia/Shanghai', new Date('2026-11-20T14:20:00+08:00'));

const read = (line: string) => {
  const parsed = parse(line, subscriptions.commands, clock, 'zh');
  return parsed && [parsed.command.name.split('.')[1], parsed.args];
};

describe('a subscribing line', () => {
  it.each([
    ['订阅 今日外呼 每天18:00', { line: '今日外呼', when: '每天18:00' }],
    ['订阅今日外呼，每天18：00。', { line: '今日外呼', when: '每天18:00' }],
    ['订阅 每天18:00 发 今日外呼 到群里', { line: '今日外呼', when: '每天18:00', to: 'here' }],
    ['请订阅 我的奖励 每周一9点 给我', { line: '我的奖励', when: '每周一9点', to: 'me' }],
    ['订阅 每周一9点给我发我的奖励', { line: '我的奖励', when: '每周一9点', to: 'me' }],
    [
      '订阅 「司机 D-1023 近24小时趋势」 每工作日9:30 到这里',
      { line: '司机 D-1023 近24小时趋势', when: '每工作日9:30', to: 'here' },
    ],
    ['订阅 上月外呼 每月1日 10点 错过不补', { line: '上月外呼', when: '每月1日 10点', missed: 'skip' }],
    ['subscribe "calls today" every day at 18:00', { line: 'calls today', when: 'every day at 18:00' }],
    ['/subscribe calls today every day at 18:00 here', { line: 'calls today', when: 'every day at 18:00', to: 'here' }],
    ['subscribe every monday at 9am "my reward" to me', { line: 'my reward', when: 'every monday at 9am', to: 'me' }],
    [
      'subscribe “calls every day at 9:00” weekdays at 9am',
      { line: 'calls every day at 9:00', when: 'weekdays at 9am' },
    ],
    [
      'subscribe calls month monthly on the 1st at 10:00 all missed',
      { line: 'calls month', when: 'monthly on the 1st at 10:00', missed: 'all' },
    ],
    ['订阅 今日外呼 每隔三天', { line: '今日外呼', when: '每隔三天' }],
    ['订阅', {}],
  ])('%s', (line, args) => expect(read(line)).toEqual(['add', args]));

  it.each([
    ['订阅列表', ['list', {}]],
    ['我的订阅', ['list', {}]],
    ['subscriptions', ['list', {}]],
    ['退订 3', ['remove', { id: '3' }]],
    ['取消订阅 #3', ['remove', { id: '3' }]],
    ['unsubscribe 3', ['remove', { id: '3' }]],
  ])('%s', (line, call) => expect(read(line)).toEqual(call));
});
