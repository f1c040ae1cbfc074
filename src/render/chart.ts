import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import quickchart from 'quickchart-js';
import { messageOf, UpstreamError } from '../core/errors.ts';
import type { Chart } from '../core/message.ts';
import type { Picture } from '../core/platform.ts';
import { type DrawOptions, drawOnCanvas, warmUp } from './canvas.ts';
import { type ChartJsConfig, chartConfig, chartSize } from './chart-config.ts';
import { PALETTE } from './palette.ts';

export interface ChartRenderer {
  /** A chart as a PNG, by the QuickChart server where one is set, else, or where that fails, in this process. */
  draw(chart: Chart): Promise<Picture>;
  /** Any Chart.js 4 configuration in this process. @throws DrawingError where it cannot be drawn */
  drawConfig(config: unknown, options: DrawOptions): Promise<Uint8Array>;
  /** Loads fonts and code ahead of the first chart (about 0.3 s). */
  warmUp(): Promise<void>;
}

export interface ChartRendererOptions {
  /** `https://host[:port][/path]`; `?key=…` is sent as the key. */
  quickchartUrl?: string | undefined;
  log?: Pick<Logger, 'warn'> | undefined;
  /** Milliseconds to wait for the server before drawing here. */
  timeout?: number;
}

/** Its types say that the class lies in `default`, as in CommonJS; what is loaded is the class itself. */
const QuickChart = quickchart as unknown as typeof quickchart.default;
/** Bytes of pictures that are kept: the same chart often goes to several rooms at once, and is asked for again. */
const KEPT_BYTES = 24 * 1024 * 1024;
/** After a failure the server is left alone for as many charts, so that a dead one does not slow every answer. */
const SKIPPED_AFTER_FAILURE = 20;

/** Draws charts; keeps the latest pictures, by content. Loads nothing until the first. */
export function createChartRenderer(options: ChartRendererOptions = {}): ChartRenderer {
  const recent = new Recent();
  const drawing = options.quickchartUrl ? withServer(options.quickchartUrl, options) : drawHere;
  return {
    async draw(chart) {
      const config = chartConfig(chart);
      const size = chartSize(chart);
      const key = createHash('sha256')
        .update(JSON.stringify([config, size]))
        .digest('base64');
      const bytes = await recent.get(key, () => drawing(config, size));
      return { bytes, mime: 'image/png', alt: chart.title };
    },
    drawConfig: drawOnCanvas,
    warmUp,
  };
}

type Draw = (config: ChartJsConfig, size: { width: number; height: number }) => Promise<Uint8Array>;

const drawHere: Draw = (config, size) => drawOnCanvas(config, size);

function withServer(address: string, { log, timeout = 5_000 }: ChartRendererOptions): Draw {
  let skip = 0;
  return async (config, size) => {
    if (skip > 0) {
      skip--;
      return drawHere(config, size);
    }
    try {
      return await within(timeout, drawThere(new URL(address), config, size));
    } catch (error) {
      skip = SKIPPED_AFTER_FAILURE;
      log?.warn({ reason: messageOf(error) }, 'the QuickChart server did not draw; charts are drawn here for a while');
      return drawHere(config, size);
    }
  };
}

async function drawThere(
  url: URL,
  config: ChartJsConfig,
  size: { width: number; height: number },
): Promise<Uint8Array> {
  const server = new QuickChart(url.searchParams.get('key') ?? undefined)
    .setScheme(url.protocol.slice(0, -1))
    .setHost(`${url.host}${url.pathname.replace(/\/(chart)?\/?$/, '')}`)
    // As text: it is JSON already, which a server reads as the literal it expects.
    .setConfig(JSON.stringify(config))
    .setVersion('4')
    .setWidth(size.width)
    .setHeight(size.height)
    .setDevicePixelRatio(1)
    .setFormat('png')
    .setBackgroundColor(PALETTE.background);
  const bytes = await server.toBinary();
  // A PNG begins with these bytes; a proxy's error page does not.
  if (bytes.subarray(0, 4).toString('latin1') !== '\u0089PNG') throw new UpstreamError('the answer is not a PNG');
  return bytes;
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UpstreamError(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Pictures by key: one that is being drawn is waited for, and the ones used longest ago go when the bytes are too many. */
class Recent {
  readonly #kept = new Map<string, Uint8Array>();
  readonly #underWay = new Map<string, Promise<Uint8Array>>();
  #bytes = 0;

  async get(key: string, draw: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const underWay = this.#underWay.get(key) ?? this.#draw(key, draw);
    this.#underWay.set(key, underWay);
    return underWay;
  }

  async #draw(key: string, draw: () => Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      const bytes = await draw();
      this.#kept.set(key, bytes);
      this.#bytes += bytes.length;
      for (const [oldest, picture] of this.#kept) {
        if (this.#bytes <= KEPT_BYTES) break;
        this.#kept.delete(oldest);
        this.#bytes -= picture.length;
      }
      return bytes;
    } finally {
      this.#underWay.delete(key);
    }
  }
}
