import type { Logger } from 'pino';
import { messageOf } from '../../core/errors.ts';
import type { Mysql, TableCursor, TablePage, TableWish } from '../../core/mysql.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import { type CellReader, cellReader } from './cells.ts';
import { openWire, type Wire, type WireOptions } from './connection.ts';
import { earlier, isIndexed, openTable, type Table } from './table.ts';
import { upsert } from './write.ts';

const HEALTH = 'mysql.health';
/** Rows of a page: more would outlive the young generation of the memory, and take longer to collect. */
const PAGE_ROWS = 5_000;
/** Values of one question which of them are there. */
const ASKED = 1_000;

/** Opens a MySQL or MariaDB, read-only but for result tables; nothing is asked before somebody does. */
export function openMysql(
  url: string,
  { db, clock, log }: { clock: Clock; log: Logger; db: Database },
  options: WireOptions = {},
): Mysql {
  return {
    async *pages(wish) {
      const wire = openWire(url, wish.signal, options);
      try {
        const table = await openTable(wire, wish);
        const pageRows = wish.pageRows ?? PAGE_ROWS;
        let after = wish.after && earlier(wish.after, wish.overlap ?? 0);
        let next = pageAfter(wire, table, wish, after, pageRows);
        for (let last = false; !last; ) {
          const page = await next;
          ({ cursor: after, last } = page);
          // The next page is on its way while this one is kept.
          if (!last) {
            next = pageAfter(wire, table, wish, after, pageRows);
            next.catch(() => {});
          }
          log.debug({ part: 'mysql', table: wish.table, rows: page.rows.length }, 'page read');
          yield page;
        }
        if ((await readSetting(db, HEALTH)) !== 'ok') await writeSetting(db, HEALTH, 'ok');
      } catch (error) {
        wish.signal.throwIfAborted();
        await writeSetting(db, HEALTH, `failed at ${clock.now().toISOString()}: ${messageOf(error)}`);
        throw error;
      } finally {
        await wire.close();
      }
    },
    async present(wish, column, values) {
      const wire = openWire(url, wish.signal, options);
      try {
        const table = await openTable(wire, wish);
        if (!(await isIndexed(wire, wish, column))) return null;
        const found = new Set<string>();
        for (let from = 0; from < values.length; from += ASKED) {
          const question = table.among(column, values.slice(from, from + ASKED));
          const { fields, rows } = await wire.ask(question.sql, question.values);
          const read = fields[0] && cellReader(fields[0]);
          for (const [value] of rows) found.add(read?.(value)?.trim() ?? '');
        }
        return found;
      } finally {
        await wire.close();
      }
    },
    upsert: (table, rows) => upsert(url, table, rows),
    async health() {
      return (await readSetting(db, HEALTH)) ?? 'ok';
    },
  };
}

/** Up to `limit` rows after the cursor: what is left of its instant first, then later ones. */
async function pageAfter(
  wire: Wire,
  table: Table,
  wish: TableWish,
  after: TableCursor | undefined,
  limit: number,
): Promise<TablePage> {
  const rows: TablePage['rows'] = [];
  let cursor = after;
  for (const stretch of table.stretches(after)) {
    if (rows.length === limit) break;
    const { sql, values } = table.select(stretch, limit - rows.length);
    const answer = await wire.ask(sql, values);
    const readers = answer.fields.map(cellReader);
    for (const row of answer.rows) rows.push(rowOf(wish.columns, readers, row));
    const last = answer.rows.at(-1);
    if (last) cursor = cursorOf(wish, last);
  }
  return { rows, cursor, last: rows.length < limit };
}

function rowOf(columns: readonly string[], readers: readonly CellReader[], row: readonly unknown[]) {
  const values: Record<string, string | null> = {};
  columns.forEach((column, at) => {
    values[column] = readers[at]?.(row[at]) ?? null;
  });
  return values;
}

/** Id and time stand behind the columns, as they came. */
function cursorOf({ columns, updatedAt }: TableWish, row: readonly unknown[]): TableCursor {
  const time = updatedAt ? row[columns.length + 1] : null;
  return { updatedAt: time === null ? null : String(time), id: String(row[columns.length]) };
}
