import { feed } from '../../core/source.ts';
import { PendingRow } from './model.ts';
import { readPending } from './rows.ts';
import { savePending } from './store.ts';

/** Orders that wait, from a file. Whether it holds all of them is not known: none is deactivated. */
export const pendingFeed = feed<PendingRow>({
  name: 'orders.pending',
  dataset: 'pending-orders',
  row: PendingRow,
  read: (raw, { clock }) => readPending(raw.values, clock.zone),
  key: (row) => row.id,
  save: (context, rows, { source, sample }) =>
    savePending(context, rows, { source: source ?? 'import', sample, whole: false }),
});
