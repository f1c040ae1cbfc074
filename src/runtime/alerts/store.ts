import type { AlertState } from '../../core/alert.ts';
import { addNewRows, addNewRowsReturning } from '../../store/add-rows.ts';
import type { Db } from '../../store/db.ts';
import type { Alert } from '../../store/generated/client.ts';
import { instantText, storableText } from '../../store/sqlite-values.ts';

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
  const distinct = new Map(rows.map((row) => [storableText(row.key), row]).toReversed() as [string, NewAlert][]);
  const added = await addNewRowsReturning<{ id: bigint; key: string }>(
    db,
    'Alert',
    [...distinct.values()].toReversed(),
    ['id', 'key'],
  );
  const ids = new Map(added.map(({ id, key }) => [key, Number(id)]));
  return [...distinct].toReversed().flatMap(([key, row]) => {
    const id = ids.get(key);
    return id === undefined ? [] : [{ ...row, id, ownerId: null, ownerName: null, version: 0 }];
  });
}

export async function addEvents(db: Db, events: readonly NewEvent[]): Promise<void> {
  await addNewRows(db, 'AlertEvent', [...events]);
}

/** Closes those that are not closed, and returns them. */
export function closeAlerts(
  db: Db,
  keys: readonly string[],
  at: Date,
): Promise<{ id: number; key: string; sample: boolean }[]> {
  return db.$queryRaw<{ id: bigint; key: string; sample: unknown }[]>`
    UPDATE "Alert" SET "state" = 'closed', "nextAt" = NULL, "changedAt" = ${instantText(at)}, "version" = "version" + 1
    WHERE "state" <> 'closed' AND "key" IN (SELECT value FROM json_each(${JSON.stringify(keys.map(storableText))}))
    RETURNING "id", "key", "sample"`.then((rows) =>
    rows.map(({ id, key, sample }) => ({ id: Number(id), key, sample: Boolean(Number(sample)) })),
  );
}

/** Changes an alert as it was read. @returns false where somebody else changed it first */
export async function changeAlert(
  db: Db,
  alert: Pick<Alert, 'id' | 'version'>,
  data: Partial<Pick<Alert, 'state' | 'ownerId' | 'ownerName' | 'step' | 'nextAt' | 'changedAt' | 'message'>>,
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

/** To whom alerts were told so far. */
export async function toldOf(db: Db, alertIds: readonly number[]): Promise<{ alertId: number; to: string }[]> {
  const rows = await db.$queryRaw<{ alertId: bigint; to: string }[]>`
    SELECT "alertId", "to" FROM "AlertEvent"
    WHERE "alertId" IN (SELECT value FROM json_each(${JSON.stringify(alertIds)})) AND "action" IN ('told', 'handed')
      AND "to" IS NOT NULL
    GROUP BY "alertId", "to" ORDER BY min("seq")`;
  return rows.map(({ alertId, to }) => ({ alertId: Number(alertId), to }));
}

export async function removeSampleAlerts(db: Db): Promise<void> {
  await db.alert.deleteMany({ where: { sample: true } });
}
