import type { Saved } from '../../core/source.ts';
import type { Database, Db } from '../../store/db.ts';
import { saveRows } from '../../store/save-rows.ts';
import type { PictureRow } from './rows.ts';

/** Keeps where pictures are; a picture is known by its id. */
export function savePictures(db: Database, rows: readonly PictureRow[], sample: boolean): Promise<Saved> {
  const pictures = rows.map((row) => ({ ...row, sample }));
  return saveRows(db, 'PodPicture', ['id'], pictures);
}

/** An order whose pictures may be asked for. */
export interface Delivered {
  id: string;
  driverId: string;
  orderDay: string;
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

/** A driver's orders of a day that have ended, in the order in which they did. */
export function deliveredOn(db: Db, driverId: string, orderDay: string): Promise<Delivered[]> {
  return db.delivery.findMany({
    where: { driverId, orderDay, status: { not: 'open' } },
    orderBy: [{ deliveredAt: 'asc' }, { id: 'asc' }],
    select: DELIVERED,
  });
}

/** An order's pictures, the oldest first. */
export function picturesOf(db: Db, orderId: string) {
  return db.podPicture.findMany({ where: { orderId }, orderBy: [{ takenAt: 'asc' }, { id: 'asc' }] });
}
