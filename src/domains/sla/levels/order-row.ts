import { z } from 'zod';
import { cellReader } from '../../../core/cells.ts';
import { RowError } from '../../../core/errors.ts';
import { momentOf } from '../../../core/moment.ts';

const text = z.string().min(1).nullable();

/** A work order as one row of a system or file shows it, with the state that the row tells. */
export const OrderRow = z.object({
  id: z.string().min(1),
  openedAt: z.date(),
  type: text,
  priority: text,
  city: text,
  provider: text,
  source: text,
  housekeeper: text,
  housekeeperId: text,
  dueAt: z.date().nullable(),
  state: z.string().min(1),
  /** When it came into that state; null: the row does not say. */
  stateAt: z.date().nullable(),
});
export type OrderRow = z.output<typeof OrderRow>;

const cells = cellReader({
  id: '工单号 orderNum 工单编号 id number orderId uniqueKey',
  openedAt: '创建时间 openedAt createTime saCreateTime createdDate createdAt',
  type: '工单类型 type workType category complaintType',
  priority: '优先级 priority',
  city: '城市 city province borough',
  provider: '服务商 orgName provider assignmentGroup agency',
  source: '来源 source contactType sourceType openDataChannelType',
  housekeeper: '管家 supervisorName housekeeper assignedTo',
  housekeeperId: '管家ID housekeeperId serviceHousekeeperId',
  dueAt: '截止时间 dueAt dueDate',
  state: '状态 state status orderStatus incidentState',
  stateAt: '状态时间 stateAt updatedAt sysUpdatedAt stateTime',
  closedAt: '完成时间 closedAt closedDate',
});

/** Of an order's rows the one with the newest state: it says what the order is like. */
export function newestOf(rows: readonly OrderRow[]): OrderRow {
  return rows.reduce((a, b) => ((b.stateAt?.getTime() ?? 0) >= (a.stateAt?.getTime() ?? 0) ? b : a));
}

/**
 * A work order from a record. Where a row has no time for its state and the order is closed, the closing is the time.
 * @throws RowError where number, opening or state is missing or unreadable
 */
export function readOrder(values: Record<string, unknown>, zone: string): OrderRow {
  const row = cells(values);
  const opened = row.needed('openedAt');
  const openedAt = momentOf(opened, zone);
  if (!openedAt) throw new RowError(`创建时间看不懂：${opened.slice(0, 40)} (the opening time is unreadable)`);
  const stateAt = momentOf(row.text('stateAt'), zone) ?? momentOf(row.text('closedAt'), zone);
  if (stateAt && stateAt < openedAt && openedAt.getTime() - stateAt.getTime() > 86_400_000) {
    throw new RowError('状态时间早于创建时间一天以上 (the state is older than the order)');
  }
  return {
    id: row.needed('id'),
    openedAt,
    type: row.text('type'),
    priority: row.text('priority'),
    city: row.text('city'),
    provider: row.text('provider'),
    source: row.text('source'),
    housekeeper: row.text('housekeeper'),
    housekeeperId: row.text('housekeeperId'),
    dueAt: momentOf(row.text('dueAt'), zone),
    state: row.needed('state'),
    stateAt,
  };
}
