import type { Db } from './db.ts';
import { rowsAsJson } from './save-rows.ts';

/** Rows per statement: large enough to be fast, small enough for others to get their turn. */
const BATCH = 1_000;

/**
 * Adds rows to a table; one whose unique key is known is passed over. A value that is missing or undefined is stored as
 * null, so that a column with a default has to be left out of all rows. Atomic within a transaction.
 * @param returning columns that are given back of each row that was added, in no certain order
 */
export async function addNewRows<R = never>(
  db: Db,
  table: string,
  rows: readonly object[],
  returning: readonly (keyof R & string)[] = [],
): Promise<R[]> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const sql = `WITH given(v) AS MATERIALIZED (SELECT value FROM json_each(?))
    INSERT INTO "${table}" (${columns.map((column) => `"${column}"`)})
    SELECT ${columns.map((_, at) => `v ->> ${at}`)} FROM given WHERE true ON CONFLICT DO NOTHING`;
  const added: R[] = [];
  for (let from = 0; from < rows.length; from += BATCH) {
    const given = rowsAsJson(rows.slice(from, from + BATCH) as Record<string, unknown>[], columns);
    if (returning.length === 0) await db.$executeRawUnsafe(sql, given);
    else {
      const names = returning.map((column) => `"${column}"`);
      added.push(...(await db.$queryRawUnsafe<R[]>(`${sql} RETURNING ${names}`, given)));
    }
  }
  return added;
}
