import mysql, { type Connection, type FieldPacket } from 'mysql2/promise';
import { SetupError, UpstreamError } from '../../core/errors.ts';
import { type Patience, patiently, Unwell } from '../patience.ts';

/** A query's rows as arrays in the order of its fields. */
export interface Answered {
  fields: readonly FieldPacket[];
  rows: readonly (readonly unknown[])[];
}

/** One connection that is made when it is needed, and anew when it was lost. */
export interface Wire {
  /** @throws SetupError, UpstreamError */
  ask(sql: string, values: readonly (string | null)[]): Promise<Answered>;
  close(): Promise<void>;
}

/** Read-only for the whole session; times as UTC; nothing is made of a zero date or a blank behind a key. */
const SESSION = ["SET SESSION time_zone = '+00:00', sql_mode = ''", 'SET SESSION TRANSACTION READ ONLY'];

export interface WireOptions {
  /** For connecting, and for one query. Milliseconds. */
  timeoutMs?: number;
  patience?: Patience;
}

export function openWire(url: string, signal: AbortSignal, options: WireOptions = {}): Wire {
  const timeout = options.timeoutMs ?? 60_000;
  let connection: Connection | undefined;

  async function connected(): Promise<Connection> {
    if (connection) return connection;
    const made = await mysql.createConnection({
      uri: url.replace(/^mariadb:/, 'mysql:'),
      charset: 'utf8mb4',
      connectTimeout: Math.min(timeout, 10_000),
      // Whatever a double or a Date cannot hold stays text.
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      jsonStrings: true,
    });
    // Said by the query that is under way, too; without a listener it would end the process.
    made.on('error', () => drop());
    connection = made;
    for (const sql of SESSION) await made.query(sql);
    return made;
  }

  function drop(): void {
    connection?.destroy();
    connection = undefined;
  }

  return {
    ask: (sql, values) =>
      patiently(
        async () => {
          signal.throwIfAborted();
          try {
            const on = await connected();
            const [rows, fields] = await on.execute({ sql, timeout, rowsAsArray: true }, [...values]);
            return { rows: rows as unknown as unknown[][], fields };
          } catch (error) {
            drop();
            throw failureOf(error);
          }
        },
        signal,
        options.patience,
      ),
    async close() {
      const open = connection;
      connection = undefined;
      await open?.end().catch(() => open.destroy());
    },
  };
}

const LOST =
  /^(PROTOCOL_|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_|EHOST|ENET|ER_(SERVER_SHUTDOWN|CON_COUNT|TOO_MANY_USER|LOCK_|QUERY_INTERRUPTED|QUERY_TIMEOUT|NEW_ABORTING|CONNECTION_KILLED|UNKNOWN_ERROR))/;
const DENIED =
  /^ER_(ACCESS_DENIED|DBACCESS_DENIED|TABLEACCESS_DENIED|COLUMNACCESS_DENIED|BAD_DB|NO_SUCH_TABLE|BAD_FIELD)/;

/** What went wrong, in words without address, account and SQL. */
export function failureOf(error: unknown): Error {
  const { code = '', errno, message = '' } = error as { code?: string; errno?: number; message?: string };
  const said =
    message
      .split('\n', 1)[0]
      ?.replace(/'[^']*'@'[^']*'/g, 'this account')
      .slice(0, 160) ?? '';
  if (DENIED.test(code)) return new SetupError(`MySQL (MYSQL_URL): ${said}`);
  // 1927: MariaDB's "connection was killed".
  if (LOST.test(code) || errno === 1927 || /closed state/.test(message)) {
    return new Unwell(`MySQL does not answer (${code || 'connection lost'})`);
  }
  return new UpstreamError(`MySQL: ${said || code}`);
}
