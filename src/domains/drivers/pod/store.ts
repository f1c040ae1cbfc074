import type { Saved } from '../../../core/source.ts';
import type { Day } from '../../../core/time.ts';
import type { Database, Db } from '../../../store/db.ts';
import { saveRows } from '../../../store/save-rows.ts';
import { instantText } from '../../../store/sqlite-values.ts';
import type { PictureRow } from '../rows.ts';

/** Keeps where pictures are; a picture is known by its id. */
export function savePictures(db: Database, rows: readonly PictureRow[], sample: boolean): Promise<Saved> {
  const pictures = rows.map((row) => ({ ...row, sample }));
  return saveRows(db, 'PodPicture', ['id'], pictures);
}

/** An order whose pictures may be asked for. */
export interface Delivered {
  id: string;
  driverId: string;
  orderDay: Day;
  deliveredAt: Date | null;
  sample: boolean;
}

const DELIVERED = { id: true, driverId: true, orderDay: true, deliveredAt: true, sample: true } as const;

export function deliveryCalled(db: Db, id: string): Promise<Delivered | null> {
  return db.delivery.findFirst({
    where: { id: { in: [id, id.toUpperCase(), id.toLowerCase()] } },
    select: DELIVERED,
  });
}

/** The first order that has ended of a day: a driver's, or anybody's. Real orders come before the sample's. */
export function firstDelivered(db: Db, orderDay: Day, driverId?: string): Promise<Delivered | null> {
  return db.delivery.findFirst({
    where: { orderDay, status: { notIn: ['open', 'withdrawn'] }, ...(driverId !== undefined && { driverId }) },
    orderBy: [{ sample: 'asc' }, { deliveredAt: 'asc' }, { id: 'asc' }],
    select: DELIVERED,
  });
}

/** Where an order stands among those of its day that have ended, in the order in which they did. */
export interface Place {
  /** From 1; 0: it is not among them. */
  at: number;
  of: number;
  previous: string | null;
  next: string | null;
}

/** @param through the driver's orders, or all of the day */
export async function placeOf(db: Db, order: Delivered, through: 'driver' | 'day'): Promise<Place> {
  const mine = [order.deliveredAt ? instantText(order.deliveredAt) : '', order.id];
  const day: unknown[] = [order.orderDay, order.sample];
  let among = `SELECT "id", coalesce("deliveredAt", '') AS "at" FROM "Delivery"
    WHERE "orderDay" = ? AND "sample" = ? AND "status" NOT IN ('open', 'withdrawn')`;
  if (through === 'driver') {
    among += ' AND "driverId" = ?';
    day.push(order.driverId);
  }
  const [row] = await db.$queryRawUnsafe<[{ at: bigint; of: bigint; previous: string | null; next: string | null }]>(
    `WITH among AS MATERIALIZED (${among})
     SELECT count(*) AS "of", coalesce(sum(("at", "id") <= (?, ?)) * max("id" = ?), 0) AS "at",
       (SELECT "id" FROM among WHERE ("at", "id") < (?, ?) ORDER BY "at" DESC, "id" DESC LIMIT 1) AS "previous",
       (SELECT "id" FROM among WHERE ("at", "id") > (?, ?) ORDER BY "at", "id" LIMIT 1) AS "next"
     FROM among`,
    ...day,
    ...mine,
    order.id,
    ...mine,
    ...mine,
  );
  return { at: Number(row.at), of: Number(row.of), previous: row.previous, next: row.next };
}

/** An order's pictures, the oldest first. */
export function picturesOf(db: Db, orderId: string) {
  return db.podPicture.findMany({ where: { orderId }, orderBy: [{ takenAt: 'asc' }, { id: 'asc' }] });
}
