import type { Role } from '../../core/people.ts';
import type { Database, Db } from '../../store/db.ts';
import { MISSED, type Missed, type Subscription } from './model.ts';
import { Schedule } from './schedule.ts';

/** Questions about subscriptions to the database. */

export interface NewSubscription extends Omit<Subscription, 'id' | 'doneUntil'> {
  command: string;
  /** The schedule as it was typed. */
  said: string;
  at: Date;
}

/** @returns its number */
export async function addSubscription(
  db: Database,
  { line, schedule, at, ...columns }: NewSubscription,
): Promise<number> {
  const row = await db.subscription.create({
    data: {
      ...columns,
      args: JSON.stringify({ line }),
      schedule: JSON.stringify(schedule),
      createdAt: at,
      doneUntil: at,
    },
  });
  return row.id;
}

/** All that were not removed, in the order of their making. */
export async function activeSubscriptions(db: Database): Promise<Subscription[]> {
  const rows = await db.subscription.findMany({ where: { removedAt: null }, orderBy: { id: 'asc' } });
  return rows.map(({ id, args, schedule, missed, to, ownerId, lang, doneUntil, sample }) => ({
    id,
    line: (JSON.parse(args) as { line: string }).line,
    schedule: Schedule.parse(JSON.parse(schedule)),
    missed: MISSED.find((one) => one === missed) ?? ('once' satisfies Missed),
    to,
    ownerId,
    lang: lang === 'en' ? 'en' : 'zh',
    doneUntil,
    sample,
  }));
}

/**
 * Accounts for the due times up to an instant.
 * @returns false where somebody else did so first, or it was removed
 */
export async function advance(db: Db, { id, doneUntil }: Subscription, until: Date): Promise<boolean> {
  const moved = await db.subscription.updateMany({
    where: { id, doneUntil, removedAt: null },
    data: { doneUntil: until },
  });
  return moved.count === 1;
}

/** @returns false where it was removed already */
export async function removeSubscription(db: Db, id: number, at: Date): Promise<boolean> {
  const removed = await db.subscription.updateMany({ where: { id, removedAt: null }, data: { removedAt: at } });
  return removed.count === 1;
}

/** Who owns a subscription, as he is now; null where he left. */
export async function ownerOf(db: Database, id: string): Promise<{ name: string; role: Role; sample: boolean } | null> {
  const person = await db.person.findUnique({ where: { id }, select: { name: true, role: true, sample: true } });
  return person && { ...person, role: person.role as Role };
}

export async function removeSampleSubscriptions(db: Database): Promise<void> {
  await db.subscription.deleteMany({ where: { sample: true } });
}
