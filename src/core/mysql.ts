/** Where a read of a table goes on: after the row of this time and this id, both as the database writes them. */
export interface TableCursor {
  updatedAt: string | null;
  id: string;
}

/** What is wanted of a table. Names come from the mapping alone and are quoted; values are parameters. */
export interface TableWish {
  /** `name`, or `database.name`. */
  table: string;
  columns: readonly string[];
  /** A unique column; rows of one time are read in its order. */
  id: string;
  /** When a row changed last; absent: rows are read in the order of their ids. */
  updatedAt?: string | undefined;
  /** Only rows that have these values. */
  where?: Readonly<Record<string, string | number | readonly (string | number)[]>> | undefined;
  after?: TableCursor | undefined;
  /** Begin this much before `after`: for rows whose transaction ended late. Seconds. */
  overlap?: number | undefined;
  /** Default 5,000. */
  pageRows?: number | undefined;
  signal: AbortSignal;
}

/** Rows by column, as text without loss; NULL and zero dates are null, TIMESTAMPs end in `Z` (UTC), DATETIMEs are as written. */
export interface TablePage {
  rows: Record<string, string | null>[];
  /** Where the next page begins. */
  cursor: TableCursor | undefined;
  /** Nothing stands behind it now. */
  last: boolean;
}

/** A table that results are written to. */
export interface ResultTable {
  /** `name`, or `database.name`. */
  name: string;
  columns: readonly string[];
  /** The columns of its primary key. */
  key: readonly string[];
}

/** A MySQL or MariaDB of somebody else's. */
export interface Mysql {
  /**
   * The rows after a cursor, page by page. Each page is a query of its own, so that a read can be left and taken up again;
   * a connection that is lost is made anew, a few times.
   * @throws SetupError where the account, a table or a column is not there: `what` says which
   * @throws UpstreamError where the database does not answer
   */
  pages(wish: TableWish): AsyncIterable<TablePage>;
  /**
   * Adds rows to a result table of ours, or changes those whose key is known: all or none.
   * @throws SetupError where the table is not there or may not be written
   */
  upsert(table: ResultTable, rows: readonly (readonly (string | number | null)[])[]): Promise<void>;
  /**
   * Which of these values of a column stand in the table still, among the rows that `where` lets through.
   * @returns null where no index begins with the column: each look would go over the whole table
   * @throws SetupError, UpstreamError as `pages`
   */
  present(wish: TableWish, column: string, values: readonly string[]): Promise<Set<string> | null>;
  /** `ok`, or what was wrong the last time, of whichever process. */
  health(): Promise<string>;
}
