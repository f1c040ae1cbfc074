import { RowError } from '../../../core/errors.ts';
import { momentOf } from '../../../core/moment.ts';
import type { SheetValues } from '../../../core/smartsheet.ts';
import type { Field, SheetRule } from './rules.ts';

/** A row as the table takes it. */
export interface MappedRow {
  /** The values of the key, as one text. */
  identity: string;
  values: SheetValues;
}

/**
 * Maps a source's row to a table's fields. Blank ones are left out: those columns are people's.
 * @returns null where a part of the key is blank
 * @throws RowError where a value does not fit its field
 */
export function mapRow(rule: SheetRule, row: Readonly<Record<string, unknown>>, zone: string): MappedRow | null {
  const values: SheetValues = {};
  const byLabel = new Map<string, unknown>();
  for (const field of rule.fields) {
    const text =
      [field.from]
        .flat()
        .map((name) => textOf(row[name]))
        .find((one) => one !== '') ?? '';
    if (text === '') continue;
    const value = cellOf(field, text, zone);
    values[field.id] = value;
    byLabel.set(field.label, value);
  }
  const parts = rule.key.map((label) => byLabel.get(label));
  return parts.every((part) => part !== undefined) ? { identity: JSON.stringify(parts), values } : null;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return value instanceof Date ? value.toISOString() : String(value).trim();
}

function cellOf({ label, type }: Field, text: string, zone: string): SheetValues[string] {
  switch (type) {
    case 'text':
      return text;
    case 'number': {
      const number = Number(text.replace(/[,，]/g, ''));
      if (!Number.isFinite(number)) throw new RowError(`${label} 不是数字：${text.slice(0, 40)} (not a number)`);
      return number;
    }
    case 'date': {
      const at = momentOf(text, zone);
      if (!at) throw new RowError(`${label} 不是日期：${text.slice(0, 40)} (not a date)`);
      // The table takes milliseconds, as text.
      return String(at.getTime());
    }
    case 'multi':
      return text
        .split(/[\n,，、;；/]/)
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map((part) => ({ text: part }));
  }
}
