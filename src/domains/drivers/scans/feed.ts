import type { Context } from '../../../core/context.ts';
import { RowError } from '../../../core/errors.ts';
import type { Feed, RawRow } from '../../../core/source.ts';
import { dayOf } from '../../../core/time.ts';
import { cellsOf } from '../cells.ts';
import { ScanRow } from '../rows.ts';
import { dayIn, momentOf } from '../times.ts';
import { saveScans } from './store.ts';

const COLUMNS = {
  driverId: 'driver_id delivery_person_id courier_id rider_id 司机编号',
  at: 'at scanned_at scan_time event_time created_at 扫描时间',
  orderId: 'order_id order_no 订单号 运单号',
};
const read = cellsOf(COLUMNS);

export const scansFeed: Feed<ScanRow> = {
  name: 'drivers.scans',
  dataset: 'scans',
  row: ScanRow,
  read(raw: RawRow, { clock }: Context) {
    const cells = read(raw);
    if (!cells.driverId) throw new RowError('缺少司机编号 (the driver id is missing)');
    const at = instantIn(cells.at, clock.zone);
    if (!at) throw new RowError(`扫描时间看不懂：${cells.at ?? '空'} (the time of the scan cannot be read)`);
    // A clock that is ahead would hide a silence; a day of other zones is none.
    if (at.getTime() > clock.now().getTime() + DAY) throw new RowError('扫描时间在未来 (the scan is in the future)');
    return { driverId: cells.driverId, at, orderId: cells.orderId ?? null };
  },
  key: (row) => `${row.driverId}/${row.at.getTime()}`,
  save: ({ db }, rows, { sample = false }) => saveScans(db, rows, sample),
};

const DAY = 86_400_000;

/** A date with a time, as `2026-11-20 14:20:00`, or an instant. */
export function instantIn(text: string | undefined, zone: string): Date | null {
  if (!text) return null;
  const instant = momentOf(text, dayOf(new Date(0), zone), zone);
  return instant && dayIn(text, zone) ? instant.at : null;
}
