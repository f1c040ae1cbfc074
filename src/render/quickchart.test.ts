import { describe, expect, it } from 'vitest';
import { drawOnCanvas } from './canvas.ts';
import { readQuickChart } from './quickchart.ts';

const SIZE = { width: 300, height: 200 };

describe('a chart in QuickChart’s form', () => {
  it('is a JavaScript literal, with comments and undefined', () => {
    const text = `{ // a chart
      type: 'bar', data: { labels: ['=> function', "it's", 'a /* b'], datasets: [{ data: [1, .5, +2,], label: undefined }] } /* end */ }`;
    expect(readQuickChart(text, '4')).toEqual({
      type: 'bar',
      data: { labels: ['=> function', "it's", 'a /* b'], datasets: [{ data: [1, 0.5, 2] }] },
    });
  });

  it.each([
    ['{a: (v) => v}', /holds a function/],
    ['{a: function (v) { return v }}', /holds a function/],
    ['{a: new Date(1)}', /holds code \(new\)/],
    ['{a: `x`}', /holds code/],
    ['{a: process.exit()}', /not a JavaScript literal/],
    ['{a(v) { return v }}', /not a JavaScript literal/],
    ['', /not a JavaScript literal/],
    ['['.repeat(90_000), /not a JavaScript literal/],
    ['x'.repeat(200_000), /longer than 100000/],
  ])('is never run: %.30s', (text, message) => {
    expect(() => readQuickChart(text, '4')).toThrow(message);
  });

  it('is read in time, whatever is open in it', () => {
    for (const text of ["'\\'".repeat(25_000), '/*'.repeat(49_000), '"'.repeat(99_999), '{a:'.repeat(30_000)]) {
      expect(() => readQuickChart(text, '4')).toThrow();
    }
  }, 4_000);

  it('of version 2 is brought to version 4, and can be drawn', async () => {
    const old = {
      type: 'horizontalBar',
      data: { labels: ['a'], datasets: [{ data: [1], yAxisID: 'names' }] },
      options: {
        title: { display: true, text: 'T', fontSize: 20, fontColor: 'red' },
        legend: { labels: { fontFamily: 'Arial' } },
        scales: {
          xAxes: [
            {
              ticks: { beginAtZero: true, max: 5, fontSize: 9 },
              gridLines: { display: false },
              scaleLabel: { display: true, labelString: '单' },
            },
          ],
          yAxes: [{ id: 'names', stacked: true }],
        },
      },
    };
    const config = readQuickChart(old, '2.9.4');
    expect(config).toEqual({
      type: 'bar',
      data: { labels: ['a'], datasets: [{ data: [1], yAxisID: 'names' }] },
      options: {
        indexAxis: 'y',
        plugins: {
          title: { display: true, text: 'T', font: { size: 20 }, color: 'red' },
          legend: { labels: { font: { family: 'Arial' } } },
        },
        scales: {
          x: {
            axis: 'x',
            beginAtZero: true,
            max: 5,
            ticks: { font: { size: 9 } },
            grid: { display: false },
            title: { display: true, text: '单' },
          },
          names: { axis: 'y', stacked: true },
        },
      },
    });
    expect((await drawOnCanvas(config, SIZE)).length).toBeGreaterThan(500);
  });

  it('of version 2 is what no version means, and its lines are filled', () => {
    const line = {
      type: 'line',
      data: {
        datasets: [
          { data: [1], lineTension: 0 },
          { data: [2], fill: false },
        ],
      },
    };
    const { data } = readQuickChart(line, undefined) as { data: { datasets: object[] } };
    expect(data.datasets).toEqual([
      { data: [1], fill: true, tension: 0 },
      { data: [2], fill: false, tension: 0.4 },
    ]);
    expect(readQuickChart(line, '4')).toBe(line);
    expect(readQuickChart(7, undefined)).toBe(7);
  });
});
