import type { Database } from './db.ts';

/** Writes the database as it is now into a new file: a whole, consistent copy, while others go on writing. */
export async function copyDatabase(db: Database, file: string): Promise<void> {
  await db.$executeRaw`VACUUM INTO ${file}`;
}
