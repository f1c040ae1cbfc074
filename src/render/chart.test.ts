import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import JSON5 from 'json5';
import { afterEach, describe, expect, it } from 'vitest';
import { Chart } from '../core/message.ts';
import { drawOnCanvas } from './canvas.ts';
import { createChartRenderer } from './chart.ts';
import { chartConfig } from './chart-config.ts';

const chart = Chart.parse({
  title: '近7天 312 单',
  labels: ['10-11', '10-12'],
  unit: '单',
  series: [{ name: '完成', kind: 'bar', role: 'subject', values: [3, 5] }],
});

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

describe('the chart renderer', () => {
  it('draws a chart once and remembers it', async () => {
    const { draw } = createChartRenderer();
    const [first, second] = await Promise.all([draw(chart), draw(chart)]);
    expect(first).toMatchObject({ mime: 'image/png', alt: '近7天 312 单' });
    expect(second.bytes).toBe(first.bytes);
    expect((await draw(structuredClone(chart))).bytes).toBe(first.bytes);
    expect((await draw({ ...chart, title: '别的' })).bytes).not.toBe(first.bytes);
  });

  it('sends the same configuration to a QuickChart server, with its key', async () => {
    const asked: Record<string, unknown>[] = [];
    const url = await serve(async (body) => {
      asked.push(body);
      return drawOnCanvas(JSON5.parse(String(body['chart'])), { width: 1200, height: 675 });
    });
    const there = await createChartRenderer({ quickchartUrl: `${url}/charts/?key=secret` }).draw(chart);
    expect(asked).toMatchObject([
      {
        path: '/charts/chart',
        width: 1200,
        height: 675,
        version: '4',
        format: 'png',
        devicePixelRatio: 1,
        key: 'secret',
      },
    ]);
    expect(JSON.parse(String(asked[0]?.['chart']))).toEqual(chartConfig(chart));
    expect(there.bytes).toEqual((await createChartRenderer().draw(chart)).bytes);
  });

  it.each([
    ['says 500', () => Promise.reject(new Error('down')), /500/],
    ['answers with a page', () => Promise.resolve(Buffer.from('<html>')), /not a PNG/],
    ['does not answer', () => new Promise<never>(() => {}), /no answer within 300 ms/],
  ])('draws here where the server %s, and leaves it alone for a while', async (_, answer, reason) => {
    let asked = 0;
    const url = await serve(() => {
      asked++;
      return answer();
    });
    const warnings: string[] = [];
    const log = { warn: (fields: object) => void warnings.push(JSON.stringify(fields)) };
    const { draw } = createChartRenderer({ quickchartUrl: url, timeout: 300, log: log as never });
    const picture = await draw(chart);
    expect(Buffer.from(picture.bytes.subarray(1, 4)).toString()).toBe('PNG');
    expect(warnings).toEqual([expect.stringMatching(reason)]);
    await draw({ ...chart, title: '下一张' });
    expect(asked).toBe(1);
    server?.closeAllConnections();
  });
});

/** A server that takes QuickChart's POST and answers with bytes. */
async function serve(answer: (body: Record<string, unknown>) => Promise<Uint8Array>): Promise<string> {
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
    try {
      response.end(await answer({ ...body, path: request.url }));
    } catch {
      response.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
