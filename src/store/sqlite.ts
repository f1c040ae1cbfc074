import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type ConnectionInfo,
  DriverAdapterError,
  type IsolationLevel,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import { Connection } from './connection.ts';
import { Gate, stepAside } from './gate.ts';
import { PATIENCE_MS, patiently } from './patience.ts';
import { isBusy, isReadOnly, mapped } from './sqlite-errors.ts';
import { SqliteTransaction } from './transaction.ts';

/** SQLite's own limit on the parameters of one statement. */
const MAX_PARAMETERS = 32_766;
const NAME = 'fieldbell-sqlite';

export interface SqliteOptions {
  /**
   * `main`: somebody waits for the answer, so it gives up a locked database after 5 s. `worker`: a thread that does jobs;
   * it stands aside for the main thread, and waits for up to 30 s.
   */
  role: 'main' | 'worker';
  /** One 32-bit counter: how many writes wait or run in the main thread. */
  waiting?: SharedArrayBuffer | undefined;
}

/**
 * Prisma's way to a SQLite file. One connection writes: writes and transactions pass a gate in order, and a transaction
 * takes the lock when it begins, so it cannot fail half-way for want of it. A second connection, which can only read,
 * answers what is asked outside transactions.
 */
export class SqliteFactory implements SqlDriverAdapterFactory {
  readonly provider = 'sqlite';
  readonly adapterName = NAME;
  readonly #path: string;
  readonly #options: SqliteOptions;

  constructor(path: string, options: SqliteOptions = { role: 'main' }) {
    this.#path = path;
    this.#options = options;
  }

  async connect(): Promise<SqlDriverAdapter> {
    mkdirSync(dirname(this.#path), { recursive: true });
    return open(this.#path, this.#options);
  }
}

async function open(path: string, options: SqliteOptions): Promise<SqlDriverAdapter> {
  return mapped(async () => {
    const writer = new Connection(path, { readOnly: false, timeout: 0 });
    try {
      await patiently(() => writer.control('PRAGMA journal_mode = WAL'));
      writer.control('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864');
      // In KiB, taken when needed: with SQLite's own 2 MB the indexes of a million rows are read and written over and over.
      writer.control('PRAGMA cache_size = -65536');
      const reader = await patiently(() => new Connection(path, { readOnly: true, timeout: 0 }));
      reader.control('PRAGMA cache_size = -32768');
      return new Adapter(writer, reader, options);
    } catch (error) {
      writer.close();
      throw error;
    }
  });
}

class Adapter implements SqlDriverAdapter {
  readonly provider = 'sqlite';
  readonly adapterName = NAME;
  readonly #writer: Connection;
  readonly #reader: Connection;
  readonly #gate: Gate;
  readonly #patience: number;
  readonly #aside: Int32Array | undefined;

  constructor(writer: Connection, reader: Connection, options: SqliteOptions) {
    const worker = options.role === 'worker';
    this.#writer = writer;
    this.#reader = reader;
    this.#gate = new Gate(worker ? undefined : options.waiting);
    this.#patience = PATIENCE_MS[options.role];
    this.#aside = worker && options.waiting ? new Int32Array(options.waiting) : undefined;
  }

  getConnectionInfo(): ConnectionInfo {
    return { maxBindValues: MAX_PARAMETERS, supportsRelationJoins: false };
  }

  queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    return mapped(async () => {
      if (looksReading(query.sql)) {
        try {
          return await patiently(() => this.#reader.query(query));
        } catch (error) {
          if (!isReadOnly(error)) throw error;
        }
      }
      return this.#write(() => this.#writer.query(query));
    });
  }

  executeRaw(query: SqlQuery): Promise<number> {
    return mapped(() => this.#write(() => this.#writer.execute(query)));
  }

  executeScript(script: string): Promise<void> {
    return mapped(() => this.#write(() => this.#writer.script(script)));
  }

  startTransaction(isolation?: IsolationLevel): Promise<Transaction> {
    return mapped(async () => {
      if (isolation && isolation !== 'SERIALIZABLE') {
        throw new DriverAdapterError({ kind: 'InvalidIsolationLevel', level: isolation });
      }
      const leave = await this.#gate.enter();
      try {
        await this.#insist(() => this.#writer.control('BEGIN IMMEDIATE'));
      } catch (error) {
        leave();
        throw error;
      }
      return new SqliteTransaction(this.adapterName, this.#writer, leave);
    });
  }

  async dispose(): Promise<void> {
    const leave = await this.#gate.enter();
    try {
      this.#reader.close();
      try {
        this.#writer.control('PRAGMA wal_checkpoint(PASSIVE)');
      } catch (error) {
        // Somebody else is writing: the checkpoint is theirs to make.
        if (!isBusy(error)) throw error;
      } finally {
        this.#writer.close();
      }
    } finally {
      leave();
    }
  }

  async #write<T>(work: () => T): Promise<T> {
    const leave = await this.#gate.enter();
    try {
      return await this.#insist(work);
    } finally {
      // A statement that failed half-way through a script, or somebody's own BEGIN, must not catch what others write.
      if (this.#writer.isTransaction) this.#writer.control('ROLLBACK');
      leave();
    }
  }

  /** Tries until the lock is free; a worker thread lets the main thread go first each time. */
  #insist<T>(attempt: () => T): Promise<T> {
    const aside = this.#aside;
    const polite = () => {
      if (aside) stepAside(aside);
      return attempt();
    };
    return patiently(polite, this.#patience);
  }
}

/** Only such a statement may be tried on the reader, which refuses it where it writes after all (`WITH … INSERT`). */
function looksReading(sql: string): boolean {
  return /^\s*(SELECT|WITH|VALUES|EXPLAIN)\b/i.test(sql);
}
