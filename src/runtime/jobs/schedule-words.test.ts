import { expect, test } from 'vitest';
import { scheduleWords } from './schedule-words.ts';

test.each([
  [null, '只手动运行'],
  ['* * * * *', '每分钟'],
  ['*/10 * * * *', '每 10 分钟'],
  ['1-59/5 * * * *', '每 5 分钟'],
  ['*/10 9-23 * * *', '每天 9–23 点，每 10 分钟'],
  ['20 * * * *', '每小时第 20 分'],
  ['5,35 8-23 * * *', '每天 8–23 点，每小时第 5、35 分'],
  ['0 9-12 * * *', '每天 9–12 点的整点'],
  ['30 8 * * *', '每天 08:30'],
  ['5 1,10,15,21 * * *', '每天 01:05、10:05、15:05、21:05'],
  ['30 9 * * 1', '每周一 09:30'],
  ['30 9 * * 7', '每周日 09:30'],
  ['0 9 * * 1-5', '周一至周五 09:00'],
  ['20 9 1 * *', '每月 1 日 09:20'],
])('%s is said as %s', (cron, words) => {
  expect(scheduleWords(cron, 'zh')).toBe(words);
});

test('what is rarer, and English, is said by cronstrue', () => {
  expect(scheduleWords('0 9 1 1 *', 'zh')).toContain('一月');
  expect(scheduleWords('30 9 * * 1', 'en')).toBe('At 09:30, only on Monday');
});
