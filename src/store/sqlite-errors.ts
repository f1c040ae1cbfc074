import { type Error as Cause, DriverAdapterError } from '@prisma/driver-adapter-utils';

/**
 * Errors of SQLite in Prisma's words. The driver gives codes for some calls and only the message for others (a statement
 * that returns rows), so the message, which SQLite keeps stable, decides.
 */

const BUSY = /^database (table |schema )?is locked/;

/** Another connection holds the lock; trying again helps. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && BUSY.test(error.message);
}

/** The statement wanted to write through a connection that may only read. Nothing was done. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('attempt to write a readonly database');
}

/** Does the work; what it throws, Prisma understands. */
export async function mapped<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw driverError(error);
  }
}

function driverError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DriverAdapterError) return error;
  if (!('code' in error) || typeof error.code !== 'string') return error;
  const extended = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 1;
  const known = cause(error.message) ?? { kind: 'sqlite', extendedCode: extended, message: error.message };
  return new DriverAdapterError({ originalCode: String(extended), originalMessage: error.message, ...known });
}

function cause(message: string): Cause | undefined {
  if (BUSY.test(message)) return { kind: 'SocketTimeout' };
  const [, what, detail = ''] = /^(.+?)(?: constraint failed|: )(?:: )?(.*)$/s.exec(message) ?? [];
  switch (what) {
    case 'UNIQUE':
      return { kind: 'UniqueConstraintViolation', ...violated(detail) };
    case 'NOT NULL':
      return { kind: 'NullConstraintViolation', constraint: { fields: columns(detail) } };
    case 'FOREIGN KEY':
      return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } };
    case 'no such table':
      return { kind: 'TableDoesNotExist', table: detail };
    case 'no such column':
      return { kind: 'ColumnNotFound', column: detail };
    default:
      return undefined;
  }
}

/** `Letter.key, Letter.to`, or `index 'name'` for an index over an expression. */
function violated(detail: string): { constraint: { fields: string[] } | { index: string }; table?: string } {
  const index = /^index '(.*)'$/.exec(detail)?.[1];
  if (index !== undefined) return { constraint: { index } };
  const table = detail.split('.')[0];
  return { constraint: { fields: columns(detail) }, ...(table ? { table } : {}) };
}

function columns(detail: string): string[] {
  return detail.split(', ').map((column) => column.slice(column.lastIndexOf('.') + 1));
}
