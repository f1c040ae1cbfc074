import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Feed } from '../src/core/source.ts';
import { drivers } from '../src/domains/drivers/index.ts';
import { type TestApp, testApp } from './app.ts';

const counts: Record<string, number> = { '13': 10, '14': 10, '15': 12, '16': 14, '17': 16, '18': 18 };

describe('POST /api/driver-trend-analysis', () => {
  let test: TestApp;
  const ask = async (payload: unknown, token = 'secret-token-lead') => {
    const http = await test.app.http();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return http.inject({
      method: 'POST',
      url: '/api/driver-trend-analysis',
      headers,
      payload: JSON.stringify(payload),
    });
  };

  beforeAll(async () => {
    test = await testApp({
      settings: { FIELDBELL_API_TOKENS: 'php:secret-token-lead:lead,node:secret-token-staff:staff' },
    });
    const feed = drivers.feeds.find(({ dataset }) => dataset === 'deliveries') as Feed;
    const rows = Object.entries(counts).flatMap(([day, count]) =>
      Array.from({ length: count }, (_, n) => ({
        ...{ id: `${day}/${n}`, driver_id: 'D-1', driver_name: '王师傅', dsp: 'DSP-A', order_date: `2026-11-${day}` },
        ...{
          delivered_at: `2026-11-${day} ${String(9 + (n % 5)).padStart(2, '0')}:30:00`,
          status: n === 0 ? 'failed' : 'delivered',
          on_time: n > 1 ? 1 : 0,
        },
      })),
    );
    rows.push({ ...rows[0], id: 'other', driver_id: 'D-2', order_date: '2026-11-19' } as (typeof rows)[0]);
    const { context } = test.app;
    await feed.save(
      context,
      rows.map((values, line) => feed.read({ line, values }, context)),
      { source: 'MySQL' },
    );
  });
  afterAll(() => test?.close());

  it('answers the days, the moving average and the trend; 0 where others worked, null where nobody has data', async () => {
    const answer = await ask({ driver_id: 'D-1', date_range: { from: '2026-11-12', to: '2026-11-19' } });
    expect(answer.statusCode).toBe(200);
    const { metrics, chart_url, summary, trend, comparison, ...rest } = answer.json();
    expect(rest).toEqual({
      driver_id: 'D-1',
      date_range: { from: '2026-11-12', to: '2026-11-19' },
      name: '王师傅',
      metric: 'deliveries',
      productivity: { hours: 30, per_hour: 2.47 },
      missing_updates: 0,
      as_of: '2026-11-19T16:00:00.000Z',
      complete: false,
    });
    expect(trend).toMatchObject({ slope_per_day: -0.25, direction: 'falling', strength: 'weak' });
    expect(trend.band.high).toHaveLength(8);
    expect(comparison).toMatchObject({ dsp: { name: 'DSP-A', delivered: 5.29 }, before: null });
    expect(metrics[0]).toEqual({
      date: '2026-11-12',
      delivered: null,
      on_time: null,
      failed: null,
      moving_average: null,
    });
    expect(metrics[1]).toEqual({ date: '2026-11-13', delivered: 9, on_time: 8, failed: 1, moving_average: 9 });
    expect(metrics[7]).toEqual({ date: '2026-11-19', delivered: 0, on_time: null, failed: 0, moving_average: 10.57 });
    expect(summary).toContain('王师傅（D-1）11-12 至 11-19，74 单');
    const http = await test.app.http();
    const picture = await http.inject({
      url: new URL(chart_url, 'http://x').pathname + new URL(chart_url, 'http://x').search,
    });
    expect(picture.headers['content-type']).toBe('image/png');
  });

  it('says how strong a trend is, how many an hour, and what has changed', async () => {
    const rising = await ask({ driver_id: 'd-1', date_range: { from: '2026-11-15', to: '2026-11-18' } });
    expect(rising.json().trend).toMatchObject({ slope_per_day: 2, direction: 'rising', strength: 'strong' });
    expect(await test.say('司机 D-1 2026-11-17..2026-11-18 趋势')).toMatch(
      /每小时 3.2 单[\s\S]*较前2天：日均 \+33.3%，准时率 \+3.6 个百分点，失败率 -1.8 个百分点/,
    );
  });

  it('answers the last 24 hours by hour, a DSP, and a driver who brought nothing', async () => {
    const hours = (await ask({ driver_id: 'D-2', date_range: 'last_24_hours' })).json();
    expect(hours.metrics).toHaveLength(24);
    expect(hours.metrics[0]).toEqual({
      date: hours.date_range.from,
      delivered: null,
      on_time: null,
      failed: null,
      moving_average: null,
    });
    const dsp = (await ask({ dsp: 'dsp-a', date_range: { from: '2026-11-13', to: '2026-11-19' } })).json();
    expect(dsp).toMatchObject({
      dsp: 'DSP-A',
      trend: { direction: 'falling' },
      metrics: [{ delivered: 9 }, {}, {}, {}, {}, {}, {}],
    });
    const nothing = await ask({ driver_id: 'D-2', date_range: { from: '2026-11-13', to: '2026-11-14' } });
    expect(nothing.json()).toMatchObject({ metrics: [{ delivered: 0, failed: 0 }, { delivered: 0 }], chart_url: null });
  });

  it('is described for programs', async () => {
    const http = await test.app.http();
    const described = await http.inject({
      url: '/api/openapi.json',
      headers: { authorization: 'Bearer secret-token-lead' },
    });
    const path = described.json().paths['/api/driver-trend-analysis'].post;
    expect(path.requestBody.content['application/json'].schema.properties).toHaveProperty('driver_id');
    expect(path.responses['200'].content['application/json'].schema.properties).toHaveProperty('metrics');
  });

  it('refuses what it cannot read, and whom it does not know', async () => {
    expect((await ask({ driver_id: 7 })).statusCode).toBe(400);
    expect((await ask({ driver_id: 'D-1', date_range: 'last_x' })).json().error.message).toContain('last_x');
    expect((await ask({ dsp: 'DSP-Z' })).json().error.message).toContain('DSP-Z');
    expect((await ask({ driver_id: 'D-1' }, 'secret-token-staff')).statusCode).toBe(403);
    expect((await ask({ driver_id: 'D-1' }, 'wrong')).statusCode).toBe(401);
    expect((await ask({ driver_id: 'D-1' })).json().date_range).toEqual({ from: '2026-11-14', to: '2026-11-20' });
  });
});
