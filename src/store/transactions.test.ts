import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { compiled } from '../../test/compiled.ts';
import { scratchDatabase } from '../../test/scratch-database.ts';
import { type Database, openDatabase } from './db.ts';

let fixtures: Awaited<ReturnType<typeof compiled<'bulkWriter' | 'writerToKill'>>>;
beforeAll(async () => {
  const entries = { bulkWriter: 'test/fixtures/bulk-writer.ts', writerToKill: 'test/fixtures/writer-to-kill.ts' };
  fixtures = await compiled(entries);
});
afterAll(() => fixtures.remove());

let db: Database;
let url: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ db, url, remove } = await scratchDatabase());
});
afterEach(async () => {
  await db.$disconnect();
  await remove();
});

const setting = (name: string, value = '') => ({ data: { name, value } });
const names = async () => (await db.setting.findMany({ orderBy: { name: 'asc' } })).map((row) => row.name);
const failing = new Error('on purpose');

test('a transaction that throws leaves nothing, one inside another too', async () => {
  const outer = db.$transaction(async (tx) => {
    await tx.setting.create(setting('outer'));
    const inner = tx.$transaction(async (nested) => {
      await nested.setting.create(setting('inner'));
      throw failing;
    });
    await expect(inner).rejects.toBe(failing);
    await tx.$transaction((nested) => nested.setting.create(setting('kept')));
  });
  await outer;
  expect(await names()).toEqual(['kept', 'outer']);
  const second = db.$transaction(async (tx) => {
    await tx.setting.create(setting('lost'));
    throw failing;
  });
  await expect(second).rejects.toBe(failing);
  expect(await names()).toEqual(['kept', 'outer']);
});

test('a write outside an open transaction is not rolled back with it', async () => {
  let outside: Promise<unknown> | undefined;
  const inside = db.$transaction(async (tx) => {
    await tx.setting.create(setting('inside'));
    outside = db.setting.create(setting('outside')).then(() => 'written');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await names()).toEqual([]);
    throw failing;
  });
  await expect(inside).rejects.toBe(failing);
  expect(await outside).toBe('written');
  expect(await names()).toEqual(['outside']);
});

test('read, then write: parallel transactions do not lose an update', async () => {
  await db.setting.create(setting('count', '0'));
  const other = openDatabase(url);
  const increment = (client: Database) =>
    client.$transaction(async (tx) => {
      const { value } = await tx.setting.findUniqueOrThrow({ where: { name: 'count' } });
      await tx.setting.update({ where: { name: 'count' }, data: { value: String(Number(value) + 1) } });
    });
  await Promise.all(Array.from({ length: 100 }, (_, n) => increment(n % 2 ? db : other)));
  await other.$disconnect();
  expect(await db.setting.findUnique({ where: { name: 'count' } })).toMatchObject({ value: '100' });
});

test('a commit that fails is rolled back and frees the gate', async () => {
  await db.person.create({ data: { id: 'p', name: 'P', createdAt: new Date(0) } });
  const failed = db.$transaction(async (tx) => {
    await tx.$executeRaw`PRAGMA defer_foreign_keys = ON`;
    await tx.code.create({ data: { hash: 'h', purpose: 'x', personId: 'p', expiresAt: new Date(0) } });
    await tx.code.create({ data: { hash: 'i', purpose: 'x', personId: 'nobody', expiresAt: new Date(0) } });
  });
  await expect(failed).rejects.toMatchObject({ cause: { kind: 'ForeignKeyConstraintViolation' } });
  expect(await db.code.count()).toBe(0);
  await db.setting.create(setting('after'));
  expect(await names()).toEqual(['after']);
});

test('a lock that another process holds for too long is P1008, and does not stop the event loop', async () => {
  const { Connection } = await import('./connection.ts');
  const holder = new Connection(url.slice('file:'.length), { readOnly: false, timeout: 0 });
  holder.control('BEGIN IMMEDIATE');
  let turns = 0;
  const timer = setInterval(() => turns++, 10);
  const held = expect(db.setting.create(setting('late'))).rejects.toMatchObject({ code: 'P1008' });
  await held;
  clearInterval(timer);
  holder.control('ROLLBACK');
  holder.close();
  expect(turns).toBeGreaterThan(200);
  await db.setting.create(setting('free'));
  expect(await names()).toEqual(['free']);
});

test('worker threads that write in bulk and the main thread get on: nothing fails', { timeout: 30_000 }, async () => {
  await db.$disconnect();
  const waiting = new SharedArrayBuffer(4);
  db = openDatabase(url, { waiting });
  const workers = [0, 1].map((n) => new Worker(fixtures.urls.bulkWriter, { workerData: { url, waiting, n } }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const ended = Promise.all(workers.map((worker) => once(worker, 'message')));
  const gone = Promise.all(workers.map((worker) => once(worker, 'exit')));
  for (const worker of workers) worker.postMessage('go');
  for (let round = 0; round < 60; round++) {
    await Promise.all([
      db.$transaction(async (tx) => {
        await tx.setting.findFirst();
        await tx.setting.create(setting(`t${round}`));
      }),
      db.setting.create(setting(`w${round}`)),
    ]);
  }
  for (const worker of workers) worker.postMessage('stop');
  const bulk = (await ended).map(([rows]) => Number(rows));
  await gone;
  expect(await db.setting.count()).toBe(120);
  expect(await db.driver.count()).toBe(bulk.reduce((sum, rows) => sum + rows, 0));
  for (const rows of bulk) expect(rows).toBeGreaterThan(0);
  expect(new Int32Array(waiting)[0]).toBe(0);
});

test('killed in the middle of writing: what was acknowledged is there', async () => {
  const child = fork(fixtures.urls.writerToKill, [url]);
  const acknowledged: string[] = [];
  child.on('message', (name) => acknowledged.push(String(name)));
  while (acknowledged.length < 100) await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const kept = new Set(await names());
  expect(acknowledged.filter((name) => !kept.has(name))).toEqual([]);
  expect(await db.$queryRaw`PRAGMA integrity_check`).toEqual([{ integrity_check: 'ok' }]);
});
