import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChartConfiguration } from 'chart.js';
import Fastify, { type FastifyInstance } from 'fastify';
import quickchart from 'quickchart-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chart } from '../core/message.ts';
import { createChartRenderer } from '../render/chart.ts';
import { openPictures, type Pictures } from '../render/pictures.ts';
import { type ChartRouteTools, chartRoutes } from './chart-routes.ts';
import { signPath, verifySigned } from './signed.ts';

const QuickChart = quickchart as unknown as typeof quickchart.default;
const KEY = 'signing key';
const NOW = new Date('2026-11-20T06:20:00Z');
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const CONFIG: ChartConfiguration = {
  type: 'bar',
  data: { labels: ["It's", '周五'], datasets: [{ label: '完成', data: [3, 5] }] },
};

let app: FastifyInstance;
let address: string;
let folder: string;
let pictures: Pictures;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'charts-'));
  pictures = openPictures(folder);
  const tools: ChartRouteTools = {
    charts: createChartRenderer(),
    pictures,
    key: KEY,
    clock: { zone: 'Asia/Shanghai', now: () => NOW },
    tokenOk: (token) => token === 'good',
  };
  app = Fastify();
  await app.register(chartRoutes(tools));
  address = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const here = (token = 'good') => new QuickChart(token).setScheme('http').setHost(new URL(address).host);

describe('/chart, as quickchart-js asks', () => {
  it('answers with the picture', async () => {
    const bytes = await here().setConfig(CONFIG).setWidth(400).setHeight(200).setVersion('4').toBinary();
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([400, 200]);
  });

  it('knows version 2, which is the default', async () => {
    const old = {
      ...CONFIG,
      options: { title: { display: true, text: '近7天' }, scales: { yAxes: [{ ticks: { beginAtZero: true } }] } },
    };
    const bytes = await here()
      .setConfig(old as never)
      .toBinary();
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  });

  it('answers to its address too, with a ratio of pixels and a format', async () => {
    const chart = here().setConfig(CONFIG).setWidth(300).setHeight(150).setDevicePixelRatio(2).setFormat('jpg');
    const answer = await fetch(chart.getUrl());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  });

  it('does not know other tokens', async () => {
    await expect(here('bad').setConfig(CONFIG).toBinary()).rejects.toThrow(/401\n.*send a token/);
    const bearer = { authorization: 'Bearer good' };
    expect((await post('/chart', { chart: CONFIG }, bearer)).statusCode).toBe(200);
    expect((await post('/chart', { chart: CONFIG })).statusCode).toBe(401);
    expect((await post('/chart', { chart: CONFIG, key: ['good'] })).statusCode).toBe(401);
  });

  it('runs no function, and says so', async () => {
    const config = {
      ...CONFIG,
      options: { scales: { y: { ticks: { callback: (value: unknown) => `${String(value)} 单` } } } },
    };
    await expect(
      here()
        .setConfig(config as never)
        .toBinary(),
    ).rejects.toThrow(/400\n.*functions are not run here/);
  });

  it.each([
    [{}, /the chart is missing/],
    [{ chart: '{type:' }, /not a JavaScript literal/],
    [{ chart: CONFIG, format: 'svg' }, /format is one of png, jpg/],
    [{ chart: CONFIG, width: 9000 }, /20 to 3000 pixels/],
    [{ chart: CONFIG, width: 'wide' }, /width/],
    [{ chart: { type: 'cake' }, version: 4 }, /type must be one of/],
  ])('refuses %j', async (body, message) => {
    const answer = await post('/chart', { ...body, key: 'good' });
    expect(answer.statusCode).toBe(400);
    expect((answer.json() as { error: { message: string } }).error.message).toMatch(message);
  });

  it('makes a signed address that needs no token', async () => {
    const answer = await post('/chart/create', { chart: CONFIG, key: 'good' });
    const { success, url } = answer.json() as { success: boolean; url: string };
    expect(success).toBe(true);
    const { pathname, search } = new URL(url);
    expect((await app.inject(`${pathname}${search}`)).headers['content-type']).toBe('image/png');
  });
});

describe('/charts/NAME', () => {
  it('gives a kept picture to a signed address, for ever the same', async () => {
    const { bytes } = await createChartRenderer().draw(
      Chart.parse({ title: 'T', labels: ['a'], series: [{ name: 's', kind: 'bar', role: 'subject', values: [1] }] }),
    );
    const name = await pictures.keep(bytes, 'image/png');
    const answer = await app.inject(signPath(`/charts/${name}`, KEY, later(60)));
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.equals(bytes)).toBe(true);
    expect(answer.headers['cache-control']).toContain('immutable');
  });

  it('refuses what is not signed, signed by others, expired, or another picture', async () => {
    const path = `/charts/${await pictures.keep(Buffer.from('x'), 'image/png')}`;
    const signed = signPath(path, KEY, later(60));
    const wrong = [
      path,
      signPath(path, 'other', later(60)),
      signPath(path, KEY, NOW),
      signed.replace('exp=', 'exp=9'),
      `${signed}&sig=x`,
    ];
    for (const url of [...wrong, signed.replace(path, `/charts/${'0'.repeat(40)}.png`)]) {
      expect((await app.inject(url)).statusCode, url).toBe(403);
    }
  });

  it('knows no other file, even where the address is signed', async () => {
    for (const name of [`${'0'.repeat(40)}.png`, 'package.json']) {
      expect((await app.inject(signPath(`/charts/${name}`, KEY, later(60)))).statusCode).toBe(404);
    }
    expect((await app.inject(signPath('/charts/..%2fpackage.json', KEY, later(60)))).statusCode).toBe(403);
  });
});

describe('a signature', () => {
  it('holds until its second, for its path and key alone', () => {
    const query = Object.fromEntries(new URL(`http://x${signPath('/a', KEY, later(1))}`).searchParams);
    expect(verifySigned('/a', query, KEY, NOW)).toBe(true);
    expect(verifySigned('/a', query, KEY, later(1))).toBe(false);
    expect(verifySigned('/b', query, KEY, NOW)).toBe(false);
    expect(verifySigned('/a', query, 'other', NOW)).toBe(false);
    expect(verifySigned('/a', { ...query, sig: `${query['sig']}A` }, KEY, NOW)).toBe(false);
    expect(verifySigned('/a', { exp: '9e9', sig: query['sig'] }, KEY, NOW)).toBe(false);
    expect(verifySigned('/a', {}, KEY, NOW)).toBe(false);
  });
});

function post(url: string, payload: object, headers: Record<string, string> = {}) {
  return app.inject({ method: 'POST', url, payload, headers });
}
