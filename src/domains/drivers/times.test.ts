import { describe, expect, it } from 'vitest';
import { dayIn, following, momentOf, orderTimes } from './times.ts';

const zone = 'Asia/Shanghai';
const moment = (time: string | undefined, day = '2022-03-26') => momentOf(time, day, zone);
const at = (text: string) => new Date(`${text}+08:00`);

describe('a day', () => {
  it.each([
    ['30-03-2022', '2022-03-30'],
    ['3/4/2022', '2022-04-03'],
    ['2022-03-30', '2022-03-30'],
    ['2022/3/30 14:20', '2022-03-30'],
    ['2022年3月30日', '2022-03-30'],
    ['2022-03-29T17:00:00Z', '2022-03-30'],
  ])('%s is %s', (text, day) => {
    expect(dayIn(text, zone)).toBe(day);
  });

  it.each(['31-02-2022', '03-25-2022', '30-03-22', '0022-03-30', '44650', 'soon'])('%s is none', (text) => {
    expect(dayIn(text, zone)).toBeNull();
  });
});

describe('a time', () => {
  it.each([
    ['14:20', '2022-03-26T14:20:00'],
    ['9:05:07', '2022-03-26T09:05:07'],
    ['24:05:00', '2022-03-27T00:05:00'],
    ['0.5', '2022-03-26T12:00:00'],
    ['0.510416667', '2022-03-26T12:15:00'],
    ['1', '2022-03-27T00:00:00'],
    ['2022-03-28 14:20', '2022-03-28T14:20:00'],
    ['28-03-2022 14:20:30', '2022-03-28T14:20:30'],
    ['2022-03-28T06:20:00Z', '2022-03-28T14:20:00'],
    ['2022-03-28 14:20:00+0800', '2022-03-28T14:20:00'],
  ])('%s is %s', (text, instant) => {
    expect(moment(text)?.at).toEqual(at(instant));
  });

  it.each(['0', '0.0', '-0.5', '1.5', '14:60', '48:00', '14', 'soon', '2022-02-30 14:20', '28-03-2022'])(
    '%s is none',
    (text) => {
      expect(moment(text)).toBeNull();
    },
  );

  it('is wall time on a day of 23 hours', () => {
    const berlin = momentOf('14:20', '2022-03-27', 'Europe/Berlin');
    expect(berlin?.at.toISOString()).toBe('2022-03-27T12:20:00.000Z');
    expect(momentOf('24:20', '2022-03-27', 'Europe/Berlin')?.at.toISOString()).toBe('2022-03-27T22:20:00.000Z');
  });
});

describe('ordered and picked up', () => {
  const times = (ordered?: string, picked?: string) => orderTimes(moment(ordered), moment(picked));

  it('picked up after midnight is on the next day', () => {
    expect(times('23:55:00', '00:10:00')).toEqual([at('2022-03-26T23:55:00'), at('2022-03-27T00:10:00')]);
    expect(times('23:50:00', '00:00:00')[1]).toEqual(at('2022-03-27T00:00:00'));
  });

  it('a pick-up before the order is not known', () => {
    expect(times('14:00:00', '13:00:00')).toEqual([at('2022-03-26T14:00:00'), null]);
    expect(times('2022-03-26 23:00', '2022-03-26 01:00')[1]).toBeNull();
  });

  it('00:00:00 is midnight where the other time bears it out', () => {
    expect(times('00:00:00', '00:15:00')[0]).toEqual(at('2022-03-26T00:00:00'));
    expect(times('00:00:00', undefined)).toEqual([null, null]);
    expect(times('00:00:00', '00:00:00')).toEqual([null, null]);
    expect(times(undefined, '00:00:00')).toEqual([null, null]);
  });

  it('what follows on a named day stays there', () => {
    expect(following(at('2022-03-26T14:00:00'), moment('2022-03-28 09:00'))).toEqual(at('2022-03-28T09:00:00'));
  });
});
