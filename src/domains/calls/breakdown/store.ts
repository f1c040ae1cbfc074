import type { Day } from '../../../core/time.ts';
import type { Db } from '../../../store/db.ts';
import type { CallCount } from '../model.ts';

/** Calls of some days that are alike, by what they are broken down by. */
export interface PartCount extends CallCount {
  key: string | null;
  name: string | null;
}

const SUMS = { _sum: { records: true, dialled: true, connected: true } } as const;
type Sums = { _sum: { records: number | null; dialled: number | null; connected: number | null } };
const summed = ({ _sum }: Sums) => ({
  records: _sum.records ?? 0,
  dialled: _sum.dialled ?? 0,
  connected: _sum.connected ?? 0,
});

/** By seat and label. */
export async function seatCounts(db: Db, from: Day, to: Day, sample: boolean): Promise<PartCount[]> {
  const where = { day: { gte: from, lte: to }, sample };
  const groups = await db.callTally.groupBy({ by: ['seatId', 'seatName', 'grade'], where, ...SUMS });
  return groups.map((one) => ({
    key: one.seatId ?? one.seatName,
    name: one.seatName,
    grade: one.grade,
    ...summed(one),
  }));
}

/** By task or line, and label, of the call records. */
export async function facetCounts(
  db: Db,
  kind: 'task' | 'line',
  { from, to, sample }: { from: Day; to: Day; sample: boolean },
  without: readonly Day[] = [],
): Promise<PartCount[]> {
  const where = { kind, day: { gte: from, lte: to, notIn: [...without] }, sample };
  const groups = await db.callFacet.groupBy({ by: ['key', 'name', 'grade'], where, ...SUMS });
  return groups.map((one) => ({ key: one.key, name: one.name, grade: one.grade, ...summed(one) }));
}

/** By day, hour and label. */
export async function hourCounts(
  db: Db,
  { from, to, sample }: { from: Day; to: Day; sample: boolean },
): Promise<(CallCount & { day: Day; hour: number })[]> {
  const where = { day: { gte: from, lte: to }, sample };
  const groups = await db.callTally.groupBy({ by: ['day', 'hour', 'grade'], where, ...SUMS });
  return groups.map((one) => ({ day: one.day, hour: one.hour, grade: one.grade, ...summed(one) }));
}

/** Tasks as the upstream counts them, by day, the newest first. */
export function taskStats(db: Db, { from, to }: { from: Day; to: Day }) {
  const where = { kind: 'task', day: { gte: from, lte: to } };
  return db.callStat.findMany({ where, orderBy: { day: 'desc' } });
}

/** The names of accounts, as the upstream's statistics said them last. */
export async function accountNames(db: Db): Promise<Map<string, string>> {
  const rows = await db.callStat.findMany({
    where: { kind: 'account' },
    distinct: ['id'],
    orderBy: { day: 'desc' },
    select: { id: true, name: true },
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
