import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { percentiles } from './percentiles.mjs';
import { root } from './run.mjs';

const load = (file) => import(pathToFileURL(join(root, 'dist', file)).href);

/** An app without sample on a database of its own, for one figure. */
async function withApp(settings, measure) {
  const { createApp } = await load('src/app.js');
  const { readConfig } = await load('src/config.js');
  const folder = mkdtempSync(join(tmpdir(), 'fieldbell-bench-'));
  const own = { DATABASE_URL: `file:${folder}/bench.db`, FIELDBELL_DATA: folder, LOG_LEVEL: 'error' };
  const app = await createApp(readConfig({ ...own, FIELDBELL_SAMPLE: 'off', ...settings }));
  try {
    await measure(app);
  } finally {
    await app.close();
    rmSync(folder, { recursive: true });
  }
}

/** @param line says a figure */
export const driversFigures = (line) => ({
  /** 1,000,000 orders of 5,000 drivers over 30 days from a real MariaDB (TEST_MYSQL_URL), then 1,000 that changed. */
  async 'drivers.mysql'() {
    const mysql = await import('mysql2/promise');
    const { benchSync } = await load('src/domains/drivers/drivers.bench.js');
    const server = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
    const name = `fieldbell_bench_${process.pid}`;
    const connection = await mysql.createConnection({ uri: server, multipleStatements: true });
    const now = new Date(Math.floor(Date.now() / 1000) * 1000);
    const text = now.toISOString().slice(0, 19).replace('T', ' ');
    await connection.query(`CREATE DATABASE ${name}; USE ${name}; SET time_zone = '+00:00';
      CREATE TABLE dsps (dsp_id INT PRIMARY KEY, dsp_name VARCHAR(40));
      CREATE TABLE drivers (driver_id VARCHAR(20) PRIMARY KEY, driver_name VARCHAR(40), dsp_id INT, shift_from TIME, shift_to TIME);
      CREATE TABLE orders (order_id BIGINT PRIMARY KEY, driver_id VARCHAR(20), ordered_at DATETIME, picked_up_at DATETIME,
        delivered_at DATETIME, due_at DATETIME, status VARCHAR(12), on_time TINYINT, updated_at TIMESTAMP(3) NULL, KEY (updated_at, order_id));
      CREATE TABLE scan_events (id BIGINT AUTO_INCREMENT PRIMARY KEY, driver_id VARCHAR(20), scanned_at DATETIME, order_id BIGINT);
      CREATE TABLE pod_pictures (id BIGINT PRIMARY KEY, order_id BIGINT, url TEXT, taken_at DATETIME, driver_id VARCHAR(20), address TEXT);
      INSERT INTO dsps SELECT seq, CONCAT('DSP-', seq) FROM seq_1_to_100;
      INSERT INTO drivers SELECT CONCAT('D-', seq), CONCAT('司机', seq), seq MOD 100 + 1, NULL, NULL FROM seq_1_to_5000;
      INSERT INTO orders SELECT seq, CONCAT('D-', seq MOD 5000 + 1), @at := '${text}' - INTERVAL FLOOR(seq * 2.592) SECOND, @at + INTERVAL 10 MINUTE,
        @at + INTERVAL 35 MINUTE, @at + INTERVAL 45 MINUTE, IF(seq MOD 33 = 0, 'failed', 'delivered'), seq MOD 11 > 0, '${text}' - INTERVAL FLOOR(seq / 10) SECOND
        FROM seq_1_to_1000000;
      INSERT INTO scan_events (driver_id, scanned_at, order_id) SELECT driver_id, delivered_at, order_id FROM orders WHERE order_id <= 100000`);
    try {
      await withApp({ MYSQL_URL: `${server}/${name}` }, async ({ context }) => {
        line('drivers.mysql.first', { ...(await benchSync(context)), wantedMs: 60_000 });
        await connection.query(
          `UPDATE orders SET status = 'failed', updated_at = '${text}' + INTERVAL 300 SECOND WHERE order_id > 999000`,
        );
        line('drivers.mysql.increment', { ...(await benchSync(context)), wantedMs: 1_000 });
      });
    } finally {
      await connection.query(`DROP DATABASE ${name}`);
      await connection.end();
    }
  },

  /** Trends of drivers and DSPs over 1,000,000 orders of 5,000 drivers: as text, and with the chart drawn. */
  async 'drivers.trend'() {
    const { fillDrivers } = await load('src/domains/drivers/drivers.bench.js');
    const { degrade } = await load('src/render/degrade.js');
    await withApp({}, async (app) => {
      await fillDrivers(app.context);
      const tools = {
        charts: app.charts,
        pictures: app.pictures.picture,
        file: app.pictures.bytes,
        clock: app.context.clock,
      };
      const asker = { personId: null, name: 'bench', role: 'lead', lang: 'zh', subjects: [], from: null };
      const lines = (n) => [
        `司机 D-${n} 近7天趋势`,
        `司机 D-${n} 近30天趋势`,
        `司机 D-${n} 近24小时`,
        `王${n} 趋势 准时率`,
        `DSP-${n % 100} 趋势`,
      ];
      const run = async (first, draws) => {
        const times = [];
        for (const text of Array.from({ length: 20 }, (_, at) => lines(first + at * 137)).flat()) {
          const began = performance.now();
          const { message, outcome } = await app.answer({ asker, text });
          await degrade(message, new Set(draws), tools);
          times.push(performance.now() - began);
          if (outcome !== 'done') throw new Error(`${text}: ${outcome}`);
        }
        return times;
      };
      await run(0, ['pictures']);
      line('drivers.trend.text', { orders: 1_000_000, ...percentiles(await run(10, [])), wantedP95: 100 });
      line('drivers.trend.chart', {
        orders: 1_000_000,
        ...percentiles(await run(20, ['pictures', 'table'])),
        wantedP95: 300,
      });
    });
  },

  /** 5,000 drivers checked for missing updates, and 10,000 alerts opened at once. */
  async 'drivers.missing'() {
    const { benchMissing } = await load('src/domains/drivers/drivers.bench.js');
    await withApp({}, async ({ context }) => {
      line('drivers.missing', { drivers: 5_000, ...(await benchMissing(context)), wantedCheckMs: 1_000 });
    });
  },
});
