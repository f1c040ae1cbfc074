import type { StatAnswer, StatKind, StatRow } from '../../core/guanke.ts';
import { Unwell } from '../patience.ts';

/** `query_type` of each kind. */
export const QUERY_TYPES: Record<StatKind, number> = { account: 1, line: 10, task: 20 };

/** Rows that are no account: sums and means among the others. */
const PSEUDO = new Set(['总计', '平均']);

/**
 * Reads the `data` of `/extension/agent/stat`. There, `called_number` is connected calls; in the vendor's task list the
 * same name is dialled ones. Content or total may be missing; numbers may be missing, null or text.
 * @throws Unwell where it is no statistics at all
 */
export function readStat(data: unknown): Omit<StatAnswer, 'retries'> {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) throw new Unwell('statistics without data');
  const { content, total } = data as { content?: unknown; total?: unknown };
  if (content !== undefined && content !== null && !Array.isArray(content)) throw new Unwell('content is no list');
  const rows = ((content ?? []) as Record<string, unknown>[])
    .filter((row) => row !== null && typeof row === 'object')
    .map((row) => ({ id: textOf(row['user_id']), name: textOf(row['username']), ...figuresOf(row) }))
    .filter(({ id, name }) => !PSEUDO.has(name) && (id !== '' || name !== ''))
    .map((row) => ({ ...row, id: row.id || row.name }));
  return { rows, total: { ...sumOf(rows), ...saidIn(total) } };
}

function figuresOf(row: Record<string, unknown>): StatAnswer['total'] {
  return {
    dialled: numberOf(row['callout_number']),
    connected: numberOf(row['called_number']),
    success: numberOf(row['success_number']),
  };
}

/** The upstream's sums, as far as it gives them. */
function saidIn(total: unknown): Partial<StatAnswer['total']> {
  if (total === null || typeof total !== 'object') return {};
  const said = total as Record<string, unknown>;
  const figures = figuresOf(said);
  const has = (name: string) => said[name] !== undefined && said[name] !== null && said[name] !== '';
  return {
    ...(has('callout_number') && { dialled: figures.dialled }),
    ...(has('called_number') && { connected: figures.connected }),
    ...(has('success_number') && { success: figures.success }),
  };
}

function sumOf(rows: readonly StatRow[]): StatAnswer['total'] {
  const sum = (of: (row: StatRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    dialled: sum((row) => row.dialled),
    connected: sum((row) => row.connected),
    success: sum((row) => row.success),
  };
}

function numberOf(value: unknown): number {
  const number = Number(String(value ?? '').replaceAll(',', ''));
  return Number.isFinite(number) ? Math.round(number) : 0;
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value).trim();
}
