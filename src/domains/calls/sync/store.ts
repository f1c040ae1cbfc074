import { UpstreamError } from '../../../core/errors.ts';
import type { StatAnswer, StatKind } from '../../../core/guanke.ts';
import type { Day } from '../../../core/time.ts';
import type { Database, Db } from '../../../store/db.ts';
import { saveRows } from '../../../store/save-rows.ts';
import type { CallRow } from '../model.ts';
import { noteState } from '../store.ts';
import { alike, type Place, placesOf, tally } from '../tally/store.ts';
import { changedHours, type Digests, type HourDigests } from './digest.ts';
import type { DayRow, Track } from './standing.ts';

/** How days stand, oldest first. */
export async function dayRows(db: Db, from: Day, to: Day, track?: Track): Promise<DayRow[]> {
  const where = { day: { gte: from, lte: to }, ...(track && { track }) };
  const rows = await db.callDay.findMany({ where, orderBy: { day: 'asc' }, omit: { digests: true } });
  return rows as DayRow[];
}

export async function dayRow(db: Db, day: Day, track: Track): Promise<(DayRow & { digests: string | null }) | null> {
  return (await db.callDay.findUnique({ where: { day_track: { day, track } } })) as never;
}

/** The first day of which anything is known; null where there is none. */
export async function firstDay(db: Db, track: Track): Promise<Day | null> {
  const row = await db.callDay.findFirst({ where: { track }, orderBy: { day: 'asc' }, select: { day: true } });
  return row?.day ?? null;
}

/** Writes down that a day could not be read, or not as well as before. What is kept stays. */
export async function noteFailure(db: Db, day: Day, track: Track, at: Date, problem: string): Promise<void> {
  const failed = { failedAt: at, problem: problem.slice(0, 500) };
  await db.callDay.upsert({
    where: { day_track: { day, track } },
    create: { day, track, kept: 'missing', ...failed },
    update: failed,
  });
}

/** What is told of a scan that is kept. */
export interface Kept {
  /** The run that read it. */
  run: number;
  asOf: Date;
  whole: boolean;
  pagesRead: number;
  pagesExpected: number;
  rowsRead: number;
  rowsExpected: number;
  dialled: number | null;
  connected: number | null;
  success: number | null;
  digests?: Digests | null;
  problem?: string | undefined;
}

/** @throws UpstreamError where the run gave no sign of life for too long and has lost its track to another */
async function keep(db: Db, day: Day, track: Track, { run, whole, problem, digests, ...figures }: Kept): Promise<void> {
  await holds(db, run, track);
  const row = {
    ...figures,
    kept: whole ? 'complete' : 'partial',
    digests: digests ? JSON.stringify(digests) : null,
    failedAt: whole ? null : figures.asOf,
    problem: problem?.slice(0, 500) ?? null,
  };
  await db.callDay.upsert({
    where: { day_track: { day, track } },
    create: { day, track, ...row },
    update: row,
  });
  await noteState(db, { feed: 'calls.records', asOf: figures.asOf, source: 'cache', added: 0 });
}

async function holds(db: Db, run: number, track: Track): Promise<void> {
  const own = await db.callSync.findUnique({ where: { id: run }, select: { state: true } });
  if (own?.state !== 'running') throw new UpstreamError(`run ${run} has lost the track ${track}: nothing was changed`);
}

/**
 * What is kept is what the upstream still says.
 * @throws UpstreamError as `keep`
 */
export function confirmScan(db: Database, day: Day, { run, asOf }: Pick<Kept, 'run' | 'asOf'>): Promise<void> {
  return db.$transaction(async (tx) => {
    await holds(tx, run, 'records');
    await tx.callDay.update({
      where: { day_track: { day, track: 'records' } },
      data: { asOf, failedAt: null, problem: null },
    });
    await noteState(tx, { feed: 'calls.records', asOf, source: 'cache', added: 0 });
  });
}

/** Keeps a day's statistics, all or none. */
export async function saveStats(
  db: Database,
  day: Day,
  stats: Partial<Record<StatKind, StatAnswer>>,
  kept: Kept,
): Promise<{ added: number; changed: number; unchanged: number }> {
  return db.$transaction(async (tx) => {
    const rows = Object.entries(stats).flatMap(([kind, answer]) =>
      answer.rows.map(({ id, name, dialled, connected, success }) => ({
        day,
        kind,
        id,
        name,
        dialled,
        connected,
        success,
      })),
    );
    const saved = await saveRows(tx, 'CallStat', ['day', 'kind', 'id'], rows);
    for (const [kind, answer] of Object.entries(stats)) {
      const ids = JSON.stringify(answer.rows.map(({ id }) => id));
      await tx.$executeRaw`
        DELETE FROM "CallStat" WHERE "day" = ${day} AND "kind" = ${kind} AND "id" NOT IN (SELECT value FROM json_each(${ids}))`;
    }
    await keep(tx, day, 'tasks', kept);
    return saved;
  });
}

/** Records that are written at once. */
const PORTION = 1_000;

/**
 * Keeps a day's call records. Details are written a thousand at a time, so that others get their turn; what answers read
 * (the tallies, how the day stands) changes at once at the end. Hours that are as they were are not written.
 * @param before the digests of what is kept; null: not known
 */
export async function saveScan(
  db: Database,
  day: Day,
  rows: readonly CallRow[],
  before: HourDigests | null,
  kept: Kept & { digests: Digests },
): Promise<{ added: number; changed: number; unchanged: number; removed: number }> {
  const hours = new Set(changedHours(kept.whole ? before : null, kept.digests.hours));
  const touched = rows.filter(({ hour }) => hours.has(hour));
  const saved = { added: 0, changed: 0, unchanged: rows.length - touched.length, removed: 0 };
  // Until the end of this the details are neither the old nor the new ones: whoever comes after a kill writes all hours.
  if (touched.length > 0) await db.callDay.updateMany({ where: { day, track: 'records' }, data: { digests: null } });
  const places: Place[] = [];
  for (let from = 0; from < touched.length; from += PORTION) {
    const portion = touched.slice(from, from + PORTION);
    places.push(...(await placesOf(db, portion)));
    for (const group of alike(portion, false)) {
      const one = await saveRows(db, 'CallRecord', ['id'], group);
      saved.added += one.added;
      saved.changed += one.changed;
      saved.unchanged += one.unchanged;
    }
  }
  await db.$transaction(async (tx) => {
    if (kept.whole && hours.size > 0) {
      const ids = JSON.stringify(touched.map(({ id }) => id));
      const of = JSON.stringify([...hours]);
      saved.removed = await tx.$executeRaw`
        DELETE FROM "CallRecord"
        WHERE "day" = ${day} AND "hour" IN (SELECT value FROM json_each(${of})) AND NOT "sample"
          AND "id" NOT IN (SELECT value FROM json_each(${ids}))`;
      await tx.callForgotten.deleteMany({ where: { day } });
    }
    await tally(tx, [...places, ...[...hours].map((hour) => ({ day, hour }))]);
    const counted = kept.whole ? kept.rowsRead : await tx.callRecord.count({ where: { day, sample: false } });
    const digests = kept.whole ? kept.digests : null;
    await keep(tx, day, 'records', { ...kept, digests, rowsRead: counted });
  });
  return saved;
}

/** The accounts that dialled on a day. */
export function seatsOf(db: Db, day: Day): Promise<{ id: string; name: string }[]> {
  return db.callStat.findMany({
    where: { day, kind: 'account', dialled: { gt: 0 } },
    select: { id: true, name: true },
  });
}

/** Whether the details of a day were forgotten after their time: what is left are its sums. */
export async function isForgotten(db: Db, day: Day): Promise<boolean> {
  return (await db.callForgotten.findUnique({ where: { day } })) !== null;
}
