import type { Context } from '../../core/context.ts';
import { RowError } from '../../core/errors.ts';
import type { Feed, RawRow } from '../../core/source.ts';
import type { Day } from '../../core/time.ts';
import { bare, textOf } from './cells.ts';
import { DeliveryRow, type DeliveryStatus } from './model.ts';
import { saveDeliveries } from './store.ts';
import { dayIn, following, isFuture, momentOf, orderTimes } from './times.ts';

/** Names that a column may have, in any case and with any blanks, dashes and underscores between the words. */
const COLUMNS = {
  id: 'id delivery_id order_id order_no 订单号 运单号',
  driverId: 'delivery_person_id driver_id courier_id rider_id 司机编号 司机id',
  driverName: 'driver_name delivery_person_name courier_name 司机 司机姓名',
  dsp: 'dsp provider 服务商',
  orderDay: 'order_date order_day date day 日期 下单日期',
  orderedAt: 'time_orderd time_ordered time_order order_time ordered_at created_at 下单时间',
  pickedUpAt: 'time_order_picked time_orderd_picked time_ordered_picked time_picked picked_up_at picked_at 取货时间',
  deliveredAt: 'time_delivered delivered_at completed_at 送达时间 完成时间',
  dueAt: 'due_at promised_at deadline 承诺送达时间 最晚送达时间',
  status: 'status state 状态',
  onTime: 'on_time is_on_time ontime 准时',
  storeLat: 'restaurant_latitude store_latitude store_lat pickup_lat',
  storeLng: 'restaurant_longitude store_longitude store_lng pickup_lng',
  customerLat: 'delivery_location_latitude customer_latitude customer_lat dropoff_lat',
  customerLng: 'delivery_location_longitude customer_longitude customer_lng dropoff_lng',
} as const;
type Column = keyof typeof COLUMNS;

const NAMES = new Map(
  Object.entries(COLUMNS).flatMap(([column, names]) => names.split(' ').map((name) => [bare(name), column as Column])),
);

/**
 * Deliveries of drivers, from a file or a table of deliveries. A delivery is known by its id alone, as its source keeps
 * it; times are wall times of the order day in the house's zone, or instants where they name their zone.
 */
export const deliveriesFeed: Feed<DeliveryRow> = {
  name: 'drivers.deliveries',
  dataset: 'deliveries',
  row: DeliveryRow,
  read,
  key: (row) => row.id,
  save: saveDeliveries,
};

function read(raw: RawRow, { clock }: Context): DeliveryRow {
  const { zone } = clock;
  const { cells, facts } = sorted(raw);
  const id = idOf(cells.id, '订单编号', 'the id', 'ID');
  const driverId = idOf(cells.driverId, '司机编号', 'the driver id', 'Delivery_person_ID');
  const orderDay = orderDayOf(cells, zone);
  if (isFuture(orderDay, clock.now(), zone)) {
    throw new RowError(`下单日期还没到：${orderDay} (the order date is in the future)`);
  }
  const [orderedAt, pickedUpAt] = orderTimes(
    momentOf(cells.orderedAt, orderDay, zone),
    momentOf(cells.pickedUpAt, orderDay, zone),
  );
  const deliveredAt = following(pickedUpAt ?? orderedAt, momentOf(cells.deliveredAt, orderDay, zone));
  const store = placeOf(cells.storeLat, cells.storeLng);
  const customer = placeOf(cells.customerLat, cells.customerLng);
  return {
    id,
    driverId,
    orderDay,
    orderedAt,
    pickedUpAt,
    deliveredAt,
    dueAt: momentOf(cells.dueAt, orderDay, zone)?.at ?? null,
    status: statusOf(cells.status) ?? (deliveredAt ? 'delivered' : 'unknown'),
    onTime: truthOf(cells.onTime),
    storeLat: store?.lat ?? null,
    storeLng: store?.lng ?? null,
    customerLat: customer?.lat ?? null,
    customerLng: customer?.lng ?? null,
    facts,
    driverName: cells.driverName ?? null,
    dsp: cells.dsp ?? null,
  };
}

/** Remembered: every row of a file has the same columns. */
const columns = new Map<string, Column | undefined>();

function columnOf(name: string): Column | undefined {
  if (columns.size > 1_000) columns.clear();
  if (!columns.has(name)) columns.set(name, NAMES.get(bare(name)));
  return columns.get(name);
}

type Cells = Partial<Record<Column, string>>;

/** The cells that we have names for, and the others as JSON. What is not known is in neither. */
function sorted({ values }: RawRow): { cells: Cells; facts: string } {
  const cells: Cells = {};
  const others: [string, string][] = [];
  for (const [name, value] of Object.entries(values)) {
    const text = textOf(value);
    if (text === null) continue;
    const column = columnOf(name);
    if (column && cells[column] === undefined) cells[column] = text;
    else others.push([name.trim(), text]);
  }
  others.sort(([a], [b]) => (a < b ? -1 : 1));
  return { cells, facts: JSON.stringify(Object.fromEntries(others)) };
}

/** An id is text; one that a spreadsheet has rounded is nobody's. */
function idOf(text: string | undefined, zh: string, en: string, column: string): string {
  if (text === undefined) return missing(zh, en, column);
  if (!/^\d+(?:\.\d+)?e\+\d+$/i.test(text)) return text;
  throw new RowError(
    `${zh} ${text} 被表格软件改成了近似数，请把这一列存成文本 (${en} lost its digits in a spreadsheet)`,
  );
}

function missing(zh: string, en: string, column: string): never {
  throw new RowError(`缺少${zh} (${en} is missing, column ${column})`);
}

/** The order date; where there is none, the date of the first time that has one: delivered is known when ordered is not. */
function orderDayOf(cells: Cells, zone: string): Day {
  const text = cells.orderDay;
  if (text === undefined) {
    for (const time of [cells.orderedAt, cells.pickedUpAt, cells.deliveredAt]) {
      const day = dayIn(time ?? '', zone);
      if (day) return day;
    }
    return missing('下单日期', 'the order date', 'Order_Date');
  }
  const day = dayIn(text, zone);
  if (day) return day;
  const shown = text.slice(0, 40);
  throw new RowError(`下单日期看不懂：${shown} (the order date is not day-month-year or year-month-day)`);
}

/**
 * A place on earth in degrees, or null. Zero and negative degrees are how this trade's files write "not known" and typing
 * slips; a place within one degree of 0/0 is in the sea: a customer "0.03/0.03" is an offset from a store that is not known.
 */
function placeOf(latText: string | undefined, lngText: string | undefined): { lat: number; lng: number } | null {
  const lat = Number(latText);
  const lng = Number(lngText);
  const there = lat > 0 && lat <= 90 && lng > 0 && lng <= 180 && !(lat < 1 && lng < 1);
  return there ? { lat, lng } : null;
}

const STATUS_WORDS: Record<Exclude<DeliveryStatus, 'unknown'>, string> = {
  delivered: 'delivered complete completed done success signed 已送达 送达 已完成 完成 已签收 签收 妥投',
  failed: 'failed failure cancelled canceled returned rejected refused undelivered 失败 未妥投 已取消 取消 拒收 退回',
  open: 'open pending new assigned picked_up in_transit out_for_delivery 待取货 待配送 已取货 配送中 派送中',
};

const STATUS_OF = new Map(
  Object.entries(STATUS_WORDS).flatMap(([status, words]) =>
    words.split(' ').map((word) => [bare(word), status as DeliveryStatus]),
  ),
);

function statusOf(text: string | undefined): DeliveryStatus | null {
  return STATUS_OF.get(bare(text ?? '')) ?? null;
}

function truthOf(text: string | undefined): boolean | null {
  if (text === undefined) return null;
  if (/^(?:1|true|yes|y|是|准时)$/i.test(text)) return true;
  return /^(?:0|false|no|n|否|超时|晚点)$/i.test(text) ? false : null;
}
