import type { Db } from '../../../store/db.ts';

/** What was missing since an instant, or is still. */
export function missingSince(db: Db, since: Date) {
  return db.missingUpdate.findMany({
    where: {
      sample: false,
      driverId: { not: '' },
      OR: [{ foundAt: { gte: since } }, { endedAt: null }, { endedAt: { gte: since } }],
    },
    orderBy: { id: 'asc' },
  });
}
