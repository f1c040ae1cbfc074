import type { Context } from '../../core/context.ts';
import type { Saved } from '../../core/source.ts';
import type { Database, Db } from '../../store/db.ts';
import { saveRows } from '../../store/save-rows.ts';
import type { Campaign } from './campaign.ts';
import type { ContractRow } from './model.ts';

/** Questions about contracts, settling and the award ledger to the database. */

/** Columns that a later answer does not change. */
const KEPT = ['firstSeenAt', 'sample'];

/**
 * Keeps contracts in order of first arrival. Other values for a known id are a correction: the contract takes them, keeps
 * its place, and what changed is written down.
 */
export async function saveContracts(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  rows: readonly ContractRow[],
  options: { campaign?: string | undefined; source?: string | undefined; sample: boolean },
): Promise<Saved> {
  const now = clock.now();
  const source = options.source ?? (options.sample ? 'sample' : 'import');
  return db.$transaction(async (tx) => {
    const known = await tx.contract.findMany({ where: { id: { in: rows.map((row) => row.id) } } });
    const byId = new Map(known.map((contract) => [contract.id, contract]));
    const revisions = rows.flatMap((row) => {
      const before = byId.get(row.id);
      const changed = before ? differences(before, row) : [];
      if (changed.length === 0) return [];
      const values = (of: Record<string, unknown>) =>
        JSON.stringify(Object.fromEntries(changed.map((name) => [name, of[name]])));
      return [{ contractId: row.id, seenAt: now, before: values(before ?? {}), after: values(row) }];
    });
    await tx.contractRevision.createMany({ data: revisions });
    const assigned = options.campaign === undefined ? {} : { campaign: options.campaign };
    const saved = await saveRows(
      tx,
      'Contract',
      ['id'],
      rows.map((row) => ({ ...row, ...assigned, firstSeenAt: now, updatedAt: now, sample: options.sample })),
      { keep: KEPT, touch: ['updatedAt'] },
    );
    const feed = feedName(options.sample);
    await tx.feedState.upsert({
      where: { feed },
      create: { feed, asOf: now, source, completeness: 'unknown', rows: saved.added },
      update: { asOf: now, source, rows: { increment: saved.added } },
    });
    return saved;
  });
}

function differences(before: Record<string, unknown>, row: ContractRow): string[] {
  const text = (value: unknown) => (value instanceof Date ? value.toISOString() : value);
  return Object.entries(row).flatMap(([name, value]) => (text(before[name]) === text(value) ? [] : [name]));
}

/** The contracts of a campaign, in order of first arrival: assigned to it, or of its city and signed in its period. */
export function contractsOf(db: Database, campaign: Campaign) {
  return db.contract.findMany({ where: fits(campaign), orderBy: { seq: 'asc' } });
}

/** What changes whenever the contracts of a campaign do. */
export async function contractsVersion(db: Database, campaign: Campaign): Promise<string> {
  const { _count, _max } = await db.contract.aggregate({
    where: fits(campaign),
    _count: true,
    _max: { updatedAt: true },
  });
  return `${_count}@${_max.updatedAt?.toISOString() ?? ''}`;
}

function fits(campaign: Campaign) {
  if (campaign.take === 'assigned') return { campaign: campaign.key };
  return {
    OR: [
      { campaign: campaign.key },
      {
        campaign: null,
        province: { in: [...campaign.provinces] },
        signedDay: { gte: campaign.from, lte: campaign.to },
      },
    ],
  };
}

/** Contracts of these ids that were corrected after an instant, with their numbers. */
export function correctedSince(db: Database, ids: string[], since: Date) {
  return db.contract.findMany({
    where: { id: { in: ids }, revisions: { some: { seenAt: { gt: since } } } },
    select: { id: true, number: true },
  });
}

export function campaignState(db: Db, campaign: string) {
  return db.campaignState.findUnique({ where: { campaign } });
}

export async function beginSettling(db: Db, campaign: string, startedAt: Date, quiet: boolean) {
  return db.campaignState.upsert({ where: { campaign }, create: { campaign, startedAt, quiet }, update: {} });
}

export async function endSettling(db: Db, campaign: string, settledAt: Date, rulesHash: string): Promise<void> {
  await db.campaignState.update({ where: { campaign }, data: { settledAt, rulesHash } });
}

/** Which contracts a campaign has taken into account → whether they were announced. */
export async function settlements(db: Db, campaign: string): Promise<Map<string, boolean>> {
  const rows = await db.settlement.findMany({ where: { campaign }, select: { contractId: true, announced: true } });
  return new Map(rows.map((row) => [row.contractId, row.announced]));
}

export async function addSettlements(
  db: Db,
  rows: { campaign: string; contractId: string; settledAt: Date; announced: boolean }[],
): Promise<void> {
  await db.settlement.createMany({ data: rows });
}

export async function markAnnounced(db: Db, campaign: string, contractIds: string[]): Promise<void> {
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
  await db.ledgerEntry.createMany({ data: entries });
}

/** Months (YYYY-MM) in which sample contracts were signed. */
export async function sampleMonths(db: Database): Promise<string[]> {
  const rows = await db.contract.findMany({
    where: { sample: true },
    distinct: ['signedDay'],
    select: { signedDay: true },
  });
  return [...new Set(rows.flatMap((row) => row.signedDay?.slice(0, 7) ?? []))].toSorted();
}

export function feedAge(db: Database, sample: boolean) {
  return db.feedState.findUnique({ where: { feed: feedName(sample) } });
}

/** The sample's age is its own. */
function feedName(sample: boolean): string {
  return sample ? 'rewards.contracts/sample' : 'rewards.contracts';
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
