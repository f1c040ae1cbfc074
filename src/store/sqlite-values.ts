import { type ArgType, type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { boundText } from './aside.ts';

/** What can be bound to a parameter of a statement. */
export type Bound = null | string | number | bigint | Uint8Array;
/** What a row holds when integers are read as bigint. */
export type Stored = null | string | number | bigint | Uint8Array;

/**
 * An instant as it is stored: ISO 8601 in UTC with milliseconds and `+00:00`. One spelling everywhere, so that text
 * comparison is comparison in time, and the one that Prisma's own SQLite adapters write.
 */
export function instantText(instant: Date): string {
  const at = instant.getTime();
  if (at !== latest.at) latest = { at, text: instant.toISOString().replace('Z', '+00:00') };
  return latest.text;
}

/** Rows that are written together share their instants. */
let latest = { at: Number.NaN, text: '' };

/**
 * Text without what SQLite's and the driver's C strings cannot hold: NUL would end it silently, half a surrogate pair is
 * no character. Both become U+FFFD.
 */
export function storableText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text).toWellFormed();
}

/** A query argument as SQLite takes it. */
export function bind(value: unknown, type: ArgType | undefined): Bound {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return instantText(value);
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0;
    case 'bigint':
      return value;
    case 'number':
      return bindNumber(value);
    case 'string':
      return bindText(value, type);
    default:
      if (value instanceof Uint8Array) return value;
      throw new TypeError(`SQLite cannot store a value of type ${typeof value}`);
  }
}

/**
 * Whole numbers go as bigint: as a number the driver makes those above 32 bits floating. A fraction that it would round
 * away (within 2⁻⁵² above a whole number) goes as text, which a REAL column turns back into the very same number.
 */
function bindNumber(value: number): Bound {
  if (Number.isSafeInteger(value)) return BigInt(value);
  return value - Math.floor(value) < Number.EPSILON ? String(value) : value;
}

/** Prisma hands some scalars over as text. */
function bindText(value: string, type: ArgType | undefined): Bound {
  switch (type?.scalarType) {
    case 'int':
    case 'bigint':
      return BigInt(value);
    case 'float':
    case 'decimal':
      return bindNumber(Number(value));
    case 'datetime':
      return instantText(new Date(value));
    case 'bytes':
      return Buffer.from(value, 'base64');
    default:
      return boundText(value) ?? storableText(value);
  }
}

const DECLARED: Readonly<Record<string, ColumnType>> = {
  INTEGER: ColumnTypeEnum.Int32,
  INT: ColumnTypeEnum.Int32,
  BIGINT: ColumnTypeEnum.Int64,
  REAL: ColumnTypeEnum.Double,
  DOUBLE: ColumnTypeEnum.Double,
  FLOAT: ColumnTypeEnum.Double,
  DECIMAL: ColumnTypeEnum.Numeric,
  BOOLEAN: ColumnTypeEnum.Boolean,
  TEXT: ColumnTypeEnum.Text,
  DATETIME: ColumnTypeEnum.DateTime,
  DATE: ColumnTypeEnum.Date,
  BLOB: ColumnTypeEnum.Bytes,
  JSONB: ColumnTypeEnum.Json,
};

/** The types of the columns of an answer: as declared in the table, or by the first value of an expression. */
export function columnTypes(declared: readonly (string | null)[], rows: readonly Stored[][]): ColumnType[] {
  return declared.map((name, column) => {
    const known = name === null ? undefined : DECLARED[name.toUpperCase()];
    return known ?? typeOf(rows.find((row) => row[column] !== null)?.[column]);
  });
}

function typeOf(value: Stored | undefined): ColumnType {
  switch (typeof value) {
    case 'string':
      return ColumnTypeEnum.Text;
    case 'bigint':
      return ColumnTypeEnum.Int64;
    case 'number':
      return ColumnTypeEnum.UnknownNumber;
    case 'object':
      return ColumnTypeEnum.Bytes;
    default:
      return ColumnTypeEnum.Int32;
  }
}

/** A stored value as Prisma expects it for a column of the type. */
export function unbind(value: Stored, type: ColumnType): unknown {
  if (typeof value !== 'bigint' && typeof value !== 'number') return value;
  switch (type) {
    case ColumnTypeEnum.Boolean:
      return Number(value) !== 0;
    case ColumnTypeEnum.DateTime:
      return new Date(Number(value)).toISOString();
    case ColumnTypeEnum.Numeric:
      return String(value);
    default:
      return typeof value === 'number' || isSafe(value) ? Number(value) : String(value);
  }
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
}
