import type { Db } from './db.ts';
import { batches, columnsOf, GIVEN, type GivenRow, givenValues, id, withGiven } from './given.ts';

// In all of these a value that is missing or undefined is stored as null, so that a column with a default has to be left
// out of all rows. They are many statements: in a transaction it is all or nothing.

/**
 * Adds rows to a table.
 * @throws where one is there already
 */
export async function addRows(db: Db, table: string, rows: readonly object[]): Promise<void> {
  await insert(db, insertion(table, rows), rows);
}

/** Adds rows to a table; one whose unique key is known is passed over. Returns how many were added. */
export function addNewRows(db: Db, table: string, rows: readonly object[]): Promise<number> {
  return insert(db, `${insertion(table, rows)} WHERE true ON CONFLICT DO NOTHING`, rows);
}

/**
 * The same, slower: of each row that was added the columns that are asked for.
 * @returns in no certain order
 */
export async function addNewRowsReturning<R>(
  db: Db,
  table: string,
  rows: readonly object[],
  returning: readonly (keyof R & string)[],
): Promise<R[]> {
  const sql = `${insertion(table, rows)} WHERE true ON CONFLICT DO NOTHING RETURNING ${returning.map(id)}`;
  const columns = columnsOf(rows);
  const added: R[] = [];
  for (const batch of batches(rows as GivenRow[])) {
    added.push(...(await withGiven(batch, columns, (given) => db.$queryRawUnsafe<R[]>(sql, given))));
  }
  return added;
}

function insertion(table: string, rows: readonly object[]): string {
  const columns = columnsOf(rows);
  return `${GIVEN} INSERT INTO ${id(table)} (${columns.map(id)}) SELECT ${givenValues(columns)} FROM given`;
}

async function insert(db: Db, sql: string, rows: readonly object[]): Promise<number> {
  const columns = columnsOf(rows);
  let added = 0;
  for (const batch of batches(rows as GivenRow[])) {
    added += await withGiven(batch, columns, (given) => db.$executeRawUnsafe(sql, given));
  }
  return added;
}
