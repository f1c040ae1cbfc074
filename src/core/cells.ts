import { RowError } from './errors.ts';

/** What spreadsheets and exporters write where there is nothing. */
const NOTHING = /^(?:nan|null|none|undefined|n\/a|\?)?$/i;

/** A row's cells under our names. */
export interface Cells<C extends string> {
  /** Trimmed; null where it is blank or not there. @throws RowError for a number that has lost digits */
  text(column: C): string | null;
  /** @throws RowError where it is blank or not there */
  needed(column: C): string;
}

/**
 * Reads rows by the names that their columns may have, in any case and width, without blanks; the first that is not blank
 * counts.
 * @param columns our name → theirs, parted by blanks; the first of them is shown in errors
 */
export function cellReader<C extends string>(
  columns: Readonly<Record<C, string>>,
): (values: Readonly<Record<string, unknown>>) => Cells<C> {
  const named = new Map(
    Object.entries<string>(columns).flatMap(([column, names]) =>
      names.split(' ').map((name): [string, C] => [plain(name), column as C]),
    ),
  );
  const label = (column: C) => columns[column].split(' ')[0] as string;
  return (values) => {
    const cells: Partial<Record<C, string>> = {};
    for (const heading in values) {
      const column = named.get(plain(heading));
      if (column === undefined || cells[column] !== undefined) continue;
      const text = textOf(values[heading], label(column));
      if (text !== null) cells[column] = text;
    }
    return {
      text: (column) => cells[column] ?? null,
      needed(column) {
        const text = cells[column];
        if (text === undefined) throw new RowError(`缺少 ${label(column)} (missing)`);
        return text;
      },
    };
  };
}

function plain(heading: string): string {
  return heading.normalize('NFKC').replace(/[\s_]/g, '').toLowerCase();
}

function textOf(value: unknown, column: string): string | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((one) => textOf(one, column)).join('、') || null;
  if (typeof value === 'object') throw new RowError(`${column} 不是文字也不是数字 (neither text nor a number)`);
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RowError(`${column} 已丢失位数，请按文本列导出 (digits were lost: export the column as text)`);
  }
  const text = String(value).trim();
  return NOTHING.test(text) ? null : text;
}
