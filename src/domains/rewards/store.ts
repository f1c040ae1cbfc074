import { addRows } from '../../store/add-rows.ts';
import type { Database, Db } from '../../store/db.ts';
import { Prisma } from '../../store/generated/client.ts';
import { readRows } from '../../store/read-rows.ts';
import { feedName } from './contracts/store.ts';

/** Questions about settling and the award ledger to the database. */

export function campaignState(db: Db, campaign: string) {
  return db.campaignState.findUnique({ where: { campaign } });
}

export async function beginSettling(db: Db, campaign: string, startedAt: Date, quiet: boolean) {
  return db.campaignState.upsert({ where: { campaign }, create: { campaign, startedAt, quiet }, update: {} });
}

/** Takes the next turn in booking a campaign; false where somebody else did since. In the transaction of the booking. */
export async function takeTurn(db: Db, campaign: string, turn: number): Promise<boolean> {
  const { count } = await db.campaignState.updateMany({ where: { campaign, turn }, data: { turn: turn + 1 } });
  return count > 0;
}

/** Nothing where somebody else has booked since: he says what the campaign has taken into account. */
export async function endSettling(
  db: Db,
  { campaign, turn }: { campaign: string; turn: number },
  data: { settledAt: Date; rulesHash: string; revision: number },
): Promise<void> {
  await db.campaignState.updateMany({ where: { campaign, turn }, data });
}

export async function isClosed(db: Db, campaign: string): Promise<boolean> {
  return !!(await campaignState(db, campaign))?.closedAt;
}

/** Locks a campaign; false where it is locked already. */
export async function lockCampaign(
  db: Db,
  campaign: string,
  data: { closedAt: Date; closedBy: string; frozen: string },
): Promise<boolean> {
  await beginSettling(db, campaign, data.closedAt, true);
  const locked = await db.campaignState.updateMany({
    where: { campaign, closedAt: null },
    data: { ...data, turn: { increment: 1 } },
  });
  return locked.count > 0;
}

/** What is to be paid with a campaign's money: its own entries, and corrections of earlier ones. */
export function payableIn(db: Db, campaign: string) {
  return db.ledgerEntry.findMany({
    where: { OR: [{ campaign, paidIn: null }, { paidIn: campaign }] },
    orderBy: { id: 'asc' },
  });
}

export function closedCampaigns(db: Db) {
  return db.campaignState.findMany({ where: { closedAt: { not: null } }, orderBy: { campaign: 'asc' } });
}

/** Which contracts a campaign has taken into account → whether they were announced. */
export async function settlements(db: Db, campaign: string): Promise<Map<string, boolean>> {
  const rows = await readRows(db, {
    table: 'Settlement',
    columns: ['contractId', 'announced'],
    order: 'rowid',
    where: Prisma.sql`"campaign" = ${campaign}`,
  });
  return new Map(rows.map(([contractId, announced]) => [String(contractId), announced === 1]));
}

export async function addSettlements(
  db: Db,
  rows: { campaign: string; contractId: string; settledAt: Date; announced: boolean }[],
): Promise<void> {
  await addRows(db, 'Settlement', rows);
}

export async function markAnnounced(db: Db, campaign: string, contractIds: string[]): Promise<void> {
  if (contractIds.length === 0) return;
  await db.settlement.updateMany({ where: { campaign, contractId: { in: contractIds } }, data: { announced: true } });
}

export type LedgerRow = Awaited<ReturnType<typeof ledgerOf>>[number];

export function ledgerOf(db: Db, campaign: string, person?: string) {
  return db.ledgerEntry.findMany({
    where: { campaign, ...(person !== undefined && { person }) },
    orderBy: { id: 'asc' },
  });
}

export type NewEntry = Omit<LedgerRow, 'id' | 'detail'> & { detail?: string | null };

export async function book(db: Db, entries: NewEntry[]): Promise<void> {
  await addRows(db, 'LedgerEntry', entries);
}

/** Whether and when a housekeeper was told that the next tier is near. */
export function nudgeOf(db: Db, housekeeper: string) {
  return db.rewardNudge.findUnique({ where: { housekeeper } });
}

export async function nudgeSaid(db: Db, housekeeper: string, lastAt: Date): Promise<void> {
  await db.rewardNudge.upsert({ where: { housekeeper }, create: { housekeeper, lastAt }, update: { lastAt } });
}

export async function setNudges(db: Db, housekeeper: string, off: boolean): Promise<void> {
  await db.rewardNudge.upsert({ where: { housekeeper }, create: { housekeeper, off }, update: { off } });
}

/** What is booked for each campaign, in fen. */
export async function ledgerTotals(db: Db): Promise<Map<string, number>> {
  const sums = await db.ledgerEntry.groupBy({ by: ['campaign'], _sum: { amountFen: true } });
  return new Map(sums.map(({ campaign, _sum }) => [campaign, _sum.amountFen ?? 0]));
}

export async function removeSampleRewards(db: Database): Promise<void> {
  await db.$transaction(async (tx) => {
    const campaigns = { startsWith: 'SAMPLE-' };
    await tx.ledgerEntry.deleteMany({ where: { campaign: campaigns } });
    await tx.settlement.deleteMany({ where: { campaign: campaigns } });
    await tx.campaignState.deleteMany({ where: { campaign: campaigns } });
    await tx.contract.deleteMany({ where: { sample: true } });
    await tx.feedState.deleteMany({ where: { feed: feedName(true) } });
  });
}
