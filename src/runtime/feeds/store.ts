import type { Database } from '../../store/db.ts';

/** How feeds stand, by name; the sample's end in `/sample`. */
export function feedStates(db: Database) {
  return db.feedState.findMany({ orderBy: { feed: 'asc' } });
}
