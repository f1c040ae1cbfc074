import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../core/errors.ts';

/**
 * The file that a `DATABASE_URL` names; a relative one is relative to the working directory.
 * @throws SetupError for what is not a file
 */
export function databaseFile(url: string): string {
  if (url.startsWith('file://')) return fileURLToPath(url);
  if (url.startsWith('file:') && url.length > 'file:'.length) return resolve(url.slice('file:'.length));
  const mistake = /^postgres(ql)?:/.test(url)
    ? 'PostgreSQL cannot be used yet: take a file, e.g. file:./data/fieldbell.db'
    : 'it must name a file, e.g. file:./data/fieldbell.db';
  throw new SetupError('DATABASE_URL cannot be used', [mistake]);
}
