import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { migrate } from './migrate.ts';
import { type Migration, readMigrations } from './migrations.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldbell-migrate-'));
  file = join(folder, 'deep/er/test.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const url = () => `file:${file}`;
const migration = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});
const real = readMigrations();
const apply = (migrations: Migration[]) => migrate(url(), undefined, migrations);
const ask = (sql: string) => {
  const connection = new Connection(file, { readOnly: false, timeout: 1_000 });
  try {
    return connection.query({ sql, args: [], argTypes: [] }).rows;
  } finally {
    connection.close();
  }
};

test('applies every migration once, under the name and checksum of the file', async () => {
  const names = readdirSync('prisma/migrations').filter((name) => name !== 'migration_lock.toml');
  const said: string[] = [];
  expect(await migrate(url(), (line) => said.push(line))).toEqual({ applied: names });
  expect(said).toHaveLength(names.length);
  expect(await migrate(url())).toEqual({ applied: [] });
  const history = ask('SELECT migration_name, checksum, applied_steps_count FROM _prisma_migrations');
  const checksum = (name: string) =>
    createHash('sha256')
      .update(readFileSync(`prisma/migrations/${name}/migration.sql`))
      .digest('hex');
  expect(history).toEqual(names.map((name) => [name, checksum(name), 1]));
});

test('is quick where nothing is to do', async () => {
  await migrate(url());
  const began = performance.now();
  await migrate(url());
  expect(performance.now() - began).toBeLessThan(100);
});

test('several starts at once share the work', async () => {
  const each = await Promise.all(Array.from({ length: 5 }, () => migrate(url())));
  expect(each.flatMap(({ applied }) => applied)).toEqual(real.map(({ name }) => name));
});

test('a migration that fails leaves the database as it was before it', async () => {
  const good = migration('90000000000000_good', 'CREATE TABLE Good (id TEXT)');
  const bad = migration('90000000000001_bad', 'CREATE TABLE Bad (id TEXT);\nINSERT INTO Nowhere VALUES (1);');
  await expect(apply([...real, good, bad])).rejects.toThrow(/_bad failed.*no such table: Nowhere/s);
  expect(ask(`SELECT name FROM sqlite_master WHERE name IN ('Good', 'Bad')`)).toEqual([['Good']]);
  const mended = migration(bad.name, 'CREATE TABLE Bad (id TEXT)');
  expect(await apply([...real, good, mended])).toEqual({ applied: [bad.name] });
});

test('a table that is made anew keeps the rows that point to it; one that loses them is refused', async () => {
  const two = migration(
    '1_two',
    `CREATE TABLE A (id TEXT PRIMARY KEY); CREATE TABLE B (a TEXT REFERENCES A (id) ON DELETE CASCADE);
     INSERT INTO A VALUES ('x'); INSERT INTO B VALUES ('x');`,
  );
  const redefine = (from: string) => `PRAGMA defer_foreign_keys=ON; PRAGMA foreign_keys=OFF;
     CREATE TABLE new_A (id TEXT PRIMARY KEY, more TEXT); INSERT INTO new_A (id) SELECT ${from} FROM A;
     DROP TABLE A; ALTER TABLE new_A RENAME TO A; PRAGMA foreign_keys=ON; PRAGMA defer_foreign_keys=OFF;`;
  const anew = migration('2_anew', redefine('id'));
  await apply([two, anew]);
  expect(ask('SELECT B.a, A.more FROM B JOIN A ON A.id = B.a')).toEqual([['x', null]]);
  const lossy = migration('3_lossy', redefine(`id || '!'`));
  await expect(apply([two, anew, lossy])).rejects.toThrow(/rows of B would point to nothing/);
  expect(ask('SELECT id FROM A')).toEqual([['x']]);
});

test('refuses a changed migration, a newer database, half a migration and a stranger', async () => {
  const one = migration('1_one', 'CREATE TABLE A (id TEXT)');
  await apply([one]);
  const changed = migration('1_one', 'CREATE TABLE A (id TEXT) -- really');
  await expect(apply([changed])).rejects.toThrow(/1_one was changed after it was applied/);
  await expect(apply([])).rejects.toThrow(/1_one, which this version does not/);
  ask('UPDATE _prisma_migrations SET finished_at = NULL');
  await expect(apply([one])).rejects.toThrow(/1_one did not finish/);
  ask('DROP TABLE _prisma_migrations');
  await expect(apply([one])).rejects.toThrow(/another program's tables/);
  file = join(folder, 'letter.txt');
  writeFileSync(file, 'Dear reader, this is not a database at all.'.repeat(50));
  await expect(migrate(url())).rejects.toThrow(/letter.txt cannot be used.*not a database/s);
  await expect(migrate('postgresql://localhost/x')).rejects.toThrow(/PostgreSQL cannot be used yet/);
});

test('the migrations make the schema', { timeout: 60_000 }, () => {
  execFileSync(process.execPath, ['scripts/migration.mjs', '--check'], { stdio: 'pipe' });
});
