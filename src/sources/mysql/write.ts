import mysql from 'mysql2/promise';
import type { ResultTable } from '../../core/mysql.ts';
import { failureOf } from './connection.ts';
import { quoted } from './table.ts';

const BATCH = 500;

/**
 * Adds rows to a result table, or changes those whose key is known; on a connection of its own, in one transaction.
 * @throws SetupError, UpstreamError
 */
export async function upsert(
  url: string,
  { name, columns, key }: ResultTable,
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const changed = columns
    .filter((column) => !key.includes(column))
    .map((column) => `${quoted(column)} = VALUES(${quoted(column)})`);
  const blanks = `(${columns.map(() => '?').join(', ')})`;
  try {
    const connection = await mysql.createConnection({
      uri: url.replace(/^mariadb:/, 'mysql:'),
      charset: 'utf8mb4',
      connectTimeout: 10_000,
    });
    connection.on('error', () => connection.destroy());
    try {
      await connection.query("SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES'");
      await connection.beginTransaction();
      for (let from = 0; from < rows.length; from += BATCH) {
        const batch = rows.slice(from, from + BATCH);
        const sql = `INSERT INTO ${name.split('.').map(quoted).join('.')} (${columns.map(quoted).join(', ')}) VALUES ${batch.map(() => blanks).join(', ')} ON DUPLICATE KEY UPDATE ${changed.join(', ')}`;
        await connection.execute({ sql, timeout: 30_000 }, batch.flat());
      }
      await connection.commit();
    } finally {
      connection.destroy();
    }
  } catch (error) {
    throw failureOf(error);
  }
}
