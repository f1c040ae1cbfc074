import type { Day } from '../../../core/time.ts';
import type { Db } from '../../../store/db.ts';

/** What the tracks say of one day. */
export interface CheckFigures {
  accountDialled: number;
  accountConnected: number;
  accountSuccess: number;
  recordsDialled: number;
  recordsConnected: number;
  gradeSuccess: number;
  records: number;
}

export interface Check extends CheckFigures {
  day: Day;
  at: Date;
  /** 偏差 */
  differs: boolean;
}

/** What the tracks said of some days, and when it changed: newest first. */
export async function checksOf(db: Db, from: Day, to: Day, take: number): Promise<Check[]> {
  const where = { day: { gte: from, lte: to } };
  return db.callCheck.findMany({ where, orderBy: [{ day: 'desc' }, { id: 'desc' }], take, omit: { id: true } });
}

/** Writes down what the tracks say, where it is not what they said last. */
export async function noteCheck(db: Db, check: Check): Promise<void> {
  const last = await db.callCheck.findFirst({ where: { day: check.day }, orderBy: { id: 'desc' } });
  const names = Object.keys(check).filter((name) => name !== 'at') as (keyof Check)[];
  if (last && names.every((name) => last[name] === check[name])) return;
  await db.callCheck.create({ data: check });
}
