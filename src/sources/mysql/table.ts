import { SetupError } from '../../core/errors.ts';
import type { TableCursor, TableWish } from '../../core/mysql.ts';
import type { Wire } from './connection.ts';

/** A stretch of a table in its order: the condition under which rows belong to it, and its values. */
interface Stretch {
  sql: string;
  values: string[];
  order: string;
}

/** How a table is asked: its columns checked, its names quoted. */
export interface Table {
  /** The statement for the rows of a stretch. */
  select(stretch: Stretch, limit: number): { sql: string; values: string[] };
  /** The statement for those of `values` that a column holds. */
  among(column: string, values: readonly string[]): { sql: string; values: string[] };
  /** What is still to be read after a cursor, in order. */
  stretches(after: TableCursor | undefined): Stretch[];
}

/** Quotes a name. Inside backquotes only a backquote means anything. */
export function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/**
 * Looks at the table before it is read.
 * @throws SetupError naming the table or the column that is not there
 */
export async function openTable(wire: Wire, wish: TableWish): Promise<Table> {
  const parts = wish.table.split('.');
  const name = parts.pop() ?? '';
  const types = await columnTypes(wire, parts.join('.') || null, name);
  if (types.size === 0) throw new SetupError(`MySQL has no table ${wish.table}, or this account may not read it`);
  const used = [
    ...wish.columns,
    wish.id,
    ...(wish.updatedAt ? [wish.updatedAt] : []),
    ...Object.keys(wish.where ?? {}),
  ];
  const absent = [...new Set(used)].filter((column) => !types.has(column.toLowerCase()));
  if (absent.length > 0) throw new SetupError(`MySQL's table ${wish.table} has no column ${absent.join(', ')}`);

  const shared = await keyOfSeveral(wire, parts.join('.') || null, name, wish.id);
  if (shared) {
    throw new SetupError(
      `MySQL's table ${wish.table}: id ${wish.id} is not unique by itself, its key is (${shared}); name a unique column, or a view that joins them`,
    );
  }
  const from = [...parts, name].map(quoted).join('.');
  const { sql: filter, values: filterValues } = filterOf(wish);
  const columns = [...wish.columns, wish.id, ...(wish.updatedAt ? [wish.updatedAt] : [])].map(quoted).join(', ');
  /** Whole numbers as such: compared with text they would be rounded to doubles. */
  const parameter = (column: string) => {
    const type = types.get(column.toLowerCase()) ?? '';
    const decimal = /^decimal\(\d+,\d+\)/.exec(type);
    if (decimal) return `CAST(? AS ${decimal[0]})`;
    return /int/.test(type) ? `CAST(? AS ${/unsigned/.test(type) ? 'UNSIGNED' : 'SIGNED'})` : '?';
  };
  const id = quoted(wish.id);
  const idAfter = `${id} > ${parameter(wish.id)}`;
  return {
    select: ({ sql, values, order }, limit) => ({
      sql: `SELECT ${columns} FROM ${from} WHERE ${[filter, sql].filter(Boolean).join(' AND ') || '1'} ORDER BY ${order} LIMIT ${limit}`,
      values: [...filterValues, ...values],
    }),
    among: (column, wanted) => ({
      sql: `SELECT ${quoted(column)} FROM ${from} WHERE ${filter || '1'} AND ${quoted(column)} IN (${wanted.map(() => parameter(column)).join(', ')})`,
      values: [...filterValues, ...wanted],
    }),
    stretches(after) {
      if (!wish.updatedAt)
        return [after ? { sql: idAfter, values: [after.id], order: id } : { sql: '', values: [], order: id }];
      const time = quoted(wish.updatedAt);
      const order = `${time}, ${id}`;
      const timed = { sql: `${time} IS NOT NULL`, values: [], order };
      if (!after) return [{ sql: `${time} IS NULL`, values: [], order: id }, timed];
      if (after.updatedAt === null)
        return [{ sql: `${time} IS NULL AND ${idAfter}`, values: [after.id], order: id }, timed];
      const at = parameter(wish.updatedAt);
      return [
        { sql: `${time} = ${at} AND ${idAfter}`, values: [after.updatedAt, after.id], order: id },
        { sql: `${time} > ${at}`, values: [after.updatedAt], order },
      ];
    },
  };
}

/** Whether rows are found by a column without going over the table. */
export async function isIndexed(wire: Wire, { table }: TableWish, column: string): Promise<boolean> {
  const parts = table.split('.');
  const name = parts.pop() ?? '';
  const { rows } = await wire.ask(
    `SELECT 1 FROM information_schema.statistics WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ?
     AND seq_in_index = 1 AND LOWER(column_name) = LOWER(?) LIMIT 1`,
    [parts.join('.') || null, name, column],
  );
  return rows.length > 0;
}

async function columnTypes(wire: Wire, database: string | null, table: string): Promise<Map<string, string>> {
  const { rows } = await wire.ask(
    `SELECT column_name AS name, column_type AS type FROM information_schema.columns
     WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ?`,
    [database, table],
  );
  return new Map(rows.map(([name, type]) => [String(name).toLowerCase(), String(type).toLowerCase()]));
}

/** The columns of the unique key that an id is but a part of; null where it has one of its own, or none is declared. */
async function keyOfSeveral(wire: Wire, database: string | null, table: string, id: string): Promise<string | null> {
  const { rows } = await wire.ask(
    `SELECT GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', ') AS columns FROM information_schema.statistics
     WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ? AND non_unique = 0
     GROUP BY index_name HAVING SUM(LOWER(column_name) = LOWER(?)) > 0 ORDER BY COUNT(*)`,
    [database, table, id],
  );
  const [smallest] = rows.map(([columns]) => String(columns));
  return smallest?.includes(', ') ? smallest : null;
}

function filterOf({ where = {} }: TableWish): { sql: string; values: string[] } {
  const values: string[] = [];
  const parts = Object.entries(where).map(([column, wanted]) => {
    const all = [wanted].flat().map(String);
    values.push(...all);
    return `${quoted(column)} IN (${all.map(() => '?').join(', ')})`;
  });
  return { sql: parts.join(' AND '), values };
}

/** A cursor some seconds earlier; of a time that is none it stays as it is. Whole numbers are seconds or milliseconds. */
export function earlier(cursor: TableCursor, seconds: number): TableCursor {
  const { updatedAt } = cursor;
  if (updatedAt === null || seconds <= 0) return cursor;
  if (/^\d{10}$/.test(updatedAt)) return { updatedAt: String(Number(updatedAt) - seconds), id: '' };
  if (/^\d{13}$/.test(updatedAt)) return { updatedAt: String(Number(updatedAt) - seconds * 1000), id: '' };
  const at = new Date(`${updatedAt.slice(0, 19).replace(' ', 'T')}Z`).getTime();
  if (Number.isNaN(at)) return cursor;
  return { updatedAt: new Date(at - seconds * 1000).toISOString().slice(0, 19).replace('T', ' '), id: '' };
}
