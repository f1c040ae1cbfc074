import { describe, expect, it } from 'vitest';
import { AskerError } from '../../core/errors.ts';
import { saySchedule } from './schedule.ts';
import { findSchedule, readSchedule } from './schedule-words.ts';

describe('a schedule in words', () => {
  it.each([
    ['每天18:00', '每天 18:00'],
    ['每天 18：00', '每天 18:00'],
    ['每日 9点', '每天 09:00'],
    ['每天下午6点半', '每天 18:30'],
    ['每天 下午六点半', '每天 18:30'],
    ['每天上午九点一刻', '每天 09:15'],
    ['每天十八点三十分', '每天 18:30'],
    ['每晚8点', '每天 20:00'],
    ['每天早上8点、晚上8点', '每天 08:00、20:00'],
    ['每天9:00和18:00', '每天 09:00、18:00'],
    ['每天中午12点', '每天 12:00'],
    ['每天中午1点', '每天 13:00'],
    ['每天凌晨0点', '每天 00:00'],
    ['18:00', '每天 18:00'],
    ['每周一9点', '每周一 09:00'],
    ['每周一 7:30', '每周一 07:30'],
    ['每周一18:00', '每周一 18:00'],
    ['每周一六点半', '每周一 06:30'],
    ['每周一十点', '每周一 10:00'],
    ['每星期天 10点', '每周日 10:00'],
    ['每周1、3、5 9点', '每周一、三、五 09:00'],
    ['每周一三五9点', '每周一、三、五 09:00'],
    ['每周一和周四 9点', '每周一、四 09:00'],
    ['每周五、周一 9点', '每周一、五 09:00'],
    ['每周一到周五 9:30', '每周一到五 09:30'],
    ['每周末 9:30', '每周六、日 09:30'],
    ['每工作日 9:30', '每工作日 09:30'],
    ['工作日9点半', '每工作日 09:30'],
    ['每个工作日的9:30', '每工作日 09:30'],
    ['每月1日 10点', '每月1日 10:00'],
    ['每月1号、15号 10点', '每月1日、15日 10:00'],
    ['每月十五号10点', '每月15日 10:00'],
    ['每个月最后一天 18点', '每月最后一天 18:00'],
    ['月底 18点', '每月最后一天 18:00'],
    ['every day at 18:00', '每天 18:00'],
    ['daily 6:30 pm', '每天 18:30'],
    ['at 9 every day', '每天 09:00'],
    ['every day at 9am and 6pm', '每天 09:00、18:00'],
    ['every day at 12am', '每天 00:00'],
    ['every day at noon', '每天 12:00'],
    ['weekdays at 9am', '每周一到五 09:00'],
    ['every weekday at 9 am', '每周一到五 09:00'],
    ['every workday at 9:30', '每工作日 09:30'],
    ['working days 9:30', '每工作日 09:30'],
    ['every monday 09:00', '每周一 09:00'],
    ['Every Mon, Wed and Fri at 9am', '每周一、三、五 09:00'],
    ['tuesdays and thursdays at 9am', '每周二、四 09:00'],
    ['at 9am on sunday', '每周日 09:00'],
    ['mon-fri 9:00', '每周一到五 09:00'],
    ['every monday to thursday at 9:00', '每周一、二、三、四 09:00'],
    ['monthly on the 1st at 10:00', '每月1日 10:00'],
    ['the 1st and 15th of every month at 10am', '每月1日、15日 10:00'],
    ['every month on the last day at 6pm', '每月最后一天 18:00'],
  ])('%s', (words, meaning) => {
    const schedule = readSchedule(words, 'zh');
    expect(saySchedule(schedule, 'zh')).toBe(meaning);
    expect(findSchedule(words)).toEqual({ at: 0, length: words.length });
    // What is said back can be typed.
    expect(readSchedule(saySchedule(schedule, 'zh'), 'zh')).toEqual(schedule);
    expect(readSchedule(saySchedule(schedule, 'en'), 'en')).toEqual(schedule);
  });

  it('every hour is twenty-four times a day', () => {
    expect(readSchedule('每小时', 'zh').times).toHaveLength(24);
    expect(readSchedule('hourly', 'en').times.at(-1)).toBe('23:00');
  });

  it.each([
    ['每天', '「每天」没有说几点。'],
    ['every monday', '“every monday” does not say at what time.'],
    ['每天25点', '时间不对：「25点」。'],
    ['每天9:75', '时间不对：「9:75」。'],
    ['每天晚上12点', '时间不对：「晚上12点」。'],
    ['every day at 13pm', '“13pm” is not a time.'],
    ['每月32日 9点', '日期不对：「每月32日」。'],
    ['每周五到周一 9点', '日期不对：「每周五到周一」。'],
    ['每周八 9点', '时间看不懂：「每周八」。'],
    ['每周11点', '时间看不懂：「每周」。'],
    ['每3天 9点', '时间看不懂：「每3天」。'],
    ['every fortnight at 9am', 'I cannot read “every fortnight at” as a time.'],
    ['', '「」没有说几点。'],
  ])('refused: %s', (words, message) => {
    try {
      readSchedule(words, /[a-z]/.test(words) ? 'en' : 'zh');
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).toBe(message);
      expect((error as AskerError).example).toMatch(/18:00/);
    }
  });

  it.each([
    ['今日外呼 每天18:00', '每天18:00'],
    ['每天18:00 今日外呼', '每天18:00'],
    ['司机 D-1023 近24小时趋势 每工作日 9:30', '每工作日 9:30'],
    ['calls month monthly on the 1st at 10:00', 'monthly on the 1st at 10:00'],
    ['今日外呼 每天', '每天'],
    ['今日外呼 每隔三天 九点', '每隔三天 九点'],
    ['工作日报 18:00', '18:00'],
  ])('is found within a line: %s', (line, words) => {
    const found = findSchedule(line);
    expect(found && line.slice(found.at, found.at + found.length)).toBe(words);
  });

  it('a line without a schedule has none', () => {
    expect(findSchedule('司机 D-1023 近24小时趋势')).toBeNull();
    expect(findSchedule('calls 2025-10-25')).toBeNull();
  });

  it('is an error of the asker', () => expect(() => readSchedule('每天', 'zh')).toThrow(AskerError));
});
