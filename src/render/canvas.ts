import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import type { ChartConfiguration, ChartItem, Chart as ChartJs, Plugin } from 'chart.js';
import { messageOf } from '../core/errors.ts';
import { checkedConfig, DrawingError, textsOf, withFamilies } from './chart-input.ts';
import type { JsonObject } from './chart-style.ts';
import { type Fonts, registerFonts } from './fonts.ts';

export interface DrawOptions {
  /** Of the chart's own pixels; the file has `devicePixelRatio` times as many. */
  width: number;
  height: number;
  devicePixelRatio?: number;
  /** A CSS colour, or `transparent`. */
  backgroundColor?: string;
  format?: PictureFormat;
}
export type PictureFormat = 'png' | 'jpg' | 'webp';

/** Pixels of a side of the file. */
const LARGEST = 3000;
/** Milliseconds that drawing may take; a chart of ours takes ten, the first one on a busy machine a hundred times that. */
const PATIENCE = 5_000;
const QUALITY = 85;

interface Drawer {
  canvas: typeof import('@napi-rs/canvas');
  Chart: typeof ChartJs;
  fonts: Fonts;
}

let drawer: Drawer | undefined;

/** Pictures in memory at once: one of the largest takes 36 MB. */
const AT_ONCE = 4;
let underWay = 0;
const waiting: (() => void)[] = [];

/** Loads Chart.js, the canvas and its fonts, so that the first chart is as fast as the others. */
export async function warmUp(): Promise<void> {
  await drawOnCanvas({ type: 'bar', data: { labels: ['一'], datasets: [{ data: [1] }] } }, { width: 200, height: 100 });
}

/**
 * Draws a Chart.js 4 configuration (plain data, without functions) in this process. Whatever is passed, the work is
 * bounded; encoding happens off the main thread.
 * @throws DrawingError where the configuration, the size or the colour cannot be drawn
 */
export async function drawOnCanvas(config: unknown, options: DrawOptions): Promise<Uint8Array> {
  checkSize(options);
  const checked = checkedConfig(config);
  while (underWay >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  underWay++;
  try {
    return await drawn(checked, options);
  } finally {
    underWay--;
    waiting.shift()?.();
  }
}

async function drawn(config: JsonObject, options: DrawOptions): Promise<Uint8Array> {
  const { width, height, devicePixelRatio = 1, backgroundColor = '#FFFFFF', format = 'png' } = options;
  drawer ??= load();
  const { canvas, Chart, fonts } = drawer;
  const families = fonts.familiesFor(textsOf(config));
  // Data labels take their family from the defaults alone. Drawing is synchronous: nobody else sees them changed.
  Chart.defaults.font.family = families;
  const surface = canvas.createCanvas(width, height);
  const item = surface as unknown as ChartItem & HTMLCanvasElement;
  try {
    bounded(() => new Chart(item, prepared(withFamilies(config, families), devicePixelRatio, backgroundColor)));
    return await (format === 'png'
      ? surface.encode('png')
      : surface.encode(format === 'jpg' ? 'jpeg' : 'webp', QUALITY));
  } catch (error) {
    throw new DrawingError(`the chart cannot be drawn: ${messageOf(error).slice(0, 300)}`, { cause: error });
  } finally {
    discard(Chart, item);
  }
}

/** Chart.js comes by `require`: its data labels plugin does, and both must hold the same classes. */
function load(): Drawer {
  const require = createRequire(import.meta.url);
  const { Chart, registerables } = require('chart.js') as typeof import('chart.js');
  Chart.register(...registerables, require('chartjs-plugin-datalabels') as Plugin);
  const canvas = require('@napi-rs/canvas') as Drawer['canvas'];
  return { canvas, Chart, fonts: registerFonts(canvas) };
}

function checkSize({ width, height, devicePixelRatio: ratio = 1 }: DrawOptions): void {
  const sides = [width, height].map((side) => side * ratio);
  if (!sides.every((side) => side >= 20 && side <= LARGEST) || !(ratio > 0 && ratio <= 4)) {
    throw new DrawingError(`a picture has 20 to ${LARGEST} pixels on each side, not ${sides.join(' × ')}`);
  }
}

/** The configuration with its background, and without data labels unless it asks for them, as QuickChart does. */
function prepared(config: JsonObject, devicePixelRatio: number, backgroundColor: string): ChartConfiguration {
  const options = config['options'] as JsonObject;
  const plugins = (options['plugins'] ?? {}) as JsonObject;
  const round = config['type'] === 'pie' || config['type'] === 'doughnut';
  const background: Plugin = {
    id: 'background',
    beforeDraw({ ctx, width, height }) {
      ctx.save();
      ctx.fillStyle = backgroundColor;
      ctx.fillRect(0, 0, width, height);
      ctx.restore();
    },
  };
  return {
    ...config,
    options: { ...options, devicePixelRatio, plugins: { datalabels: { display: round }, ...plugins } },
    plugins: [background],
  } as unknown as ChartConfiguration;
}

/** Runs synchronous work and stops it where it takes too long: a watchdog of V8's ends it, loops included. */
function bounded(work: () => void): void {
  runInNewContext('work()', { work }, { timeout: PATIENCE });
}

/** Takes a chart out of Chart.js's own lists, one that failed half-way too. */
function discard(Chart: typeof ChartJs, item: HTMLCanvasElement): void {
  const chart = Chart.getChart(item);
  if (!chart) return;
  try {
    chart.destroy();
  } catch {
    delete Chart.instances[chart.id];
  }
}
