import type { Context } from '../../core/context.ts';
import { DataAge } from '../../core/message.ts';
import type { Saved } from '../../core/source.ts';
import { type Day, type Month, monthDays, monthOf } from '../../core/time.ts';
import type { Db } from '../../store/db.ts';
import { saveRows } from '../../store/save-rows.ts';
import type { CallCount, CallRow, DailyCount, HourlyCount } from './model.ts';
import { alike, placesOf, tally, withoutForgotten } from './tally/store.ts';

/** Questions about calls to the database. Sample calls and real ones never meet in one answer. */

/** How old the calls are: `asOf` is the newest call's time, never beyond now. */
export interface CallsState {
  asOf: Date;
  /** The file's name, or `import`; '' for the sample. */
  source: string;
  completeness: DataAge['completeness'];
  note: string | null;
  sample: boolean;
}

/** The state of the real calls; where there never were any, of the sample's; null where there are none either. */
export async function callsState(db: Db): Promise<CallsState | null> {
  const states = await db.feedState.findMany({ where: { feed: { in: [feedName(false), feedName(true)] } } });
  const state = states.find(({ feed }) => feed === feedName(false)) ?? states[0];
  if (!state) return null;
  const { feed, asOf, source, completeness, note } = state;
  return {
    asOf,
    source,
    completeness: DataAge.shape.completeness.parse(completeness),
    note,
    sample: feed === feedName(true),
  };
}

/** A day's calls, counted by hour, seat and label. */
export function hourlyCounts(db: Db, day: Day, sample: boolean): Promise<HourlyCount[]> {
  return db.callTally.findMany({
    where: { day, sample },
    select: { hour: true, seatId: true, seatName: true, grade: true, records: true, dialled: true, connected: true },
  });
}

/** The calls of one hour up to an instant (included), counted by label. */
export async function countsInHour(
  db: Db,
  { day, hour, until }: { day: Day; hour: number; until: Date },
  sample: boolean,
): Promise<CallCount[]> {
  const groups = await db.callRecord.groupBy({
    by: ['grade', 'dialled', 'connected'],
    where: { day, hour, calledAt: { lte: until }, sample },
    _count: { _all: true },
  });
  return groups.map(({ grade, dialled, connected, _count }) => {
    const records = _count._all;
    return { grade, records, dialled: dialled ? records : 0, connected: connected ? records : 0 };
  });
}

/** The calls of some days, both included, counted by day and label. */
export async function dailyCounts(db: Db, from: Day, to: Day, sample: boolean): Promise<DailyCount[]> {
  const groups = await db.callTally.groupBy({
    by: ['day', 'grade'],
    where: { day: { gte: from, lte: to }, sample },
    _sum: { records: true, dialled: true, connected: true },
  });
  return groups.map(({ day, grade, _sum }) => ({
    day,
    grade,
    records: _sum.records ?? 0,
    dialled: _sum.dialled ?? 0,
    connected: _sum.connected ?? 0,
  }));
}

/** Seconds of talk of some days, by day. */
export async function talkSeconds(db: Db, from: Day, to: Day, sample: boolean): Promise<Map<Day, number>> {
  const where = { day: { gte: from, lte: to }, kind: 'line', sample };
  const groups = await db.callFacet.groupBy({ by: ['day'], where, _sum: { talkS: true } });
  return new Map(groups.map(({ day, _sum }) => [day, _sum.talkS ?? 0]));
}

/** The day with calls nearest to a day without, the earlier of two; null where there are no calls. */
export async function nearestDay(db: Db, day: Day, sample: boolean): Promise<Day | null> {
  const [before, after] = await daysAround(db, day, day, sample);
  if (!before || !after) return before ?? after;
  const distance = (other: Day) => Math.abs(Date.parse(other) - Date.parse(day));
  return distance(after) < distance(before) ? after : before;
}

/** The month with calls nearest to a month without, the earlier of two; null where there are no calls. */
export async function nearestMonth(db: Db, month: Month, sample: boolean): Promise<Month | null> {
  const { from, to } = monthDays(month);
  const [before, after] = await daysAround(db, from, to, sample);
  if (!before || !after) return before || after ? monthOf(before ?? after ?? '') : null;
  const months = (day: Day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return monthOf(months(after) - months(from) < months(from) - months(before) ? after : before);
}

async function daysAround(db: Db, from: Day, to: Day, sample: boolean): Promise<[Day | null, Day | null]> {
  const day = { day: true } as const;
  const before = await db.callTally.findFirst({
    where: { day: { lt: from }, sample },
    orderBy: { day: 'desc' },
    select: day,
  });
  const after = await db.callTally.findFirst({
    where: { day: { gt: to }, sample },
    orderBy: { day: 'asc' },
    select: day,
  });
  return [before?.day ?? null, after?.day ?? null];
}

/**
 * Keeps calls, all or none, and counts their hours anew. What an answer does not say (null) does not undo what an earlier
 * one said.
 */
export function saveCalls(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  given: readonly CallRow[],
  { sample = false, source = 'import' }: { sample?: boolean; source?: string | undefined },
): Promise<Saved> {
  return db.$transaction(async (tx) => {
    const saved: Saved = { added: 0, changed: 0, unchanged: 0 };
    const rows = sample ? given : await withoutForgotten(tx, given);
    saved.unchanged = given.length - rows.length;
    if (rows.length === 0) return saved;
    const left = await placesOf(tx, rows);
    for (const group of alike(rows, sample)) {
      const one = await saveRows(tx, 'CallRecord', ['id'], group);
      saved.added += one.added;
      saved.changed += one.changed;
      saved.unchanged += one.unchanged;
    }
    if (saved.added + saved.changed > 0) {
      await tally(tx, [...left, ...rows]);
      const days = [...new Set([...left, ...rows].map(({ day }) => day))];
      // The upstream's next answer is held against what is there now.
      if (!sample) await tx.callDay.updateMany({ where: { day: { in: days } }, data: { digests: null } });
    }
    const newest = rows.reduce((latest, { calledAt }) => Math.max(latest, calledAt.getTime()), 0);
    const asOf = new Date(Math.min(newest, clock.now().getTime()));
    await noteState(tx, { feed: feedName(sample), asOf, source, added: saved.added });
    return saved;
  });
}

/**
 * What is known about age: the newest call's time, and where that call came from. Whether an import holds every call of
 * its time it does not say, so that is not known; the sample is all there is.
 */
export async function noteState(
  db: Db,
  state: { feed: string; asOf: Date; source: string; added: number },
): Promise<void> {
  const { feed, asOf, source, added } = state;
  const completeness = feed === feedName(true) ? 'complete' : 'unknown';
  await db.$executeRaw`
    INSERT INTO "FeedState" ("feed", "asOf", "source", "completeness", "rows")
    VALUES (${feed}, ${asOf}, ${source}, ${completeness}, ${added})
    ON CONFLICT ("feed") DO UPDATE SET
      "rows" = "FeedState"."rows" + excluded."rows",
      "source" = CASE WHEN excluded."asOf" >= "FeedState"."asOf" THEN excluded."source" ELSE "FeedState"."source" END,
      "asOf" = CASE WHEN excluded."asOf" >= "FeedState"."asOf" THEN excluded."asOf" ELSE "FeedState"."asOf" END`;
}

function feedName(sample: boolean): string {
  return sample ? 'calls.records/sample' : 'calls.records';
}

/** The newest call of the sample; null where there is none. */
export async function newestSampleCall(db: Db): Promise<Date | null> {
  const state = await db.feedState.findUnique({ where: { feed: feedName(true) } });
  return state?.asOf ?? null;
}

export async function removeSampleCalls(db: Db): Promise<void> {
  await db.callRecord.deleteMany({ where: { sample: true } });
  await db.callTally.deleteMany({ where: { sample: true } });
  await db.callFacet.deleteMany({ where: { sample: true } });
  await db.feedState.deleteMany({ where: { feed: feedName(true) } });
}

/** How many call records there are of each day of a span. */
export async function callDays(
  db: Db,
  { from, to }: { from: string; to: string },
): Promise<{ day: string; count: number }[]> {
  const rows = await db.callTally.groupBy({
    by: ['day'],
    where: { day: { gte: from, lte: to } },
    _sum: { records: true },
    orderBy: { day: 'asc' },
  });
  return rows.map(({ day, _sum }) => ({ day, count: _sum.records ?? 0 }));
}
