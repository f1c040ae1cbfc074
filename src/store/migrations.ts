import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from '../core/errors.ts';

export interface Migration {
  /** The name of its folder; the order of names is the order of migrations. */
  name: string;
  sql: string;
  /** SHA-256 of the file in hex, as Prisma takes it. */
  checksum: string;
}

/**
 * The migrations under `prisma/migrations` of the package that this file belongs to, compiled or not.
 * @throws SetupError where there is none
 */
export function readMigrations(): Migration[] {
  const folder = migrationsFolder();
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (entries.length === 0) throw new SetupError(`${folder} holds no migration: the program is not complete`);
  const names = entries.map((entry) => entry.name).sort();
  return names.map((name) => {
    const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

function migrationsFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'prisma/migrations'))) return join(folder, 'prisma/migrations');
  }
  throw new SetupError('The folder prisma/migrations is missing beside package.json');
}
