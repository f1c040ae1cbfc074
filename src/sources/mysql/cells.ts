import mysql, { type FieldPacket } from 'mysql2';

const { Types } = mysql;

/** Turns a cell of one column into text without loss; NULL and what stands for it become null. */
export type CellReader = (value: unknown) => string | null;

const BINARY = 63;

export function cellReader(field: FieldPacket): CellReader {
  switch (field.columnType ?? field.type) {
    case Types.TIMESTAMP:
      return (value) => dated(value, 'Z');
    case Types.DATE:
    case Types.NEWDATE:
    case Types.DATETIME:
      return (value) => dated(value, '');
    case Types.BIT:
      return (value) => (Buffer.isBuffer(value) ? bits(value) : asText(value));
    default:
      return field.characterSet === BINARY
        ? (value) => (Buffer.isBuffer(value) ? decoded(value) : asText(value))
        : asText;
  }
}

function asText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** A zero date is how old tables write "not known". */
function dated(value: unknown, zone: string): string | null {
  const text = asText(value);
  return text === null || text.startsWith('0000-00-00') ? null : text + zone;
}

function bits(value: Buffer): string {
  return value.length === 0 ? '0' : BigInt(`0x${value.toString('hex')}`).toString();
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const gbk = new TextDecoder('gb18030');

/** Bytes without a character set: UTF-8, else GBK as older systems wrote it. */
function decoded(value: Buffer): string {
  try {
    return utf8.decode(value);
  } catch {
    return gbk.decode(value);
  }
}
