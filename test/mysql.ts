import { randomBytes } from 'node:crypto';
import mysql, { type Connection } from 'mysql2/promise';

/** A real MariaDB or MySQL whose root may make databases. Without one these tests are skipped, and say so. */
const SERVER = process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306';

export const mysqlMissing = await mysql.createConnection({ uri: SERVER, connectTimeout: 2_000 }).then(
  async (connection) => {
    await connection.end();
    return false;
  },
  (error: Error) => {
    const why = `no MySQL at TEST_MYSQL_URL (default mysql://root@127.0.0.1:3306): ${error.message}`;
    if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(why);
    console.warn(`Reading from MySQL is not tested: ${why}.`);
    return true;
  },
);

export interface ScratchMysql {
  url: string;
  name: string;
  /** Speaks to the database as its owner. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  connection: Connection;
  remove(): Promise<void>;
}

/** A database of its own. */
export async function scratchMysql(): Promise<ScratchMysql> {
  const name = `fieldbell_${randomBytes(6).toString('hex')}`;
  const connection = await mysql.createConnection({ uri: SERVER, charset: 'utf8mb4', multipleStatements: true });
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}; SET SESSION sql_mode = ''`);
  return {
    url: `${SERVER.replace(/\/$/, '')}/${name}`,
    name,
    connection,
    async sql(text, values) {
      const [rows] = await connection.query(text, values);
      return rows as Record<string, unknown>[];
    },
    async remove() {
      await connection.query(`DROP DATABASE ${name}`);
      await connection.end();
    },
  };
}
