import type { Db } from '../../../store/db.ts';
import type { SheetRow } from '../../../store/generated/client.ts';
import { saveRows } from '../../../store/save-rows.ts';

/** Questions about rows of tables to the database. */

export type { SheetRow };

/** `sending`: begun, and no answer yet; `sent`; `doubtful`: it may be there; `refused`: not as it is. */
export type SheetRowState = 'sending' | 'sent' | 'doubtful' | 'refused';

export async function sheetRows(db: Db, sheet: string): Promise<Map<string, SheetRow>> {
  const rows = await db.sheetRow.findMany({ where: { sheet } });
  return new Map(rows.map((row) => [row.identity, row]));
}

export async function keepSheetRows(db: Db, rows: readonly SheetRow[]): Promise<void> {
  await saveRows(db, 'SheetRow', ['sheet', 'identity'], rows as unknown as Record<string, unknown>[]);
}
