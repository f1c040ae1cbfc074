import { feed } from '../../core/source.ts';
import { ViolationRow } from './model.ts';
import { saveViolations } from './store.ts';
import { readViolation } from './violation-row.ts';

/** Violations from a file: the report as it was exported, with a business date per row. */
export const violationsFeed = feed<ViolationRow>({
  name: 'sla.violations',
  dataset: 'violations',
  row: ViolationRow,
  read: (raw, { clock }) => readViolation(raw.values, clock.zone),
  key: (row) => row.id,
  save: (context, rows, { source, sample }) =>
    saveViolations(context, rows, { source: source ?? 'import', ...(sample && { sample }) }),
});
