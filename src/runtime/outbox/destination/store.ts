import type { Database } from '../../../store/db.ts';

/** Questions about destinations, and about what has left for them. */

export type DestinationRow = NonNullable<Awaited<ReturnType<typeof destinationAt>>>;

export function destinationAt(db: Database, address: string) {
  return db.destination.findUnique({ where: { address } });
}

/** Destinations that are not as usual at an instant. */
export function unusualDestinations(db: Database, now: Date): Promise<DestinationRow[]> {
  return db.destination.findMany({
    where: { OR: [{ disabledAt: { not: null } }, { movedTo: { not: null } }, { pausedUntil: { gt: now } }] },
  });
}

export async function noteDestination(
  db: Database,
  address: string,
  data: { disabledAt?: Date; reason?: string; pausedUntil?: Date; movedTo?: string },
): Promise<void> {
  await db.destination.upsert({ where: { address }, create: { address, ...data }, update: data });
}

/** The operator believes that a destination is there again. */
export async function enableDestinations(db: Database, addresses: readonly string[]): Promise<void> {
  await db.destination.updateMany({
    where: { address: { in: [...addresses] } },
    data: { disabledAt: null, reason: null, pausedUntil: null },
  });
}

export function departuresSince(db: Database, since: Date): Promise<{ to: string; at: Date }[]> {
  return db.departure.findMany({
    where: { at: { gt: since } },
    select: { to: true, at: true },
    orderBy: { at: 'asc' },
  });
}

/** Something that is no letter left for an address. */
export async function addDeparture(db: Database, to: string, at: Date): Promise<void> {
  await db.departure.create({ data: { to, at, letter: 0 } });
}

/** Nobody knows when parcels of these letters arrived: not after now. */
export async function departedBy(db: Database, letters: readonly number[], now: Date): Promise<void> {
  await db.departure.updateMany({ where: { letter: { in: [...letters] } }, data: { at: now } });
}

export async function forgetDepartures(db: Database, before: Date): Promise<void> {
  await db.departure.deleteMany({ where: { at: { lte: before } } });
}
