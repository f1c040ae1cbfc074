import type { AlertState } from '../../core/alert.ts';
import type { Db } from '../../store/db.ts';
import type { Alert } from '../../store/generated/client.ts';

/** Questions about alerts to the database. */

export type AlertRow = Alert;

export interface NewEvent {
  alertId: number;
  at: Date;
  action: string;
  byId?: string | null;
  by?: string | null;
  to?: string | null;
}

type NewAlert = Omit<Alert, 'id' | 'ownerId' | 'ownerName' | 'version'>;

/** Adds those whose key is new and returns them, in the order given. */
export async function addAlerts(db: Db, rows: readonly NewAlert[]): Promise<Alert[]> {
  const keys = rows.map(({ key }) => key);
  const known = new Set<string>();
  for (let from = 0; from < keys.length; from += 500) {
    const found = await db.alert.findMany({
      where: { key: { in: keys.slice(from, from + 500) } },
      select: { key: true },
    });
    for (const { key } of found) known.add(key);
  }
  const fresh = rows.filter(({ key }) => !known.has(key) && known.add(key));
  const added: Alert[] = [];
  for (let from = 0; from < fresh.length; from += 500) {
    added.push(...(await db.alert.createManyAndReturn({ data: fresh.slice(from, from + 500) })));
  }
  return added;
}

export async function addEvents(db: Db, events: readonly NewEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += 500) {
    await db.alertEvent.createMany({ data: events.slice(from, from + 500) });
  }
}

/** Changes an alert as it was read. @returns false where somebody else changed it first */
export async function changeAlert(
  db: Db,
  alert: Pick<Alert, 'id' | 'version'>,
  data: Partial<Pick<Alert, 'state' | 'ownerId' | 'ownerName' | 'step' | 'nextAt' | 'changedAt'>>,
): Promise<boolean> {
  const { count } = await db.alert.updateMany({
    where: { id: alert.id, version: alert.version },
    data: { ...data, version: { increment: 1 } },
  });
  return count === 1;
}

export function alertByKey(db: Db, key: string): Promise<Alert | null> {
  return db.alert.findUnique({ where: { key } });
}

export function alertById(db: Db, id: number): Promise<Alert | null> {
  return db.alert.findUnique({ where: { id } });
}

export function alertsByKeys(db: Db, keys: readonly string[]): Promise<Alert[]> {
  return db.alert.findMany({ where: { key: { in: [...keys] } } });
}

/** Alerts about a subject that are not closed, the newest first. */
export function alertsAbout(db: Db, subject: string, kind?: string): Promise<Alert[]> {
  return db.alert.findMany({
    where: {
      OR: [{ subject }, { subject: { endsWith: `:${subject}` } }],
      state: { not: 'closed' satisfies AlertState },
      ...(kind && { kind: { startsWith: kind } }),
    },
    orderBy: { id: 'desc' },
    take: 5,
  });
}

/** Alerts that are not over, the newest first. */
export function standingAlerts(db: Db, take: number): Promise<Alert[]> {
  return db.alert.findMany({ where: { state: { in: ['open', 'taken'] } }, orderBy: { id: 'desc' }, take });
}

export function dueAlerts(db: Db, now: Date): Promise<Alert[]> {
  return db.alert.findMany({
    where: { state: { in: ['open', 'taken'] }, nextAt: { lte: now } },
    orderBy: { nextAt: 'asc' },
    take: 5_000,
  });
}

export function eventsOf(db: Db, alertId: number): Promise<NewEvent[]> {
  return db.alertEvent.findMany({ where: { alertId }, orderBy: { seq: 'asc' } });
}

/** To whom an alert was told so far. */
export async function toldOf(db: Db, alertId: number): Promise<string[]> {
  const told = await db.alertEvent.findMany({
    where: { alertId, action: { in: ['told', 'handed'] }, to: { not: null } },
    select: { to: true },
    distinct: ['to'],
  });
  return told.flatMap(({ to }) => to ?? []);
}

export async function removeSampleAlerts(db: Db): Promise<void> {
  await db.alert.deleteMany({ where: { sample: true } });
}
