import { feed } from '../../core/source.ts';
import { OrderRow, readOrder } from './levels/order-row.ts';
import { saveOrders } from './levels/store.ts';
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

/** Work orders with their states: one row an order as it is now, or one row a change of state. */
export const ordersFeed = feed<OrderRow>({
  name: 'sla.orders',
  dataset: 'orders',
  row: OrderRow,
  read: (raw, { clock }) => readOrder(raw.values, clock.zone),
  key: ({ id, state, stateAt }) => JSON.stringify([id, state, stateAt]),
  save: (context, rows, { sample }) => saveOrders(context, rows, { sample }),
});
