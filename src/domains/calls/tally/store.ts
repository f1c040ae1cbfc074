import type { Db } from '../../../store/db.ts';
import type { CallRow } from '../model.ts';

/** Where a call is counted. */
export type Place = Pick<CallRow, 'day' | 'hour'>;

const OPTIONAL = ['taskId', 'taskName', 'seatId', 'seatName', 'line', 'grade'] as const;
const ALWAYS = ['id', 'day', 'hour', 'calledAt', 'durationS', 'dialled', 'connected'] as const;

/** The rows by what they say: what is null is no column of theirs, so that silence undoes nothing. */
export function alike(rows: readonly CallRow[], sample: boolean): Iterable<Record<string, unknown>[]> {
  const groups = new Map<string, Record<string, unknown>[]>();
  for (const row of rows) {
    const said: Record<string, unknown> = { sample };
    for (const column of ALWAYS) said[column] = row[column];
    let unsaid = '';
    for (const column of OPTIONAL) {
      if (row[column] === null) unsaid += ` ${column}`;
      else said[column] = row[column];
    }
    const group = groups.get(unsaid);
    if (group) group.push(said);
    else groups.set(unsaid, [said]);
  }
  return groups.values();
}

/** The hours in which these calls stand so far: a correction may move one. */
export function placesOf(db: Db, rows: readonly CallRow[]): Promise<Place[]> {
  const ids = JSON.stringify(rows.map(({ id }) => id));
  return db.$queryRaw<Place[]>`
    SELECT DISTINCT "day", "hour" FROM json_each(${ids}) JOIN "CallRecord" ON "CallRecord"."id" = json_each.value`;
}

/** Counts the calls of some hours anew: by seat, and by task and line. */
export async function tally(db: Db, places: readonly Place[]): Promise<void> {
  const distinct = new Map(places.map(({ day, hour }) => [`${day} ${hour}`, [day, hour]]));
  const hours = JSON.stringify([...distinct.values()]);
  await db.$executeRaw`
    DELETE FROM "CallTally"
    WHERE ("day", "hour") IN (SELECT value ->> 0, value ->> 1 FROM json_each(${hours}))`;
  await db.$executeRaw`
    INSERT INTO "CallTally" ("day", "hour", "seatId", "seatName", "grade", "sample", "records", "dialled", "connected")
    SELECT "day", "hour", "seatId", "seatName", "grade", "sample", count(*), sum("dialled"), sum("connected")
    FROM json_each(${hours}) JOIN "CallRecord" ON "day" = value ->> 0 AND "hour" = value ->> 1
    GROUP BY "day", "hour", "seatId", "seatName", "grade", "sample"`;
  await db.$executeRaw`
    DELETE FROM "CallFacet"
    WHERE ("day", "hour") IN (SELECT value ->> 0, value ->> 1 FROM json_each(${hours}))`;
  await db.$executeRaw`
    INSERT INTO "CallFacet" ("day", "hour", "kind", "key", "name", "grade", "sample", "records", "dialled", "connected", "talkS")
    SELECT "day", "hour", 'task', "taskId", max("taskName"), "grade", "sample", count(*), sum("dialled"), sum("connected"), sum("durationS")
    FROM json_each(${hours}) JOIN "CallRecord" ON "day" = value ->> 0 AND "hour" = value ->> 1
    GROUP BY "day", "hour", "taskId", "grade", "sample"`;
  await db.$executeRaw`
    INSERT INTO "CallFacet" ("day", "hour", "kind", "key", "name", "grade", "sample", "records", "dialled", "connected", "talkS")
    SELECT "day", "hour", 'line', "line", "line", "grade", "sample", count(*), sum("dialled"), sum("connected"), sum("durationS")
    FROM json_each(${hours}) JOIN "CallRecord" ON "day" = value ->> 0 AND "hour" = value ->> 1
    GROUP BY "day", "hour", "line", "grade", "sample"`;
}

/** Days whose records were forgotten: their sums stand, and a single record must not take their place. */
export async function withoutForgotten(db: Db, rows: readonly CallRow[]): Promise<CallRow[]> {
  const days = [...new Set(rows.map(({ day }) => day))];
  const gone = await db.callForgotten.findMany({ where: { day: { in: days } } });
  if (gone.length === 0) return [...rows];
  const names = new Set(gone.map(({ day }) => day));
  return rows.filter(({ day }) => !names.has(day));
}
