import type { Context } from '../../core/context.ts';
import { groupBy } from '../../core/group.ts';
import type { DataAge } from '../../core/message.ts';
import type { Saved } from '../../core/source.ts';
import type { Day } from '../../core/time.ts';
import type { Db } from '../../store/db.ts';
import type { Violation as StoredViolation, ViolationDay } from '../../store/generated/client.ts';
import { saveRows } from '../../store/save-rows.ts';
import type { ViolationRow } from './model.ts';

/** Questions about violations to the database. Sample rows and real ones never meet in one answer. */

export type Violation = StoredViolation;

/** Ids in one statement. */
const BATCH = 1_000;

export interface SaveViolations {
  source: string;
  sample?: boolean;
  /**
   * The days of which the rows are all that the source has: they are known from now on, and what is missing on them is
   * withdrawn. Absent: the days of the rows are known as far as they go.
   */
  whole?: readonly Day[];
  completeness?: DataAge['completeness'];
}

/** Keeps violations; the same rows again change nothing. */
export async function saveViolations(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  rows: readonly ViolationRow[],
  { source, sample = false, whole, completeness = 'complete' }: SaveViolations,
): Promise<Saved & { withdrawn: number }> {
  const now = clock.now();
  return db.$transaction(async (tx) => {
    const saved = await saveRows(
      tx,
      'Violation',
      ['id'],
      rows.map((row) => ({ ...row, source, firstSeenAt: now, sample })),
      { keep: ['source', 'firstSeenAt', 'sample'] },
    );
    const byDay = groupBy(rows, (row) => row.day);
    let withdrawn = 0;
    for (const day of whole ?? byDay.keys()) {
      const own = byDay.get(day) ?? [];
      if (whole && completeness === 'complete') withdrawn += await followAnswer(tx, { day, source, sample }, own, now);
      const state = { readAt: now, source, completeness: whole ? completeness : 'unknown' };
      const count = await tx.violation.count({ where: { day, sample, source, withdrawnAt: null } });
      await tx.violationDay.upsert({
        where: { day_sample: { day, sample } },
        create: { day, sample, ...state, rows: count },
        update: { ...state, rows: count },
      });
    }
    return { ...saved, withdrawn };
  });
}

/** What the source holds no more is withdrawn; what it holds again comes back, unless an appeal was accepted. */
async function followAnswer(
  tx: Db,
  of: { day: Day; source: string; sample: boolean },
  rows: readonly ViolationRow[],
  now: Date,
): Promise<number> {
  const held = new Set(rows.map(({ id }) => id));
  const known = await tx.violation.findMany({
    where: { ...of, appeals: { none: { state: 'accepted' } } },
    select: { id: true, withdrawnAt: true },
  });
  const gone = known.filter(({ id, withdrawnAt }) => withdrawnAt === null && !held.has(id)).map(({ id }) => id);
  const back = known.filter(({ id, withdrawnAt }) => withdrawnAt !== null && held.has(id)).map(({ id }) => id);
  for (const [ids, withdrawnAt] of [
    [gone, now],
    [back, null],
  ] as const) {
    for (let from = 0; from < ids.length; from += BATCH) {
      await tx.violation.updateMany({ where: { id: { in: ids.slice(from, from + BATCH) } }, data: { withdrawnAt } });
    }
  }
  return gone.length;
}

/** Violations of the days, both included, that stand; by day, provider and order. */
export function violationsOn(db: Db, from: Day, to: Day, sample: boolean): Promise<Violation[]> {
  return db.violation.findMany({
    where: { sample, day: { gte: from, lte: to }, withdrawnAt: null },
    orderBy: [{ day: 'asc' }, { provider: 'asc' }, { orderNum: 'asc' }, { id: 'asc' }],
  });
}

/** Violations of the days that were not told yet, and those that were told and are withdrawn. */
export function untoldViolations(db: Db, from: Day, to: Day): Promise<Violation[]> {
  return db.violation.findMany({
    where: { day: { gte: from, lte: to }, withdrawnAt: null, toldAt: null },
    orderBy: [{ provider: 'asc' }, { day: 'asc' }, { orderNum: 'asc' }, { id: 'asc' }],
  });
}

export async function markTold(db: Db, ids: readonly string[], at: Date): Promise<void> {
  for (let from = 0; from < ids.length; from += BATCH) {
    await db.violation.updateMany({ where: { id: { in: ids.slice(from, from + BATCH) } }, data: { toldAt: at } });
  }
}

/** Told violations that were withdrawn since. */
export function withdrawnSince(db: Db, since: Date): Promise<Violation[]> {
  return db.violation.findMany({ where: { withdrawnAt: { gte: since }, toldAt: { not: null } } });
}

/** The days that are known, by day. */
export async function knownDays(db: Db, from: Day, to: Day, sample: boolean): Promise<Map<Day, ViolationDay>> {
  const rows = await db.violationDay.findMany({ where: { sample, day: { gte: from, lte: to } } });
  return new Map(rows.map((row) => [row.day, row]));
}

/** The newest day that is known, and whether it is the sample's: the sample stands in while there is nothing real. */
export async function newestDay(db: Db): Promise<ViolationDay | null> {
  const newest = (sample: boolean) => db.violationDay.findFirst({ where: { sample }, orderBy: { day: 'desc' } });
  return (await newest(false)) ?? (await newest(true));
}

/** The newest day with a violation, where no day is known as a whole yet. */
export function newestViolation(db: Db): Promise<Pick<Violation, 'day' | 'sample'> | null> {
  const select = { day: true, sample: true };
  return db.violation.findFirst({
    where: { withdrawnAt: null },
    select,
    orderBy: [{ sample: 'asc' }, { day: 'desc' }],
  });
}

/** Every provider of which a violation was ever known. */
export async function providersSeen(db: Db, sample: boolean): Promise<string[]> {
  const rows = await db.violation.groupBy({ by: ['provider'], where: { sample }, orderBy: { provider: 'asc' } });
  return rows.map(({ provider }) => provider);
}

export async function removeSampleViolations(db: Db): Promise<void> {
  await db.violation.deleteMany({ where: { sample: true } });
  await db.violationDay.deleteMany({ where: { sample: true } });
}

/** Keeps computed breaches as violations, and that the days are known, where nothing else says so. */
export async function recordComputed(
  db: Db,
  rows: readonly ViolationRow[],
  { sample, known, now }: { sample: boolean; known: readonly Day[]; now: Date },
): Promise<void> {
  await saveRows(
    db,
    'Violation',
    ['id'],
    rows.map((row) => ({ ...row, source: 'rules', firstSeenAt: now, sample, withdrawnAt: null })),
    { keep: ['source', 'firstSeenAt', 'sample'] },
  );
  for (const day of known) {
    // Whether every order was imported is not known.
    const state = { readAt: now, source: 'rules', completeness: 'unknown', rows: 0 };
    await db.violationDay.upsert({
      where: { day_sample: { day, sample } },
      create: { day, sample, ...state },
      update: {},
    });
  }
}

export async function withdrawViolations(db: Db, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length > 0) await db.violation.updateMany({ where: { id: { in: [...ids] } }, data: { withdrawnAt: at } });
}
