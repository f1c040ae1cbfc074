import { DatabaseSync } from '@photostructure/sqlite';
import type { SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils';
import { bind, columnTypes, type Stored, unbind } from './sqlite-values.ts';

/** Statements kept ready per connection; the driver frees others only when the garbage collector comes by. */
const KEPT_STATEMENTS = 200;

type Sqlite = InstanceType<typeof DatabaseSync>;
type Statement = ReturnType<Sqlite['prepare']>;

interface Prepared {
  statement: Statement;
  names: string[];
  declared: (string | null)[];
}

/** One connection to a database file, speaking Prisma's queries. Synchronous: a statement takes the thread. */
export class Connection {
  readonly #database: Sqlite;
  readonly #prepared = new Map<string, Prepared>();

  /** `timeout`: for how many milliseconds SQLite itself waits, blocking, for a lock. */
  constructor(path: string, options: { readOnly: boolean; timeout: number }) {
    this.#database = new DatabaseSync(path, options);
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  query(query: SqlQuery): SqlResultSet {
    const { statement, names, declared } = this.#prepare(query.sql);
    const args = query.args.map((value, at) => bind(value, query.argTypes[at]));
    if (names.length === 0) {
      statement.run(...args);
      return { columnNames: [], columnTypes: [], rows: [] };
    }
    const stored = statement.all(...args) as Stored[][];
    const types = columnTypes(declared, stored);
    const rows = stored.map((row) => types.map((type, column) => unbind(row[column] ?? null, type)));
    return { columnNames: [...names], columnTypes: types, rows };
  }

  /** The number of rows that the statement added, changed or removed. */
  execute(query: SqlQuery): number {
    const args = query.args.map((value, at) => bind(value, query.argTypes[at]));
    return Number(this.#prepare(query.sql).statement.run(...args).changes);
  }

  /** Runs one or many statements without arguments. */
  script(sql: string): void {
    this.#prepared.clear();
    this.#database.exec(sql);
  }

  /** Begins, commits or rolls back: `script` for statements that change no table's shape. */
  control(sql: string): void {
    this.#database.exec(sql);
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, known);
      return known;
    }
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const columns = statement.columns();
    const prepared = {
      statement,
      names: columns.map((column) => column.name),
      declared: columns.map((column) => column.type),
    };
    this.#prepared.set(sql, prepared);
    if (this.#prepared.size > KEPT_STATEMENTS) {
      for (const oldest of this.#prepared.keys()) {
        this.#prepared.delete(oldest);
        break;
      }
    }
    return prepared;
  }
}
