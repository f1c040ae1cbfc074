import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../src/store/db.ts';
import { migrate } from '../src/store/migrate.ts';

/** A real database of its own for a test, migrated; `remove` closes it and takes its folder away. */
export async function scratchDatabase(): Promise<{ db: Database; url: string; remove: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbell-test-'));
  const url = `file:${join(folder, 'test.db')}`;
  await migrate(url);
  const db = openDatabase(url);
  const remove = async () => {
    await db.$disconnect();
    rmSync(folder, { recursive: true, force: true });
  };
  return { db, url, remove };
}
