import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TablePage, TableWish } from '../src/core/mysql.ts';
import { driversSync } from '../src/domains/drivers/index.ts';
import { openMysql } from '../src/sources/mysql/index.ts';
import { type TestApp, testApp } from './app.ts';
import { mysqlMissing, type ScratchMysql, scratchMysql } from './mysql.ts';

/** A company's database of another shape than ours, with its own names and codes. */
const SCHEMA = `
CREATE TABLE t_carrier (cid INT PRIMARY KEY, title VARCHAR(40)) CHARACTER SET gbk;
CREATE TABLE t_courier (no VARCHAR(20) PRIMARY KEY, real_name VARCHAR(40), carrier INT, begins TIME, ends TIME) CHARACTER SET gbk;
CREATE TABLE \`t order\` (
  pk BIGINT UNSIGNED PRIMARY KEY, \`no.\` VARCHAR(30), courier VARCHAR(20), st INT, made DATETIME, done DATETIME NULL,
  due TIMESTAMP NULL, price DECIMAL(30,10), ok BIT(1), gone TINYINT DEFAULT 0, upd TIMESTAMP(6) NULL, KEY (upd, pk));
CREATE TABLE t_scan (pk BIGINT AUTO_INCREMENT PRIMARY KEY, courier VARCHAR(20), at DATETIME);
INSERT INTO t_carrier VALUES (7, '顺达物流');
INSERT INTO t_courier VALUES ('D-1023', '王师傅', 7, '08:00:00', '20:00:00'), ('D-1031', '李伟', 7, NULL, NULL);`;

const RULES = `database:
  zone: Asia/Shanghai
  dsps: { table: t_carrier, id: cid, columns: { name: title } }
  drivers: { table: t_courier, id: no, columns: { name: real_name, dsp: carrier, shiftFrom: begins, shiftTo: ends } }
  orders:
    table: t order
    id: pk
    updatedAt: upd
    columns: { id: no., driverId: courier, status: st, orderedAt: made, deliveredAt: done, dueAt: due, onTime: ok }
    where: { gone: 0 }
    values: { status: { "1": open, "2": delivered, "3": failed } }
  scans: { table: t_scan, id: pk, columns: { driverId: courier, at: at } }
`;

describe.skipIf(mysqlMissing)("the company's MySQL", () => {
  let mysql: ScratchMysql;
  let test: TestApp;
  const folders: string[] = [];
  const sync = (days?: { from: string; to: string }) => driversSync.run(test.app.context, { trigger: 'hand', days });

  async function openApp(rules = RULES, url = mysql.url): Promise<TestApp> {
    const folder = await mkdtemp(join(tmpdir(), 'fieldbell-rules-'));
    folders.push(folder);
    await writeFile(join(folder, 'drivers.yaml'), rules);
    return testApp({ settings: { MYSQL_URL: url, FIELDBELL_RULES: folder } });
  }

  const order = (pk: string, more: Record<string, unknown> = {}) => {
    const row: Record<string, unknown> = {
      ...{ pk, 'no.': `PO-${pk}`, courier: 'D-1023', st: 2, made: '2026-11-20 10:00:00', done: '2026-11-20 10:30:00' },
      ...{ due: null, price: '1.5', ok: 1, gone: 0, upd: '2026-11-20 06:00:00.000000', ...more },
    };
    const names = Object.keys(row).map((name) => `\`${name}\``);
    return mysql.sql(`REPLACE INTO \`t order\` (${names}) VALUES (?)`, [Object.values(row)]);
  };

  beforeAll(async () => {
    mysql = await scratchMysql();
    await mysql.sql("SET time_zone = '+00:00'");
    await mysql.sql(SCHEMA);
  });
  afterAll(async () => {
    await mysql?.remove();
    for (const folder of folders) await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    await mysql.sql('DELETE FROM `t order`; DELETE FROM t_scan');
    test = await openApp();
    return () => test.close();
  });

  it('feeds the trend, whatever its tables are called', async () => {
    await order('1');
    await order('18446744073709551615', { st: 3 });
    await order('3', { gone: 1 });
    await order('4', { courier: null });
    await order('5', { st: 1, done: null, due: '2026-11-20 07:00:00' });
    await mysql.sql(
      "INSERT INTO t_scan (courier, at) VALUES ('D-1023', '2026-11-20 14:01:00'), ('D-1023', '2026-11-20 13:02:00')",
    );
    const report = await sync();
    expect(report).toMatchObject({ completeness: 'complete', problems: [] });
    expect(report.counts).toMatchObject({ read: 8, unassigned: 1, rejected: 0 });
    const said = await test.say('司机 王师傅 2026-11-20..2026-11-20 趋势');
    expect(said).toContain('王师傅（D-1023）今天 1 单');
    expect(said).toContain('数据截至 14:20 · MySQL · 完整');
    const { db } = test.app.context;
    expect(await db.driver.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
      { id: 'D-1023', name: '王师傅', dsp: '顺达物流', shiftFrom: '08:00', shiftTo: '20:00' },
      { id: 'D-1031', name: '李伟', dsp: '顺达物流', shiftFrom: null },
    ]);
    expect(await db.delivery.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
      { id: 'PO-1', status: 'delivered', onTime: true, orderedAt: new Date('2026-11-20T02:00:00Z') },
      { id: 'PO-18446744073709551615', status: 'failed' },
      { id: 'PO-5', status: 'open', dueAt: new Date('2026-11-20T07:00:00Z') },
    ]);
    expect((await db.driverScan.findFirst())?.at).toEqual(new Date('2026-11-20T06:01:00Z'));
    expect((await test.app.ready())['mysql']).toBe('ok');
  });

  it('is read from where the last read ended, and what has changed since', async () => {
    await order('1');
    await order('2', { upd: null });
    await sync();
    await order('1', { st: 3, upd: '2026-11-20 06:10:00.000001' });
    await order('9', { upd: '2026-11-20 06:10:00.000002' });
    const { counts } = await sync();
    expect(counts).toMatchObject({ read: 4, added: 1, changed: 1 });
    expect((await sync()).counts).toMatchObject({ added: 0, changed: 0 });
    expect((await sync({ from: '2026-11-20', to: '2026-11-20' })).counts).toMatchObject({ changed: 0, read: 4 });
  });

  it('is read anew by another mapping', async () => {
    await order('1', { price: '99999999999999999999.1234567890' });
    await sync();
    await writeFile(join(folders.at(-1) ?? '', 'drivers.yaml'), RULES.replace('"2": delivered', '"2": failed'));
    expect((await sync()).counts).toMatchObject({ changed: 1 });
  });

  it('tells by line and by name what of the mapping is not there', async () => {
    const wrong = await openApp(RULES.replace('courier, status: st', 'courier, status: stt'));
    await expect(driversSync.run(wrong.app.context, { trigger: 'hand' })).rejects.toThrow(
      /rules\/drivers\.yaml:5 MySQL's table t order has no column stt/,
    );
    await wrong.close();
    const unknown = await openApp(RULES.replace('updatedAt: upd', 'updateAt: upd'));
    await expect(driversSync.run(unknown.app.context, { trigger: 'hand' })).rejects.toThrow(
      /drivers\.yaml:5 .*updatedAt: is missing[\s\S]*drivers\.yaml:8 database\.orders\.updateAt: unknown key/,
    );
    await unknown.close();
  });

  it('refuses an id that is but a part of a key: rows would take the place of others', async () => {
    await mysql.sql(`CREATE TABLE parcels (a INT, b INT, courier VARCHAR(9), upd DATETIME, PRIMARY KEY (a, b))`);
    const rules = 'database: { orders: { table: parcels, id: a, updatedAt: upd, columns: { driverId: courier } } }\n';
    const wrong = await openApp(rules);
    await expect(driversSync.run(wrong.app.context, { trigger: 'hand' })).rejects.toThrow(
      "MySQL's table parcels: id a is not unique by itself, its key is (a, b)",
    );
    await wrong.close();
  });

  it('reads a table whose keys are DECIMAL and whose times are text, in GBK', async () => {
    await mysql.sql(`CREATE TABLE ord (oid DECIMAL(20,0) PRIMARY KEY, c DECIMAL(12,0), st VARCHAR(8), made VARCHAR(20), upd VARCHAR(19)) CHARACTER SET gbk;
      INSERT INTO ord VALUES (12345678901234567890, 1023, '完成', '2026-11-20 10:00:00', '2026-11-20 10:31:00'),
      (12345678901234567891, 1023, '取消', '2026/11/20 11:00', '2026-11-20 11:31:00'), (5, 1023, '完成', '1795150000', '2026-11-20 12:32:00')`);
    const rules =
      'database: { orders: { table: ord, id: oid, updatedAt: upd, columns: { driverId: c, status: st, orderedAt: made } } }\n';
    const odd = await openApp(rules);
    expect((await driversSync.run(odd.app.context, { trigger: 'hand' })).counts).toMatchObject({
      added: 3,
      rejected: 0,
    });
    expect(await odd.app.context.db.delivery.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
      {
        id: '12345678901234567890',
        driverId: '1023',
        status: 'delivered',
        orderedAt: new Date('2026-11-20T02:00:00Z'),
      },
      { id: '12345678901234567891', driverId: '1023', status: 'failed', orderedAt: new Date('2026-11-20T03:00:00Z') },
      { id: '5', driverId: '1023', status: 'delivered', orderedAt: new Date('2026-11-20T04:46:40Z') },
    ]);
    await odd.close();
  });

  it('keeps what cannot be read apart, row by row', async () => {
    await order('1');
    await order('2', { made: '0000-00-00 00:00:00', done: null });
    const report = await sync();
    expect(report).toMatchObject({ completeness: 'partial', counts: { rejected: 1 } });
    expect(report.problems).toEqual([expect.stringContaining('orders PO-2: 缺少下单日期')]);
    expect(await test.say('司机 D-1023 2026-11-20..2026-11-20 趋势')).toContain('MySQL · 不完整');
  });

  it('goes on after a cut, and what is known stays with its age while the database is away', async () => {
    for (let pk = 1; pk <= 30; pk++) await order(String(pk));
    const proxy = await cuttingProxy(mysql.url);
    const away = await openApp(RULES, proxy.url);
    expect((await driversSync.run(away.app.context, { trigger: 'hand' })).counts).toMatchObject({ added: 32 });
    const reader = openMysql(proxy.url, away.app.context, {
      patience: { tries: 3, firstPauseMs: 1, longestPauseMs: 10 },
    });
    const wish = { table: 't order', columns: ['no.'], id: 'pk', updatedAt: 'upd', pageRows: 7 };
    const seen: unknown[] = [];
    for await (const page of reader.pages({ ...wish, signal: AbortSignal.timeout(9_000) })) {
      seen.push(...page.rows.map((row) => row['no.']));
      proxy.cut();
    }
    expect(seen).toHaveLength(30);
    expect(new Set(seen).size).toBe(30);
    await proxy.close();
    const gone = openMysql(proxy.url, away.app.context, {
      patience: { tries: 2, firstPauseMs: 1, longestPauseMs: 10 },
    });
    await expect(pagesOf(gone, { ...wish, signal: AbortSignal.timeout(9_000) })).rejects.toThrow(
      'MySQL does not answer',
    );
    expect((await away.app.ready())['mysql']).toContain('MySQL does not answer (ECONNREFUSED)');
    away.clock.set('2026-11-20T16:20:00+08:00');
    expect(await away.say('司机 D-1023 趋势')).toMatch(/近7天 30 单[\s\S]*14:20/);
    await away.close();
  });

  it('gets results back where the rules name tables, made by SQL that one can look at; writing again changes nothing', async () => {
    await order('1');
    await order('2', { st: 3 });
    await sync();
    expect((await test.run('drivers.results')).counts).toEqual({ skipped: 1 });
    const writing = await openApp(`${RULES}results: { days: fb_days, missing: fb_missing }\n`);
    const { context } = writing.app;
    await driversSync.run(context, { trigger: 'hand' });
    await context.db.missingUpdate.create({
      data: {
        rule: 'no-scan',
        driverId: 'D-1023',
        dsp: '顺达物流',
        since: writing.clock.now(),
        foundAt: writing.clock.now(),
        orders: 2,
        alert: 'a',
      },
    });
    expect((await writing.run('drivers.results')).error).toMatch(/fb_days.*doesn't exist/);
    const { message } = await writing.ask('司机结果表');
    const sql = message.blocks[0]?.type === 'text' ? message.blocks[0].text.split(/\n\n(?!CREATE)/)[0] : '';
    await mysql.sql(`${sql}${sql}`);
    expect((await writing.run('drivers.results')).counts).toEqual({ days: 1, missing: 1 });
    await context.db.missingUpdate.updateMany({ data: { endedAt: new Date('2026-11-20T06:30:00Z') } });
    await writing.run('drivers.results');
    await mysql.sql("SET time_zone = '+00:00'");
    expect(await mysql.sql('SELECT *, CAST(day AS CHAR) AS d FROM fb_days')).toMatchObject([
      { driver_id: 'D-1023', d: '2026-11-20', delivered: 1, failed: 1, on_time: 2, moving_average: '1.00' },
    ]);
    expect(await mysql.sql('SELECT rule, dsp, CAST(ended_utc AS CHAR) AS ended FROM fb_missing')).toEqual([
      { rule: 'no-scan', dsp: '顺达物流', ended: '2026-11-20 06:30:00.000' },
    ]);
    await writing.close();
  });

  it('is never written to, and its values survive as they are', async () => {
    await mysql.sql(`CREATE TABLE odd (id BIGINT PRIMARY KEY, d DECIMAL(40,20), z DATE, t DATETIME(6), b VARBINARY(20), g VARCHAR(9) CHARACTER SET gbk,
      j JSON, e VARCHAR(9), f BIT(9), n INT, u TIMESTAMP(3) NULL, \`we\`\`ird\` INT);
      INSERT INTO odd VALUES (9007199254740993, '12345678901234567890.12345678901234567890', '0000-00-00', '2026-11-20 01:02:03.000004',
      X'CDF5CAA6', '王', '{"a": 12345678901234567890}', '🚚', b'100000001', NULL, '2026-11-20 06:00:00.123', 5),
      (9007199254740994, NULL, '2026-02-28', '0000-00-00', NULL, NULL, NULL, '', NULL, -1, NULL, NULL)`);
    const columns = ['id', 'd', 'z', 't', 'b', 'g', 'j', 'e', 'f', 'n', 'u', 'we`ird'];
    const reader = openMysql(mysql.url, test.app.context);
    const wish: TableWish = { table: 'odd', columns, id: 'id', pageRows: 1, signal: AbortSignal.timeout(9_000) };
    const pages = await pagesOf(reader, wish);
    expect(pages.flatMap((page) => page.rows.map((row) => Object.values(row)))).toEqual([
      [
        '9007199254740993',
        '12345678901234567890.12345678901234567890',
        null,
        '2026-11-20 01:02:03.000004',
        '王师',
        '王',
      ]
        .concat(['{"a": 12345678901234567890}', '🚚', '257'])
        .concat([null as never, '2026-11-20 06:00:00.123Z', '5']),
      ['9007199254740994', null, '2026-02-28', null, null, null, null, '', null, '-1', null, null],
    ]);
    const injected = pagesOf(reader, { ...wish, where: { e: "' OR 1=1 -- " } });
    expect((await injected).flatMap(({ rows }) => rows)).toEqual([]);
    const names = pagesOf(reader, { ...wish, table: 'odd`; DROP TABLE odd; -- ' });
    await expect(names).rejects.toThrow('MySQL has no table');
    await expect(
      pagesOf(openMysql(mysql.url.replace('root@', 'nobody:hunter2@'), test.app.context), wish),
    ).rejects.toThrow(/^MySQL \(MYSQL_URL\): Access denied for user this account(?!.*hunter2)/);
  });
});

async function pagesOf(reader: ReturnType<typeof openMysql>, wish: TableWish): Promise<TablePage[]> {
  const pages: TablePage[] = [];
  for await (const page of reader.pages(wish)) pages.push(page);
  return pages;
}

/** A way to the database that can be cut under whoever uses it. */
async function cuttingProxy(url: string): Promise<{ url: string; cut(): void; close(): Promise<void> }> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = new URL(url);
  address.port = String((server.address() as { port: number }).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: address.href,
    cut,
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
