import type { Context } from '../../../core/context.ts';
import { DeliveryError, RowError, SetupError } from '../../../core/errors.ts';
import type { SmartSheets } from '../../../core/smartsheet.ts';
import { today } from '../../../core/time.ts';
import { worded } from '../words.ts';
import { readSheetRules, type SheetRule } from './rules.ts';
import { keepSheetRows, type SheetRow, type SheetRowState, sheetRows } from './store.ts';
import { type MappedRow, mapRow } from './values.ts';

/** Rows of one call. */
const BATCH = 50;

/**
 * Brings the tables up to date from their Metabase cards: new rows are added, known ones written again where the rules say
 * so. What may have been added is never added again; somebody is told to look.
 * @param only the name of one table
 * @throws SetupError where the rules are wrong or there is no such table
 */
export async function syncSheets(context: Context, only?: string): Promise<Record<string, number>> {
  const { sheets, metabase } = context.sources;
  const all = await readSheetRules(context.rules);
  const rules = all.filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && rules.length === 0) {
    throw new SetupError(`no table ${only} in rules/sheets.yaml; there are: ${all.map(({ name }) => name).join(', ')}`);
  }
  const counts = { read: 0, new: 0, said: 0, updated: 0, skipped: 0, rejected: 0, doubtful: 0 };
  const failed: unknown[] = [];
  for (const rule of rules) {
    if (!sheets?.has(rule.webhook) || !metabase) continue;
    // One table that is gone does not keep the others waiting.
    await syncSheet(context, sheets, rule, counts).catch((error: unknown) => {
      context.signal.throwIfAborted();
      failed.push(error);
    });
  }
  if (failed.length > 0) throw failed[0];
  return counts;
}

type Counts = Record<'read' | 'new' | 'said' | 'updated' | 'skipped' | 'rejected' | 'doubtful', number>;

async function syncSheet(context: Context, sheets: SmartSheets, rule: SheetRule, counts: Counts): Promise<void> {
  const rows = await mappedRows(context, rule, counts);
  const known = await sheetRows(context.db, rule.name);
  // Begun by a run that was killed: nobody knows whether they are there.
  const begun = [...known.values()].filter(({ state }) => state === 'sending');
  if (begun.length > 0) await doubt(context, rule, begun, 'interrupted', counts);
  const fresh: MappedRow[] = [];
  const changed: { record: string; row: MappedRow }[] = [];
  for (const row of rows) {
    const before = known.get(row.identity);
    const values = JSON.stringify(row.values);
    if (!before || (before.state === 'refused' && before.values !== values)) fresh.push(row);
    else if (before.state === 'sent' && before.values !== values && rule.update && before.record) {
      changed.push({ record: before.record, row });
    } else counts.skipped++;
  }
  counts.new += fresh.length;
  for (let from = 0; from < fresh.length; from += BATCH) {
    await append(context, sheets, rule, fresh.slice(from, from + BATCH), counts);
  }
  const schema = schemaOf(rule);
  for (let from = 0; from < changed.length; from += BATCH) {
    const some = changed.slice(from, from + BATCH);
    await sheets.update(
      rule.webhook,
      schema,
      some.map(({ record, row }) => ({ record, values: row.values })),
    );
    await keepSheetRows(
      context.db,
      some.map(({ record, row }) => rowOf(context, rule, row, 'sent', record)),
    );
    counts.updated += some.length;
  }
}

async function mappedRows(context: Context, rule: SheetRule, counts: Counts): Promise<MappedRow[]> {
  const { sources, clock, log, signal } = context;
  const rows = new Map<string, MappedRow>();
  for (const answer of (await sources.metabase?.answers(`sheets.${rule.name}`, { signal })) ?? []) {
    counts.read += answer.rows.length;
    for (const { line, values } of answer.rows) {
      try {
        const row = mapRow(rule, values, clock.zone);
        if (row && !rows.has(row.identity)) rows.set(row.identity, row);
        else counts.skipped++;
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        counts.rejected++;
        log.warn({ sheet: rule.name }, `card ${answer.card} row ${line}: ${error.message}`);
      }
    }
  }
  return [...rows.values()];
}

/** Several at once; where the table refuses them, one by one, so that a bad row stops no other. */
async function append(
  context: Context,
  sheets: SmartSheets,
  rule: SheetRule,
  rows: readonly MappedRow[],
  counts: Counts,
): Promise<void> {
  const { db, log } = context;
  const keep = (state: SheetRowState, records: readonly (string | null)[] = []) =>
    keepSheetRows(
      db,
      rows.map((row, at) => rowOf(context, rule, row, state, records[at] ?? null)),
    );
  context.signal.throwIfAborted();
  await keep('sending');
  try {
    const records = await sheets.append(
      rule.webhook,
      schemaOf(rule),
      rows.map(({ values }) => values),
    );
    await keep('sent', records);
    counts.said += rows.length;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    if (error.kind === 'doubtful') {
      await doubt(
        context,
        rule,
        rows.map((row) => rowOf(context, rule, row, 'doubtful', null)),
        error.message,
        counts,
      );
      return;
    }
    // Nothing was added: it is as if it had not been begun.
    await db.sheetRow.deleteMany({ where: { sheet: rule.name, state: 'sending' } });
    if (error.kind !== 'refused' || error.gone) throw error;
    if (rows.length > 1) {
      for (const row of rows) await append(context, sheets, rule, [row], counts);
      return;
    }
    await keep('refused');
    counts.rejected++;
    log.warn({ sheet: rule.name, row: rows[0]?.identity }, error.message);
  }
}

async function doubt(
  context: Context,
  rule: SheetRule,
  rows: readonly SheetRow[],
  why: string,
  counts: Counts,
): Promise<void> {
  const { db, outbox, clock } = context;
  counts.doubtful += rows.length;
  const named = rows.slice(0, 10).map(({ identity }) => (JSON.parse(identity) as unknown[]).join(' '));
  await db.$transaction(async (tx) => {
    await keepSheetRows(
      tx,
      rows.map((row) => ({ ...row, state: 'doubtful' })),
    );
    await outbox.post(
      {
        key: `field/sheets/doubtful/${rule.name}/${rows[0]?.identity}/${today(clock)}`,
        to: 'channel:admins',
        class: 'notice',
        message: worded('sheet-doubt', 'warn', context, () => ({
          ...{ table: rule.title, count: String(rows.length), why, rows: named.join('；') },
        })),
      },
      tx,
    );
  });
}

function rowOf(
  { clock }: Context,
  rule: SheetRule,
  row: MappedRow,
  state: SheetRowState,
  record: string | null,
): SheetRow {
  return {
    ...{ sheet: rule.name, identity: row.identity, values: JSON.stringify(row.values) },
    ...{ record, state, at: clock.now() },
  };
}

function schemaOf({ fields }: SheetRule): Record<string, string> {
  return Object.fromEntries(fields.map(({ id, label }) => [id, label]));
}
