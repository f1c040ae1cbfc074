import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chart } from '../core/message.ts';
import { axisFor } from './chart-axis.ts';
import { chartConfig, chartSize } from './chart-config.ts';
import type { JsonObject } from './chart-style.ts';
import { thinned } from './chart-ticks.ts';

const HOURS = ['9时', '10时', '11时', '12时'];
const day = Chart.parse({
  title: '今日外呼 15,305 通，接通 16.31%',
  labels: HOURS,
  unit: '通',
  rightUnit: '%',
  footnote: '缓存',
  series: [
    { name: '今日', kind: 'bar', role: 'subject', values: [820, 1604, null, 1320] },
    { name: '昨日', kind: 'bar', role: 'comparison', values: [760, 1500, 1690, 1280] },
    { name: '接通率', kind: 'line', role: 'trend', values: [14, 17.8, null, 16.31], axis: 'right', unit: '%' },
  ],
});

describe('the configuration of a chart', () => {
  it('is JSON, so that any server draws the same', () => {
    const config = chartConfig(day);
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });

  it('keeps gaps as gaps and marks those among bars', () => {
    const [notes, bars] = chartConfig(day).data.datasets;
    expect(pointsOf(bars).map(({ y }) => y)).toEqual([820, 1604, null, 1320]);
    expect(wordsOf(notes)).toContain('–');
  });

  it('writes units, names and the last rate; the axis of the rate has its own unit', () => {
    const { data, options } = chartConfig(day);
    expect(wordsOf(data.datasets[0])).toEqual(['通', '■ 今日', '■ 昨日', '━ 接通率', '16.31%', '–']);
    const right = (options['scales'] as JsonObject)['right'] as { min: number; max: number; ticks: JsonObject };
    expect(right).toMatchObject({ min: 0, max: 20, ticks: { format: { style: 'unit', unit: 'percent' } } });
  });

  it('names lines at their end, apart from each other', () => {
    const line = (name: string, role: string, last: number) => ({
      name,
      role,
      kind: 'line',
      values: [40, 41, 42, last],
    });
    const series = [line('完成', 'subject', 44.6), line('7日均值', 'subject-2', 44.5), line('趋势', 'trend', 44.4)];
    const notes = chartConfig(Chart.parse({ title: '趋势', labels: HOURS, unit: '单', series })).data.datasets[0];
    const ends = pointsOf(notes).filter(({ label }) => label.includes('44'));
    expect(ends.map(({ label }) => label)).toEqual(['完成 44.6 单', '7日均值 44.5 单', '趋势 44.4 单']);
    const [a = 0, b = 0, c = 0] = ends.map(({ y }) => Number(y));
    expect(Math.min(a - b, b - c)).toBeGreaterThan(0.06);
  });

  it('cuts long names of a ranking, and the ranking itself, which then says so', () => {
    const labels = Array.from({ length: 31 }, (_, index) => `上海市浦东新区陆家嘴第${index}服务站`);
    const values = labels.map((_, index) => 100 - index);
    const chart = Chart.parse({
      title: '排行',
      shape: 'ranking',
      labels,
      unit: '元',
      series: [{ name: '业绩', kind: 'bar', role: 'subject', values }],
    });
    const { data, options } = chartConfig(chart);
    expect(data.labels).toHaveLength(20);
    expect(data.labels[0]).toBe('上海市浦东新区陆家…');
    expect(options['plugins']).toMatchObject({ subtitle: { text: '1–20 / 31' } });
    expect(chartSize(chart).height).toBeGreaterThan(1000);
    expect(chartSize(day)).toEqual({ width: 1200, height: 675 });
  });

  it('takes control characters and emoji out of names', () => {
    const { data } = chartConfig({ ...day, title: '王师傅\n🚚\u0007 12 单', labels: HOURS });
    expect(JSON.stringify([data, chartConfig({ ...day, title: 'a\nb🚚' }).options])).not.toMatch(/\\n|\\u0007|🚚/);
  });

  it('can be made of every chart', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    const series = fc.record({
      name: text,
      kind: fc.constantFrom('bar', 'line'),
      role: fc.constantFrom('subject', 'subject-2', 'comparison', 'trend', 'target', 'good', 'warn', 'bad'),
      values: fc.array(fc.option(fc.double({ min: -1e12, max: 1e12, noNaN: true })), { maxLength: 40 }),
      axis: fc.constantFrom('left', 'right'),
      unit: fc.constantFrom('', '%', '单'),
      dashed: fc.boolean(),
    });
    const charts = fc.record({
      title: text,
      labels: fc.array(text, { maxLength: 40 }),
      series: fc.array(series, { minLength: 1, maxLength: 5 }),
      unit: fc.constantFrom('', '%', '元'),
      shape: fc.constantFrom('columns', 'ranking'),
    });
    fc.assert(
      fc.property(charts, (chart) => {
        const config = chartConfig(Chart.parse(chart));
        expect(JSON.stringify(config)).not.toMatch(/NaN/);
        expect(JSON.parse(JSON.stringify(config))).toEqual(config);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an axis', () => {
  it.each([
    [[1750, 220], { fromZero: true }, { min: 0, max: 2000, step: 500 }],
    [[93.4, 90.1], { fromZero: false, cap: 100 }, { min: 90, max: 94, step: 1 }],
    [[97, 12], { fromZero: true, cap: 100 }, { min: 0, max: 100, step: 25 }],
    [[-20, 8], { fromZero: true }, { min: -30, max: 10, step: 10 }],
    [[1], { fromZero: true }, { min: 0, max: 2, step: 1 }],
    [[0.3, 0.1], { fromZero: true }, { min: 0, max: 0.4, step: 0.1 }],
    [[], { fromZero: true }, { min: 0, max: 2, step: 1 }],
  ])('around %j has round steps', (values, options, axis) => {
    expect(axisFor(values, options)).toEqual(axis);
  });

  it('always holds its values, in few steps', () => {
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.boolean(), (some, fromZero) => {
        const axis = axisFor(some, { fromZero });
        expect(axis.min).toBeLessThanOrEqual(Math.min(...some));
        expect(axis.max).toBeGreaterThanOrEqual(Math.max(...some));
        expect((axis.max - axis.min) / axis.step).toBeLessThan(6);
      }),
    );
  });
});

describe('labels of the x axis', () => {
  it('of a month are thinned evenly and take two lines', () => {
    const labels = Array.from({ length: 31 }, (_, index) => `10-${String(index + 1).padStart(2, '0')} 周五`);
    const shown = thinned(labels, 1050).flatMap((label, index) => (label === '' ? [] : [{ label, index }]));
    expect(shown[0]?.label).toEqual(['10-01', '周五']);
    expect(new Set(shown.slice(1).map(({ index }, at) => index - (shown[at]?.index ?? 0)))).toEqual(new Set([4]));
  });

  it('of a week are all there', () => {
    expect(thinned(['10-11 周日', '10-12 周一'], 1000)).toEqual([
      ['10-11', '周日'],
      ['10-12', '周一'],
    ]);
  });
});

function pointsOf(dataset: JsonObject | undefined) {
  return (dataset?.['data'] ?? []) as unknown as { y: number | null; label: string }[];
}

function wordsOf(dataset: JsonObject | undefined): string[] {
  return pointsOf(dataset).map(({ label }) => label);
}
