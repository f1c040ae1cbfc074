import { type Prisma, PrismaClient } from './generated/client.ts';
import { databaseFile } from './location.ts';
import { SqliteFactory, type SqliteOptions } from './sqlite.ts';

/** The open database. `$disconnect()` closes it. */
export type Database = PrismaClient;
/** The database or a transaction in it: what both can do. */
export type Db = Prisma.TransactionClient;

/**
 * Opens the database at `url` (`file:./data/fieldbell.db`); the folder and the file are made at the first query.
 * @throws SetupError where the URL names no file
 */
export function openDatabase(url: string, options: Partial<SqliteOptions> = {}): Database {
  const { role = 'main', waiting } = options;
  return new PrismaClient({
    adapter: new SqliteFactory(databaseFile(url), { role, waiting }),
    errorFormat: 'minimal',
    transactionOptions: { maxWait: role === 'main' ? 10_000 : 60_000, timeout: 60_000 },
  });
}
