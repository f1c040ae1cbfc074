import { aside } from './aside.ts';
import { instantText, storableText } from './sqlite-values.ts';

/** Rows that go to a statement all together, as JSON. */
export type GivenRow = Record<string, unknown>;

/** Rows per statement: large enough to be fast, small enough for others to get their turn. */
const BATCH = 1_000;

// Materialized: SQLite would otherwise write each row out as JSON again for every column that is read from it.
export const GIVEN = 'WITH given(v) AS MATERIALIZED (SELECT value FROM json_each(?))';

export function id(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The given values in the order of their columns. */
export function givenValues(columns: readonly string[]): string {
  return columns.map((_, at) => `v ->> ${at}`).join(', ');
}

export function columnsOf(rows: readonly object[]): string[] {
  const columns = new Set<string>();
  for (const row of rows) for (const column in row) columns.add(column);
  return [...columns];
}

export function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH);
}

/** The rows as an array of arrays, in the order of the columns, for the parameter of `GIVEN`. */
export function withGiven<T>(
  rows: readonly GivenRow[],
  columns: readonly string[],
  use: (given: string) => Promise<T>,
): Promise<T> {
  return aside(JSON.stringify(rows.map((row) => columns.map((column) => jsonValue(row[column], column)))), use);
}

/** The value as the adapter stores it, in JSON. */
export function jsonValue(value: unknown, column: string): string | number | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return instantText(value);
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  // As text: the column's affinity makes it whole again, and JSON numbers would lose digits.
  if (typeof value === 'bigint') return String(value);
  throw new TypeError(`cannot store ${typeof value} in the column ${column}`);
}
