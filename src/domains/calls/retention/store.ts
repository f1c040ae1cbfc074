import type { Context } from '../../../core/context.ts';
import { addDays, today } from '../../../core/time.ts';
import { forgetRuns } from '../runs/store.ts';

/** Days for which each call record is kept; what was counted from it stays. */
const DETAIL_DAYS = 30;
const RUN_DAYS = 90;

/** Forgets the call records of days before the last 30, day by day, and runs of long ago. Sums and checks stay. */
export async function forgetDetails({ db, clock, signal }: Context): Promise<Record<string, number>> {
  const before = addDays(today(clock), -DETAIL_DAYS);
  const old = await db.callRecord.groupBy({ by: ['day'], where: { day: { lt: before }, sample: false } });
  let records = 0;
  for (const { day } of old) {
    signal.throwIfAborted();
    await db.$transaction(async (tx) => {
      records += (await tx.callRecord.deleteMany({ where: { day, sample: false } })).count;
      await tx.callForgotten.upsert({ where: { day }, create: { day }, update: {} });
      // What is read again is written again.
      await tx.callDay.updateMany({ where: { day, track: 'records' }, data: { digests: null } });
    });
  }
  const runs = await forgetRuns(db, new Date(clock.now().getTime() - RUN_DAYS * 86_400_000));
  return { days: old.length, records, runs };
}
