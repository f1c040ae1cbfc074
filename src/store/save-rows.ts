import type { Db } from './db.ts';
import { batches, columnsOf, GIVEN, givenValues, id, jsonValue, withGiven } from './given.ts';

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
  for (const batch of batches(distinct)) {
    await db.$transaction(async (tx) => {
      const [counted] = await withGiven(batch, key, (given) =>
        tx.$queryRawUnsafe<[{ known: bigint }]>(sql.count, given),
      );
      const added = batch.length - Number(counted.known);
      const written = await withGiven(batch, columns, (given) => tx.$executeRawUnsafe(sql.upsert, given));
      saved.added += added;
      saved.changed += written - added;
    });
  }
  saved.unchanged = rows.length - saved.added - saved.changed;
  return saved;
}

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
    upsert: `${GIVEN} INSERT INTO ${id(table)} (${columns.map(id)}) SELECT ${givenValues(columns)} FROM given
      WHERE true ON CONFLICT (${key.map(id)})
      DO ${compared.length > 0 ? `UPDATE SET ${assigned} WHERE ${differs.join(' OR ')}` : 'NOTHING'}`,
  };
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
