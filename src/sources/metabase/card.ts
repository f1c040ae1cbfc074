import { ForbiddenError, UpstreamError } from '../../core/errors.ts';
import type { CardAnswer, CardWish } from '../../core/metabase.ts';
import type { RawRow } from '../../core/source.ts';
import { addDays, type Day, daysBetween } from '../../core/time.ts';
import { type Patience, patiently } from '../patience.ts';
import { type Answered, exported, type Filled, query } from './query.ts';
import { type Card, hasDays } from './rules.ts';
import type { AskSignedIn } from './sign-in.ts';

interface Days {
  from: Day;
  to: Day;
}

/**
 * The whole answer of a card. One that Metabase has cut is exported; where that is not allowed, its days are asked for in
 * parts that are not cut.
 * @throws UpstreamError where it cannot be had as a whole
 */
export async function readCard(
  ask: AskSignedIn,
  card: Card,
  { days, signal, progress }: CardWish,
  patience?: Patience,
): Promise<CardAnswer> {
  const notes: string[] = [];
  const window = hasDays(card) ? days : undefined;
  if (hasDays(card) && !days)
    throw new UpstreamError(`card ${card.card} has to be asked for days: give --from and --to`);

  async function whole(part: Days | undefined): Promise<Answered> {
    const parameters = filled(card, part);
    const first = await patiently(() => query(ask, card, parameters, signal), signal, patience);
    progress?.(`card ${card.card}: ${first.rows.length} rows`);
    if (!first.cut) return first;
    try {
      const all = await patiently(() => exported(ask, card, parameters, first.columns, signal), signal, patience);
      if (all.rows.length < first.rows.length) {
        throw new UpstreamError(`card ${card.card} exports ${all.rows.length} rows and shows ${first.rows.length}`);
      }
      if (all.rows.length > first.rows.length) {
        notes.push(`card ${card.card}: cut after ${first.rows.length} rows, ${all.rows.length} by export`);
      }
      if (!all.cut) return all;
    } catch (error) {
      if (!(error instanceof ForbiddenError)) throw error;
      if (!part || part.from === part.to) {
        throw new UpstreamError(`${error.message}, and Metabase cuts its answer after ${first.rows.length} rows`);
      }
    }
    return inParts(part);
  }

  async function inParts(part: Days | undefined): Promise<Answered> {
    if (!part || part.from === part.to) throw new UpstreamError(`card ${card.card} has more rows than Metabase gives`);
    const all = daysBetween(part.from, part.to);
    const middle = all[(all.length >> 1) - 1] as Day;
    notes.push(`card ${card.card}: asked for in parts, up to ${middle} and after`);
    const early = await whole({ from: part.from, to: middle });
    const late = await whole({ from: addDays(middle, 1), to: part.to });
    return { ...early, rows: [...early.rows, ...late.rows], cut: false };
  }

  const { columns, rows } = await whole(window);
  return {
    card: card.card,
    campaign: card.campaign,
    days: window,
    columns: columns.map(({ name }) => name),
    rows: rows.map((row, at) => rawRow(card, columns, row, at + 1)),
    notes,
  };
}

function filled({ parameters }: Card, days: Days | undefined): Filled[] {
  const day = (value: string | number) =>
    typeof value === 'number' ? value : value.replaceAll('{from}', days?.from ?? '').replaceAll('{to}', days?.to ?? '');
  return parameters.map(({ tag, type, value, filter }) => ({
    type,
    target: [filter ? 'dimension' : 'variable', ['template-tag', tag]],
    value: day(value),
  }));
}

function rawRow(
  { aliases, constants }: Card,
  columns: Answered['columns'],
  row: readonly unknown[],
  line: number,
): RawRow {
  const values: Record<string, unknown> = {};
  columns.forEach(({ name }, at) => {
    values[name] ??= row[at];
  });
  columns.forEach(({ heading }, at) => {
    values[heading] ??= row[at];
  });
  for (const [ours, theirs] of Object.entries(aliases)) {
    const value = [theirs]
      .flat()
      .map((name) => values[name])
      .find((one) => !isBlank(one));
    if (value !== undefined && isBlank(values[ours])) values[ours] = value;
  }
  for (const [name, value] of Object.entries(constants)) if (isBlank(values[name])) values[name] = value;
  return { line, values };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
