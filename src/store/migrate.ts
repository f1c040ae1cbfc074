import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupError } from '../core/errors.ts';
import { Connection } from './connection.ts';
import { databaseFile } from './location.ts';
import { type Migration, readMigrations } from './migrations.ts';
import { patiently } from './patience.ts';

/** For how long a start waits for another that is migrating the same file. */
const WAIT_MS = 60_000;

/**
 * Brings the database at `url` up to the migrations under `prisma/migrations`, each in one transaction: a failed one
 * leaves the database as it was before it. Keeps Prisma's own table, so that `prisma migrate deploy` agrees.
 * @throws SetupError where the database is newer than the code, an applied migration has changed, or one fails
 */
export async function migrate(
  url: string,
  log: (line: string) => void = () => {},
  migrations: readonly Migration[] = readMigrations(),
): Promise<{ applied: string[] }> {
  const file = databaseFile(url);
  mkdirSync(dirname(file), { recursive: true });
  const connection = open(file);
  try {
    await patiently(() => connection.control('PRAGMA journal_mode = WAL'), WAIT_MS);
    // Redefining a table drops it; with foreign keys on, that would delete the rows that point to it.
    connection.control('PRAGMA foreign_keys = OFF');
    const applied: string[] = [];
    for (const migration of pending(migrations, connection, file)) {
      await patiently(() => connection.control('BEGIN IMMEDIATE'), WAIT_MS);
      try {
        const another = !pending(migrations, connection, file).includes(migration);
        if (!another) apply(migration, connection);
        connection.control('COMMIT');
        if (another) continue;
      } catch (error) {
        if (connection.isTransaction) connection.control('ROLLBACK');
        throw error;
      }
      applied.push(migration.name);
      log(`migrated the database: ${migration.name}`);
    }
    return { applied };
  } catch (error) {
    throw explained(error, file);
  } finally {
    connection.close();
  }
}

function open(file: string): Connection {
  try {
    return new Connection(file, { readOnly: false, timeout: 0 });
  } catch (error) {
    throw explained(error, file);
  }
}

/** The migrations that the database lacks, once it is sure that it is one of ours and not ahead of the code. */
function pending(migrations: readonly Migration[], connection: Connection, file: string): readonly Migration[] {
  const tables = ask(connection, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`);
  if (!tables.some(([name]) => name === '_prisma_migrations')) {
    if (tables.length === 0) return migrations;
    throw new SetupError(`${file} holds another program's tables: name another file in DATABASE_URL`);
  }
  const applied = ask(
    connection,
    `SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const mistakes = applied.flatMap(([name, checksum, finished]) => {
    const migration = known.get(String(name));
    if (!migration) return [`it has the migration ${name}, which this version does not: install the newer version`];
    if (finished === null)
      return [`the migration ${name} did not finish: restore a backup, or see prisma migrate resolve`];
    if (migration.checksum !== checksum)
      return [`prisma/migrations/${name} was changed after it was applied: restore it`];
    return [];
  });
  if (mistakes.length > 0) throw new SetupError(`The database ${file} does not fit this version`, mistakes);
  const names = new Set(applied.map(([name]) => name));
  return migrations.filter((migration) => !names.has(migration.name));
}

function apply(migration: Migration, connection: Connection): void {
  const { name, sql, checksum } = migration;
  try {
    connection.script(HISTORY);
    connection.script(sql);
    const broken = ask(connection, 'PRAGMA foreign_key_check');
    if (broken.length > 0) throw new Error(`rows of ${broken[0]?.[0]} would point to nothing`);
    const args = [randomUUID(), checksum, name];
    connection.execute({ sql: RECORD, args, argTypes: [] });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupError(`The migration ${name} failed and the database is as it was before`, [reason]);
  }
}

function ask(connection: Connection, sql: string): unknown[][] {
  return connection.query({ sql, args: [], argTypes: [] }).rows;
}

function explained(error: unknown, file: string): unknown {
  if (error instanceof SetupError || !(error instanceof Error)) return error;
  return new SetupError(`The database ${file} cannot be used`, [error.message]);
}

/** Prisma's history of migrations, as its schema engine makes it. */
const HISTORY = `
CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

const RECORD = `
INSERT INTO "_prisma_migrations" (id, checksum, migration_name, applied_steps_count, started_at, finished_at)
SELECT ?, ?, ?, 1, now, now FROM (SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now)`;
