import { ForbiddenError, SetupError, UpstreamError } from '../../core/errors.ts';
import { Unwell } from '../patience.ts';
import type { Card } from './rules.ts';
import type { AskSignedIn } from './sign-in.ts';

/** Metabase cuts an unaggregated answer of `/query` after this many rows. */
const QUERY_ROWS = 2_000;
/** And an exported one after one of these: by its settings or as a workbook's limit. */
const EXPORT_ROWS = new Set([1_000_000, 1_048_575, 1_048_576]);

export interface Column {
  name: string;
  heading: string;
}

export interface Answered {
  columns: readonly Column[];
  rows: readonly (readonly unknown[])[];
  /** Metabase has cut it, or may have. */
  cut: boolean;
}

/** A parameter with its value, as the API takes it. */
export type Filled = { type: string; target: unknown[]; value: unknown };

interface QueryBody {
  status?: string;
  error?: unknown;
  error_type?: string;
  data?: { rows?: unknown; cols?: { name?: unknown; display_name?: unknown }[]; rows_truncated?: number };
}

/**
 * A card's answer by `POST /api/card/:id/query`. It comes as 202, failures too.
 * @throws UpstreamError where the query failed; Unwell where a later try may better it
 */
export async function query(
  ask: AskSignedIn,
  { card }: Card,
  parameters: Filled[],
  signal: AbortSignal,
): Promise<Answered> {
  const answer = await ask(`/api/card/${card}/query`, { ignore_cache: false, parameters }, { signal });
  const body = bodyOf(card, answer.status, answer.json()) as QueryBody;
  const { rows, cols, rows_truncated } = body.data ?? {};
  if (!Array.isArray(rows) || !Array.isArray(cols) || !rows.every((row) => Array.isArray(row))) {
    throw new Unwell(`card ${card} answers without rows`);
  }
  const columns = cols.map(({ name, display_name }) => ({ name: String(name), heading: String(display_name ?? name) }));
  return { columns, rows, cut: rows_truncated !== undefined || rows.length === QUERY_ROWS };
}

/**
 * The same card's whole answer by `POST /api/card/:id/query/json`, whose rows name their values by heading.
 * @param columns the card's, from `query`
 * @throws ForbiddenError where the account may not export, or the headings do not tell the columns apart
 */
export async function exported(
  ask: AskSignedIn,
  { card }: Card,
  parameters: Filled[],
  columns: readonly Column[],
  signal: AbortSignal,
): Promise<Answered> {
  if (new Set(columns.map(({ heading }) => heading)).size < columns.length) {
    throw new ForbiddenError(`card ${card} has two columns of one heading`);
  }
  const form = { parameters: JSON.stringify(parameters), format_rows: 'false' };
  const answer = await ask(`/api/card/${card}/query/json`, form, { signal, form: true });
  if (answer.status === 403 || answer.status === 404) throw new ForbiddenError(`card ${card} cannot be exported`);
  const body = bodyOf(card, answer.status, answer.json());
  if (!Array.isArray(body)) throw new Unwell(`card ${card} exports no rows`);
  const rows = body.map((row: Record<string, unknown>) =>
    columns.map(({ heading, name }) => row[heading] ?? row[name]),
  );
  return { columns, rows, cut: EXPORT_ROWS.has(rows.length) };
}

/** The body of an answer that is good. */
function bodyOf(card: number, status: number, body: unknown): unknown {
  if (status === 404) throw new SetupError(`Metabase has no card ${card}: correct rules/metabase.yaml`);
  if (status === 403) throw new SetupError(`Metabase does not show card ${card} to this account`);
  const { status: outcome, error, error_type, message } = (body ?? {}) as QueryBody & { message?: unknown };
  const failed = status >= 300 || outcome === 'failed' || (error !== undefined && error !== null);
  if (!failed) return body;
  const words = sayable(error ?? message) || `HTTP ${status}`;
  const said = `the query of card ${card} failed: ${words}`;
  const lasting = status >= 300 || /parameter|permission/.test(error_type ?? '');
  throw lasting ? new UpstreamError(said) : new Unwell(said);
}

/** What Metabase says of a failure, in one line without the SQL behind it. */
function sayable(error: unknown): string {
  const text = typeof error === 'string' ? error : JSON.stringify(error ?? '');
  return text.split('\n', 1)[0]?.replace(/^""$/, '').slice(0, 200) ?? '';
}
