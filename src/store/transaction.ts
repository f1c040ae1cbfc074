import { DriverAdapterError, type SqlQuery, type SqlResultSet, type Transaction } from '@prisma/driver-adapter-utils';
import type { Connection } from './connection.ts';
import { mapped } from './sqlite-errors.ts';

/** A transaction that has the lock already. Whatever ends it lets the next through the gate. */
export class SqliteTransaction implements Transaction {
  readonly provider = 'sqlite';
  readonly adapterName: string;
  /** Prisma leaves COMMIT and ROLLBACK to us. */
  readonly options = { usePhantomQuery: true };
  readonly #writer: Connection;
  readonly #leave: () => void;
  #over = false;

  constructor(adapterName: string, writer: Connection, leave: () => void) {
    this.adapterName = adapterName;
    this.#writer = writer;
    this.#leave = leave;
  }

  queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    return this.#within(() => this.#writer.query(query));
  }

  executeRaw(query: SqlQuery): Promise<number> {
    return this.#within(() => this.#writer.execute(query));
  }

  createSavepoint(name: string): Promise<void> {
    return this.#within(() => this.#writer.control(`SAVEPOINT ${name}`));
  }

  rollbackToSavepoint(name: string): Promise<void> {
    return this.#within(() => this.#writer.control(`ROLLBACK TO ${name}`));
  }

  releaseSavepoint(name: string): Promise<void> {
    return this.#within(() => this.#writer.control(`RELEASE ${name}`));
  }

  commit(): Promise<void> {
    return this.#end('COMMIT');
  }

  rollback(): Promise<void> {
    return this.#end('ROLLBACK');
  }

  /** SQLite ends a transaction by itself on some errors (disk full); what follows must not be committed alone. */
  #within<T>(work: () => T): Promise<T> {
    return mapped(async () => {
      if (this.#over || !this.#writer.isTransaction) {
        throw new DriverAdapterError({ kind: 'TransactionAlreadyClosed', cause: 'SQLite has rolled it back' });
      }
      return work();
    });
  }

  #end(verb: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    return mapped(async () => {
      if (this.#over) return;
      this.#over = true;
      try {
        if (verb === 'COMMIT' || this.#writer.isTransaction) this.#writer.control(verb);
      } catch (error) {
        if (this.#writer.isTransaction) this.#writer.control('ROLLBACK');
        throw error;
      } finally {
        this.#leave();
      }
    });
  }
}
