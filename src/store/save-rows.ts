import type { Db } from './db.ts';
import { instantText, storableText } from './sqlite-values.ts';

/** Rows per statement: large enough to be fast, small enough for others to get their turn. */
const BATCH = 1_000;

export interface SaveOptions {
  /** Columns that stay as they were first written, e.g. `firstSeenAt`. */
  keep?: readonly string[];
  /** Columns that are written with a change but make none, e.g. `updatedAt`. */
  touch?: readonly string[];
}

/**
 * Adds the rows to a table, or changes those whose key is known and whose columns really differ. Rows that are already
 * there as given are not written. A value that is missing or undefined is stored as null. Of several rows with one key
 * the first counts; the others are among the unchanged. Within a transaction it is all or nothing; otherwise each batch
 * of 1,000 is.
 * @param key the columns of the primary key or of a unique index
 */
export async function saveRows(
  db: Db,
  table: string,
  key: readonly string[],
  rows: readonly Record<string, unknown>[],
  options: SaveOptions = {},
): Promise<{ added: number; changed: number; unchanged: number }> {
  const columns = columnsOf(rows);
  const sql = statements(table, key, columns, options);
  const saved = { added: 0, changed: 0, unchanged: 0 };
  const distinct = firstOfEachKey(key, rows);
  for (let from = 0; from < distinct.length; from += BATCH) {
    const batch = distinct.slice(from, from + BATCH);
    await db.$transaction(async (tx) => {
      const [counted] = await tx.$queryRawUnsafe<[{ known: bigint }]>(sql.count, rowsAsJson(batch, key));
      const added = batch.length - Number(counted.known);
      const written = await tx.$executeRawUnsafe(sql.upsert, rowsAsJson(batch, columns));
      saved.added += added;
      saved.changed += written - added;
    });
  }
  saved.unchanged = rows.length - saved.added - saved.changed;
  return saved;
}

/**
 * Adds new rows to a table; they are all written, or in a transaction none. A value that is missing or undefined is null.
 * @throws where one is there already
 */
export async function addRows(db: Db, table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  const columns = columnsOf(rows);
  const sql = `${GIVEN} INSERT INTO ${id(table)} (${columns.map(id)}) SELECT ${columns.map((_, at) => `v ->> ${at}`)} FROM given`;
  for (let from = 0; from < rows.length; from += BATCH) {
    await db.$executeRawUnsafe(sql, rowsAsJson(rows.slice(from, from + BATCH), columns));
  }
}

// Materialized: SQLite would otherwise write each row out as JSON again for every column that is read from it.
const GIVEN = 'WITH given(v) AS MATERIALIZED (SELECT value FROM json_each(?))';

function statements(table: string, key: readonly string[], columns: readonly string[], options: SaveOptions) {
  const kept = new Set([...key, ...(options.keep ?? [])]);
  const touched = new Set(options.touch ?? []);
  const set = columns.filter((column) => !kept.has(column));
  const compared = set.filter((column) => !touched.has(column));
  const assigned = set.map((column) => `${id(column)} = excluded.${id(column)}`);
  const differs = compared.map((column) => `${id(table)}.${id(column)} IS NOT excluded.${id(column)}`);
  return {
    count: `${GIVEN} SELECT count(*) AS known FROM given JOIN ${id(table)} AS t
      ON ${key.map((column, at) => `t.${id(column)} = v ->> ${at}`).join(' AND ')}`,
    upsert: `${GIVEN} INSERT INTO ${id(table)} (${columns.map(id)}) SELECT ${columns.map((_, at) => `v ->> ${at}`)} FROM given
      WHERE true ON CONFLICT (${key.map(id)})
      DO ${compared.length > 0 ? `UPDATE SET ${assigned} WHERE ${differs.join(' OR ')}` : 'NOTHING'}`,
  };
}

function columnsOf(rows: readonly Record<string, unknown>[]): string[] {
  const columns = new Set<string>();
  for (const row of rows) for (const column of Object.keys(row)) columns.add(column);
  return [...columns];
}

/** The rows as an array of arrays, in the order of the columns. */
export function rowsAsJson(rows: readonly Record<string, unknown>[], columns: readonly string[]): string {
  return JSON.stringify(rows.map((row) => columns.map((column) => jsonValue(row[column], column))));
}

function firstOfEachKey(key: readonly string[], rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const seen = new Map<string | number | null, Record<string, unknown>>();
  const [first = ''] = key;
  for (const row of rows) {
    const name =
      key.length === 1
        ? jsonValue(row[first], first)
        : JSON.stringify(key.map((column) => jsonValue(row[column], column)));
    if (!seen.has(name)) seen.set(name, row);
  }
  return [...seen.values()];
}

/** The value as the adapter stores it, in JSON. */
function jsonValue(value: unknown, column: string): string | number | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return instantText(value);
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  // As text: the column's affinity makes it whole again, and JSON numbers would lose digits.
  if (typeof value === 'bigint') return String(value);
  throw new TypeError(`saveRows cannot store ${typeof value} in the column ${column}`);
}

function id(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
