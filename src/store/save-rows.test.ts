import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratchDatabase } from '../../test/scratch-database.ts';
import { addRows } from './add-rows.ts';
import type { Database } from './db.ts';
import { Prisma } from './generated/client.ts';
import { readRows } from './read-rows.ts';
import { saveRows } from './save-rows.ts';

let db: Database;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ db, remove } = await scratchDatabase());
});
afterEach(() => remove());

const at = new Date('2026-11-22T06:20:05.123Z');
const driver = (id: string, name = id) => ({ id, name, dsp: null, sample: false });
const contract = (id: string, more: object = {}) => ({
  id,
  housekeeper: '王',
  amountFen: 12_345,
  conversion: 0.1,
  signedAt: at,
  firstSeenAt: at,
  updatedAt: at,
  sample: true,
  ...more,
});

test('counts what it added, changed and left alone, over many batches', async () => {
  const many = Array.from({ length: 2_500 }, (_, n) => driver(`d${n}`));
  expect(await saveRows(db, 'Driver', ['id'], many)).toEqual({ added: 2_500, changed: 0, unchanged: 0 });
  expect(await saveRows(db, 'Driver', ['id'], many)).toEqual({ added: 0, changed: 0, unchanged: 2_500 });
  const mixed = [
    ...many.slice(0, 1_500),
    driver('d7', 'again'),
    driver('new'),
    driver('d2000', 'other'),
    driver('d2001', ''),
  ];
  expect(await saveRows(db, 'Driver', ['id'], mixed)).toEqual({ added: 1, changed: 2, unchanged: 1_501 });
  expect(await db.driver.findUnique({ where: { id: 'd7' } })).toMatchObject({ name: 'd7' });
  expect(await db.driver.count()).toBe(2_501);
  expect(await saveRows(db, 'Driver', ['id'], [])).toEqual({ added: 0, changed: 0, unchanged: 0 });
});

test('stores values exactly as the client does', async () => {
  const text = `it's "quoted", ; DROP TABLE; 中文 👍 \\ \n`;
  const rows = [contract('1000000000000000001', { number: text, paidFen: null, conversion: 1e-17, amountFen: -1 })];
  await saveRows(db, 'Contract', ['id'], rows);
  const { seq: _, ...saved } = await db.contract.findFirstOrThrow({ omit: { seq: false } });
  expect(saved).toMatchObject({ ...rows[0] });
  await db.contract.create({ data: { ...contract('2'), number: text } });
  const again = [
    contract('1000000000000000001', { number: text, conversion: 1e-17, amountFen: -1 }),
    contract('2', { number: text }),
  ];
  expect(await saveRows(db, 'Contract', ['id'], again)).toEqual({ added: 0, changed: 0, unchanged: 2 });
  const later = contract('2', { number: text, signedAt: new Date(at.getTime() + 1) });
  expect(await saveRows(db, 'Contract', ['id'], [later])).toMatchObject({ changed: 1 });
  const unset = contract('2', { number: undefined, signedAt: null });
  expect(await saveRows(db, 'Contract', ['id'], [unset])).toMatchObject({ changed: 1 });
  expect(await db.contract.findUnique({ where: { id: '2' } })).toMatchObject({ number: null, signedAt: null });
});

test('keeps what is to be kept, and touches only what changed', async () => {
  const options = { keep: ['firstSeenAt'], touch: ['updatedAt'] };
  const seen = (when: number, amountFen: number) => [
    contract('a', { firstSeenAt: new Date(when), updatedAt: new Date(when), amountFen }),
  ];
  await saveRows(db, 'Contract', ['id'], seen(1, 5), options);
  expect(await saveRows(db, 'Contract', ['id'], seen(2, 5), options)).toMatchObject({ unchanged: 1 });
  expect(await db.contract.findFirst()).toMatchObject({ firstSeenAt: new Date(1), updatedAt: new Date(1) });
  expect(await saveRows(db, 'Contract', ['id'], seen(3, 6), options)).toMatchObject({ changed: 1 });
  expect(await db.contract.findFirst()).toMatchObject({
    firstSeenAt: new Date(1),
    updatedAt: new Date(3),
    amountFen: 6,
  });
});

test('a key of two columns; a table with nothing else to change', async () => {
  await db.person.create({ data: { id: 'p', name: 'P', createdAt: at } });
  const subject = (kind: string, id: string) => ({ kind, id, personId: 'p', linkedAt: at });
  const options = { keep: ['personId', 'linkedAt'] };
  const rows = [subject('driver', '1'), subject('seat', '1'), subject('driver', '1')];
  expect(await saveRows(db, 'Subject', ['kind', 'id'], rows, options)).toEqual({ added: 2, changed: 0, unchanged: 1 });
  expect(await saveRows(db, 'Subject', ['kind', 'id'], rows, options)).toEqual({ added: 0, changed: 0, unchanged: 3 });
});

test('within a transaction it is all or nothing', async () => {
  const many = Array.from({ length: 1_500 }, (_, n) => driver(`d${n}`));
  const work = db.$transaction(async (tx) => {
    expect(await saveRows(tx, 'Driver', ['id'], many)).toMatchObject({ added: 1_500 });
    throw new Error('on purpose');
  });
  await expect(work).rejects.toThrow('on purpose');
  expect(await db.driver.count()).toBe(0);
});

test('refuses what the table does not have', async () => {
  await expect(saveRows(db, 'Driver', ['id'], [{ ...driver('x'), nope: 1 }])).rejects.toThrow(/nope/);
  await expect(saveRows(db, 'Driver', ['id'], [{ ...driver('x'), dsp: {} }])).rejects.toThrow(
    /object in the column dsp/,
  );
  await expect(saveRows(db, 'Contract', ['id'], [contract('x', { conversion: Number.NaN })])).rejects.toThrow(
    /conversion/,
  );
  await expect(saveRows(db, 'Driver', ['id'], [{ id: 'x', name: null }])).rejects.toThrow(/NOT NULL/);
});

test('adds rows, or none where one is there already; reads them in order, as they were stored', async () => {
  const text = `"it's", 中文 \\ \n`;
  const rows = Array.from({ length: 5_000 }, (_, n) => ({ ...contract(`c${n}`), number: n % 2 ? text : null }));
  await addRows(db, 'Contract', rows);
  const read = (where: Prisma.Sql) =>
    readRows(db, { table: 'Contract', columns: ['id', 'number', 'conversion', 'sample'], order: 'seq', where });
  expect(await read(Prisma.sql`"sample"`)).toEqual(rows.map(({ id, number }) => [id, number, 0.1, 1]));
  expect(await read(Prisma.sql`"id" = ${'c7'}`)).toEqual([['c7', text, 0.1, 1]]);
  expect(await read(Prisma.sql`"id" = ''`)).toEqual([]);
  const known = [contract('new'), contract('c1')];
  await expect(db.$transaction((tx) => addRows(tx, 'Contract', known))).rejects.toThrow(/unique/i);
  expect(await db.contract.count()).toBe(5_000);
});
