import type { Db } from '../../../store/db.ts';
import type { Grant } from './grant.ts';

/** Questions about disputes to the database. */

export type Dispute = NonNullable<Awaited<ReturnType<typeof disputeById>>>;

export function disputeById(db: Db, id: number) {
  return db.rewardDispute.findUnique({ where: { id } });
}

export function openDispute(db: Db, contractId: string, person: string) {
  return db.rewardDispute.findFirst({ where: { contractId, person, state: 'open' } });
}

/** Those that wait, the oldest first. */
export function openDisputes(db: Db, take: number) {
  return db.rewardDispute.findMany({ where: { state: 'open' }, orderBy: { id: 'asc' }, take });
}

/** Those that were answered, the newest first, from before a number. */
export function answeredDisputes(db: Db, before: number | undefined, take: number) {
  return db.rewardDispute.findMany({
    where: { state: { not: 'open' }, ...(before !== undefined && { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take,
  });
}

export function addDispute(
  db: Db,
  data: Pick<
    Dispute,
    'campaign' | 'person' | 'contractId' | 'line' | 'reason' | 'raisedBy' | 'raisedName' | 'raisedAt' | 'dueAt'
  >,
): Promise<Dispute> {
  return db.rewardDispute.create({ data });
}

/** False where somebody else was faster. */
export async function resolveDispute(
  db: Db,
  id: number,
  data: Pick<Dispute, 'state' | 'answer' | 'resolvedAt' | 'resolvedBy'> &
    Partial<Pick<Dispute, 'awardKey' | 'awardType' | 'awardName' | 'wasFen' | 'paysFen'>>,
): Promise<boolean> {
  return (await db.rewardDispute.updateMany({ where: { id, state: 'open' }, data })).count > 0;
}

/** What was granted in a campaign, oldest first: of one award the last holds. */
export async function grantsIn(db: Db, campaign: string): Promise<Grant[]> {
  const rows = await db.rewardDispute.findMany({
    where: { campaign, state: 'granted' },
    orderBy: { resolvedAt: 'asc' },
  });
  return rows.flatMap(({ id, person, contractId, awardKey, awardType, awardName, paysFen, answer }) =>
    awardKey === null || awardType === null || awardName === null || paysFen === null
      ? []
      : [{ dispute: id, person, contractId, awardKey, type: awardType, name: awardName, paysFen, answer }],
  );
}

/** The leads of a city. */
export function leadsOf(db: Db, city: string) {
  return db.person.findMany({ where: { role: 'lead', city }, select: { id: true }, orderBy: { id: 'asc' } });
}
