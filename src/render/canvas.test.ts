import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { Chart } from '../core/message.ts';
import { drawOnCanvas, warmUp } from './canvas.ts';
import { chartConfig, chartSize } from './chart-config.ts';
import { DrawingError } from './chart-input.ts';
import { PALETTE } from './palette.ts';

const { createCanvas, loadImage } = createRequire(import.meta.url)(
  '@napi-rs/canvas',
) as typeof import('@napi-rs/canvas');
const SIZE = { width: 600, height: 300 };

beforeAll(warmUp);

describe('drawing on the canvas', () => {
  it('makes a PNG of a chart in its size, on white, with bars in blue', async () => {
    const pixels = await pixelsOf(await drawOnCanvas(chartConfig(chart('完成')), chartSize(chart('完成'))));
    expect([pixels.width, pixels.height]).toEqual([1200, 675]);
    expect(pixels.share('#FFFFFF')).toBeGreaterThan(0.5);
    expect(pixels.share(PALETTE.subject)).toBeGreaterThan(0.08);
  });

  it('draws Chinese, and signs that the main fonts lack, each in its own shape', async () => {
    const shapes = await Promise.all(
      ['单', '元', '▲', '▼', '貳'].map((title) =>
        drawOnCanvas(chartConfig({ ...chart(''), title }), chartSize(chart(''))),
      ),
    );
    expect(new Set(shapes.map((bytes) => Buffer.from(bytes).toString('base64'))).size).toBe(shapes.length);
  });

  it('knows JPEG, WebP, a ratio of pixels and a background', async () => {
    const jpeg = await drawOnCanvas(plain(), {
      ...SIZE,
      format: 'jpg',
      backgroundColor: '#FF0000',
      devicePixelRatio: 2,
    });
    expect(Buffer.from(jpeg.subarray(0, 3))).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    const pixels = await pixelsOf(jpeg);
    expect(pixels.width).toBe(1200);
    expect(pixels.data[0]).toBeGreaterThan(240);
    expect(pixels.data[1]).toBeLessThan(20);
    const webp = await drawOnCanvas(plain(), { ...SIZE, format: 'webp' });
    expect(Buffer.from(webp.subarray(8, 12)).toString()).toBe('WEBP');
  });

  it.each([
    [
      'a function',
      { options: { scales: { y: { ticks: { callback: () => 'x' } } } } },
      /options\.scales\.y\.ticks\.callback is a function/,
    ],
    ['an unknown type', { type: 'cake' }, /type must be one of bar/],
    ['no data', { data: {} }, /data\.datasets must be a list/],
    ['a time axis', { options: { scales: { x: { type: 'time' } } } }, /x is a time axis/],
    ['too many points', { data: { datasets: [{ data: Array(5000).fill(1) }] } }, /at most 4000 points/],
    ['an unsafe name', { options: JSON.parse('{"__proto__":{"a":1}}') as object }, /__proto__/],
    ['a wrong option', { options: { scales: { y: { ticks: 5 } } } }, /cannot be drawn/],
    ['labels that are no list', { data: { labels: 5, datasets: [{ data: [1] }] } }, /cannot be drawn/],
  ])('refuses %s, and says so', async (_, change, message) => {
    await expect(drawOnCanvas({ ...plain(), ...change }, SIZE)).rejects.toThrow(message);
    await expect(drawOnCanvas({ ...plain(), ...change }, SIZE)).rejects.toThrow(DrawingError);
  });

  it('refuses sizes without measure', async () => {
    await expect(drawOnCanvas(plain(), { width: 4000, height: 300 })).rejects.toThrow(/20 to 3000 pixels/);
    await expect(drawOnCanvas(plain(), { width: 1600, height: 300, devicePixelRatio: 2 })).rejects.toThrow(/3000/);
    await expect(drawOnCanvas(plain(), { width: Number.NaN, height: 300 })).rejects.toThrow(/NaN/);
  });

  it('ends whatever it is given, and goes on after it', async () => {
    const hard: [object, object][] = [
      [{}, { scales: { y: { ticks: { count: 1e9 } } } }],
      [{}, { scales: { y: { min: 0, max: 1e15, ticks: { stepSize: 1e-9 } } } }],
      [{ borderDash: [1e-9, 1e-9], pointRadius: 1e12, borderWidth: 1e12 }, {}],
      [{}, { font: { size: 1e9 }, layout: { padding: 1e9 } }],
    ];
    for (const [dataset, options] of hard) {
      const config = { ...plain(), data: { labels: ['a', 'b'], datasets: [{ data: [1, 2], ...dataset }] }, options };
      expect((await drawOnCanvas(config, SIZE)).length).toBeGreaterThan(100);
    }
    expect((await pixelsOf(await drawOnCanvas(plain(), SIZE))).width).toBe(600);
  });

  it('draws many at once, each its own', async () => {
    const one = await drawOnCanvas(chartConfig(chart('甲')), chartSize(chart('甲')));
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) => chart(index % 2 ? '甲' : '乙')).map((each) =>
        drawOnCanvas(chartConfig(each), chartSize(each)),
      ),
    );
    expect(all.map((bytes) => Buffer.compare(bytes, one) === 0)).toEqual(all.map((_, index) => index % 2 === 1));
  });
});

function chart(title: string): Chart {
  const values = [5, 3, null, 8];
  return Chart.parse({
    title,
    labels: ['一', '二', '三', '四'],
    series: [{ name: '完成', kind: 'bar', role: 'subject', values }],
  });
}

function plain() {
  return { type: 'line', data: { labels: ['a', 'b'], datasets: [{ label: 'x', data: [1, 2] }] } };
}

async function pixelsOf(bytes: Uint8Array) {
  const image = await loadImage(Buffer.from(bytes));
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  /** The part of all pixels that have exactly this colour. */
  const share = (hex: string) => {
    const wanted = Buffer.from(hex.slice(1), 'hex');
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === wanted[0] && data[at + 1] === wanted[1] && data[at + 2] === wanted[2]) count++;
    }
    return count / (width * height);
  };
  return { width, height, data, share };
}
