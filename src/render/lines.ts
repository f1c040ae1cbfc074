import { type Button, type Lang, pick } from '../core/message.ts';
import { columns, pad } from './text-width.ts';

/** Blocks as plain lines of text, for whatever cannot draw them. */

export interface Table {
  columns: { label: string; align: 'left' | 'right' }[];
  rows: string[][];
}

/** Rows that a table keeps where it is written as lines. */
const MOST_ROWS = 20;

/**
 * A table as readable lines for a chat, which has no fixed columns: `10-17 周五  12 单 · 失败 3`. A label of one character is
 * a unit and follows its value. Empty cells are left out; what is cut is counted.
 */
export function tableLines(table: Table, lang: Lang): string[] {
  const lines = table.rows.slice(0, MOST_ROWS).map((row) => {
    const [first = '', ...cells] = row.map(oneLine);
    const said = cells.flatMap((cell, index) => {
      const column = table.columns[index + 1];
      if (cell === '') return [];
      if (!column || column.align === 'left' || column.label === '') return [cell];
      return [Array.from(column.label).length === 1 ? `${cell} ${column.label}` : `${oneLine(column.label)} ${cell}`];
    });
    return [first, said.join(' · ')].filter((part) => part !== '').join('  ');
  });
  const more = table.rows.length > MOST_ROWS;
  return more ? [...lines, pick(lang, `…共 ${table.rows.length} 行`, `… ${table.rows.length} rows in all`)] : lines;
}

/** A table with aligned columns, for a terminal: Chinese takes two columns. */
export function tableColumns(table: Table): string[] {
  const rows = [table.columns.map((column) => column.label), ...table.rows].map((row) => row.map(oneLine));
  const widths = table.columns.map((_, index) => Math.max(...rows.map((row) => columns(row[index] ?? ''))));
  return rows.map((row) =>
    table.columns
      .map(({ align }, index) => pad(row[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd(),
  );
}

/** Fields side by side: `接通 2,496 · 坐席 15`. */
export function fieldsLine(fields: readonly { label: string; value: string }[]): string {
  return fields.map(({ label, value }) => [label, value].filter((part) => part !== '').join(' ')).join(' · ');
}

/**
 * What to type where there are no buttons: `可继续问：24小时 · 30天`. Buttons that ask back or change something have no words
 * that would be understood, and are left out.
 * @param typed the line for a button, where somebody knows how its call is said
 */
export function hintLine(
  buttons: readonly Button[],
  lang: Lang,
  typed: (button: Button, lang: Lang) => string | undefined = typedLabel,
): string | null {
  const said = buttons.flatMap((button) => typed(button, lang) ?? []);
  return said.length === 0 ? null : `${pick(lang, '可继续问：', 'You can also ask: ')}${said.join(' · ')}`;
}

function typedLabel({ label, confirm }: Button): string | undefined {
  return confirm || /[…?？]$|\.\.\.$/.test(label) ? undefined : label;
}

/** Words of a cell on one line; control characters could move a terminal's cursor. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
