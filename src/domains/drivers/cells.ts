import type { RawRow } from '../../core/source.ts';

/** A column's name in one form: any case, and any blanks, dashes and underscores between the words. */
export const bare = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_.-]+/g, '');

/** Blanks, `NaN `, `null`, `N/A`, `-` and 「conditions NaN」 say that the value is not known. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = (value instanceof Date ? value.toISOString() : String(value)).trim();
  return /^(?:nan|null|none|n\/a|-*)$/i.test(text) || text.endsWith(' NaN') ? null : text;
}

/**
 * Finds the cells of a row by the names that their columns may have. Of two with one meaning the first counts.
 * @param names our column → names, parted by blanks
 */
export function cellsOf<C extends string>(names: Readonly<Record<C, string>>) {
  const known = new Map(
    Object.entries<string>(names).flatMap(([column, all]) =>
      [column, ...all.split(' ')].map((name) => [bare(name), column as C] as const),
    ),
  );
  return ({ values }: RawRow): Partial<Record<C, string>> => {
    const cells: Partial<Record<C, string>> = {};
    for (const [name, value] of Object.entries(values)) {
      const column = known.get(bare(name));
      const text = column && textOf(value);
      if (column && text && cells[column] === undefined) cells[column] = text;
    }
    return cells;
  };
}
