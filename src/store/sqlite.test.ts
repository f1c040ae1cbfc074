import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scratchDatabase } from '../../test/scratch-database.ts';
import type { Database } from './db.ts';

let db: Database;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ db, remove } = await scratchDatabase());
});
afterEach(() => remove());

const at = new Date('2026-11-22T06:20:05.123Z');
const setting = (name: string, value = '') => ({ data: { name, value } });
const names = async () => (await db.setting.findMany({ orderBy: { name: 'asc' } })).map((row) => row.name);
const code = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error && typeof error === 'object' && 'code' in error ? error.code : error;
};

describe('values', () => {
  test('come back as they were stored', async () => {
    const delivery = {
      id: '1000000000000000001',
      driverId: 'D',
      orderDay: '2026-11-22',
      orderedAt: at,
      pickedUpAt: null,
      dueAt: null,
      deliveredAt: new Date('1969-12-31T23:59:59.999Z'),
      status: '送达 ✓ 👍 "quoted"',
      onTime: false,
      storeLat: 0.1 + 0.2,
      storeLng: -7,
      customerLat: 1e-300,
      customerLng: null,
      facts: '{}',
      mysql: true,
      sample: true,
    };
    await db.delivery.create({ data: delivery });
    expect(await db.delivery.findUnique({ where: { id: delivery.id } })).toEqual(delivery);
    expect(await db.delivery.findFirst({ where: { onTime: false, orderedAt: at, storeLat: 0.1 + 0.2 } })).toEqual(
      delivery,
    );
  });

  test('whole numbers beyond 32 bits stay whole', async () => {
    const data = { feed: 'f', asOf: at, source: 's', completeness: 'c', rows: 2 ** 31 - 1 };
    await db.feedState.create({ data });
    const big = 9_007_199_254_740_993n;
    const [row] = await db.$queryRaw<[Record<string, unknown>]>`
      SELECT rows, asOf, ${big} AS big, ${2 ** 40} AS large, typeof(${2 ** 40}) AS kind, 0.5 AS half, ${true} AS yes,
        ${Buffer.from([1, 0, 255])} AS bytes, NULL AS none, count(*) AS n FROM FeedState`;
    expect(row).toEqual({
      rows: 2 ** 31 - 1,
      asOf: at,
      big,
      large: BigInt(2 ** 40),
      kind: 'integer',
      half: 0.5,
      yes: 1n,
      bytes: new Uint8Array([1, 0, 255]),
      none: null,
      n: 1n,
    });
  });

  test('instants are text that sorts in time', async () => {
    await db.feedState.create({ data: { feed: 'f', asOf: at, source: '', completeness: '', rows: 0 } });
    expect(await db.$queryRaw`SELECT asOf || '' AS text FROM FeedState`).toEqual([
      { text: '2026-11-22T06:20:05.123+00:00' },
    ]);
    const later = new Date(at.getTime() + 1);
    expect(await db.feedState.count({ where: { asOf: { gte: at, lt: later } } })).toBe(1);
    expect(await db.$queryRaw`SELECT feed FROM FeedState WHERE asOf < ${later}`).toEqual([{ feed: 'f' }]);
  });

  test('text that cannot be stored is mended, not cut', async () => {
    await db.setting.create(setting('n\u0000l', 'half \uD83D pair'));
    expect(await db.setting.findUnique({ where: { name: 'n\u0000l' } })).toEqual({
      name: 'n\uFFFDl',
      value: 'half \uFFFD pair',
    });
  });

  test('a long list of ids is one question', async () => {
    await db.setting.createMany({ data: Array.from({ length: 5_000 }, (_, n) => ({ name: `n${n}`, value: '' })) });
    const wanted = Array.from({ length: 5_000 }, (_, n) => `n${n}`);
    const found = await db.setting.findMany({ where: { name: { in: wanted } }, orderBy: { name: 'desc' }, take: 3 });
    expect(found.map((row) => row.name)).toEqual(['n999', 'n998', 'n997']);
  });
});

describe('errors', () => {
  test('a value that must be unique names its columns', async () => {
    await db.setting.create(setting('a'));
    const error = await db.setting.create(setting('a')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'P2002' });
    expect(JSON.stringify(error)).toContain('"name"');
    const entry = {
      campaign: 'c',
      person: 'p',
      awardKey: 'k',
      entry: 1,
      type: 't',
      name: 'n',
      amountFen: 1,
      cause: 'x',
    };
    await db.ledgerEntry.create({ data: { ...entry, bookedAt: at } });
    const second = await db.ledgerEntry.create({ data: { ...entry, bookedAt: at } }).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(second)).toContain('"awardKey"');
  });

  test('foreign keys, missing values, tables and rows', async () => {
    expect(await code(db.code.create({ data: { hash: 'h', purpose: 'p', personId: 'nobody', expiresAt: at } }))).toBe(
      'P2003',
    );
    expect(await code(db.setting.update({ where: { name: 'none' }, data: { value: '' } }))).toBe('P2025');
    const missing = db.$executeRaw`INSERT INTO Setting (name) VALUES ('x')`;
    expect(await missing.catch(String)).toContain('NOT NULL');
    expect(await code(db.$queryRaw`SELECT * FROM Nowhere`)).toBe('P2010');
  });

  test('a statement that failed leaves nothing behind it', async () => {
    await db.setting.create(setting('a'));
    for (let n = 0; n < 3; n++) expect(await code(db.setting.create(setting('a')))).toBe('P2002');
    await db.setting.create(setting('b'));
    expect(await names()).toEqual(['a', 'b']);
  });
});

describe('statements', () => {
  test('a WITH that writes is a write; a SELECT sees what was acknowledged', async () => {
    await db.$queryRaw`WITH n(x) AS (VALUES ('w')) INSERT INTO Setting (name, value) SELECT x, x FROM n RETURNING name`;
    expect(await db.$queryRaw`WITH s AS (SELECT name FROM Setting) SELECT * FROM s`).toEqual([{ name: 'w' }]);
    expect(await db.$queryRaw`INSERT INTO Setting VALUES ('v', '') RETURNING name`).toEqual([{ name: 'v' }]);
    expect(await db.$executeRaw`UPDATE Setting SET value = 'z'`).toBe(2);
    expect(await db.$executeRaw`INSERT INTO Setting VALUES ('v', '') ON CONFLICT DO NOTHING`).toBe(0);
  });

  test('a BEGIN of somebody catches nothing that others write', async () => {
    await db.$executeRaw`BEGIN`;
    await db.setting.create(setting('a'));
    await db.$executeRaw`ROLLBACK`.catch(() => {});
    expect(await names()).toEqual(['a']);
  });

  test('the settings of the connections', async () => {
    expect(await db.$queryRaw`PRAGMA journal_mode`).toEqual([{ journal_mode: 'wal' }]);
    expect(await db.$queryRaw`PRAGMA synchronous`).toMatchObject([{ synchronous: 2n }]);
    expect(await db.$queryRaw`PRAGMA foreign_keys`).toMatchObject([{ foreign_keys: 1n }]);
  });
});
