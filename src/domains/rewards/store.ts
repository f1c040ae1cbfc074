import type { Context } from '../../core/context.ts';
import type { Saved } from '../../core/source.ts';
import type { Day } from '../../core/time.ts';
import type { Database, Db } from '../../store/db.ts';
import { saveRows } from '../../store/save-rows.ts';
import type { Campaign } from './campaign.ts';
import type { ContractChange } from './cause.ts';
import type { ContractRow } from './model.ts';

/** Questions about contracts, settling and the award ledger to the database. */

/** Columns that a later answer does not change. */
const KEPT = ['firstSeenAt', 'sample'];
/** Ids in one statement. */
const BATCH = 1_000;

/**
 * Keeps contracts in order of first arrival. Other values for a known id are a correction: the contract takes them, keeps
 * its place, and what changed is written down. One that was withdrawn comes back.
 */
export async function saveContracts(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  rows: readonly ContractRow[],
  options: {
    campaign?: string | undefined;
    source?: string | undefined;
    sample: boolean;
    completeness?: 'complete' | 'partial';
  },
): Promise<Saved> {
  const now = clock.now();
  const source = options.source ?? (options.sample ? 'sample' : 'import');
  // Whether a file holds every contract is not known.
  const completeness = options.completeness ?? (options.sample ? 'complete' : 'unknown');
  return db.$transaction(async (tx) => {
    const known = await tx.contract.findMany({ where: { id: { in: rows.map((row) => row.id) } } });
    const byId = new Map(known.map((contract) => [contract.id, contract]));
    const revisions = rows.flatMap((row) => {
      const before = byId.get(row.id);
      const given = { ...row, withdrawnAt: null };
      const changed = before ? differences(before, given) : [];
      if (changed.length === 0) return [];
      const values = (of: Record<string, unknown>) =>
        JSON.stringify(Object.fromEntries(changed.map((name) => [name, of[name]])));
      return [{ contractId: row.id, seenAt: now, before: values(before ?? {}), after: values(given) }];
    });
    await tx.contractRevision.createMany({ data: revisions });
    const assigned = options.campaign === undefined ? {} : { campaign: options.campaign };
    const saved = await saveRows(
      tx,
      'Contract',
      ['id'],
      rows.map((row) => ({
        ...row,
        ...assigned,
        withdrawnAt: null,
        source,
        firstSeenAt: now,
        updatedAt: now,
        sample: options.sample,
      })),
      { keep: KEPT, touch: ['updatedAt', 'source'] },
    );
    const moved = known.filter((contract) => contract.source !== source).map(({ id }) => id);
    if (moved.length > 0) await tx.contract.updateMany({ where: { id: { in: moved } }, data: { source } });
    const feed = feedName(options.sample);
    await tx.feedState.upsert({
      where: { feed },
      create: { feed, asOf: now, source, completeness, rows: saved.added },
      update: { asOf: now, source, completeness, rows: { increment: saved.added } },
    });
    return saved;
  });
}

function differences(before: Record<string, unknown>, row: Record<string, unknown>): string[] {
  const text = (value: unknown) => (value instanceof Date ? value.toISOString() : value);
  return Object.entries(row).flatMap(([name, value]) => (text(before[name]) === text(value) ? [] : [name]));
}

/** Which contracts a whole answer of a source should hold. */
export interface Held {
  /** As it was given when they were saved. */
  source: string;
  /** Signing days, both included; absent: all. */
  from?: Day | undefined;
  to?: Day | undefined;
  /** Only contracts of these cities; absent: all. */
  provinces?: readonly string[] | undefined;
}

/** The contracts that a source gave and still holds, as far as we know. */
export function heldContracts(db: Database, { source, from, to, provinces }: Held) {
  return db.contract.findMany({
    where: {
      source,
      sample: false,
      withdrawnAt: null,
      ...((from ?? to) && { signedDay: { ...(from && { gte: from }), ...(to && { lte: to }) } }),
      ...(provinces && { province: { in: [...provinces] } }),
    },
    select: { id: true, number: true },
    orderBy: { seq: 'asc' },
  });
}

/** Contracts that count no more; written down as a revision of each. */
export async function withdraw(db: Database, ids: readonly string[], at: Date): Promise<void> {
  await db.$transaction(async (tx) => {
    for (let from = 0; from < ids.length; from += BATCH) {
      const some = ids.slice(from, from + BATCH);
      await tx.contract.updateMany({ where: { id: { in: some } }, data: { withdrawnAt: at, updatedAt: at } });
      const before = JSON.stringify({ withdrawnAt: null });
      const after = JSON.stringify({ withdrawnAt: at });
      await tx.contractRevision.createMany({
        data: some.map((contractId) => ({ contractId, seenAt: at, before, after })),
      });
    }
  });
}

/** The contracts of a campaign, in order of first arrival: assigned to it, or of its city and signed in its period. */
export function contractsOf(db: Database, campaign: Campaign) {
  return db.contract.findMany({ where: fits(campaign), orderBy: { seq: 'asc' } });
}

/** Contracts of this id or number; where there are none, up to 200 whose id or number ends so, in either case. */
export async function contractsCalled(db: Db, text: string) {
  const select = { id: true, campaign: true, province: true, signedDay: true };
  const exact = await db.contract.findMany({ where: { OR: [{ id: text }, { number: text }] }, select });
  if (exact.length > 0) return exact;
  return db.contract.findMany({
    where: { OR: [{ id: { endsWith: text } }, { number: { endsWith: text } }] },
    select,
    take: 200,
    orderBy: { seq: 'desc' },
  });
}

/** What changes whenever the contracts of a campaign do. */
export async function contractsVersion(db: Database, campaign: Campaign): Promise<string> {
  const { _count, _max } = await db.contract.aggregate({
    where: fits(campaign),
    _count: true,
    _max: { updatedAt: true, seq: true },
  });
  return `${_count}@${_max.seq ?? 0}@${_max.updatedAt?.toISOString() ?? ''}@${await lastRevision(db)}`;
}

/** The number of the last correction of any contract. */
export async function lastRevision(db: Database): Promise<number> {
  return (await db.contractRevision.aggregate({ _max: { seq: true } }))._max.seq ?? 0;
}

function fits(campaign: Campaign) {
  if (campaign.take === 'assigned') return { campaign: campaign.key };
  return {
    withdrawnAt: null,
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

/** What happened to contracts after a revision, the latest change of each. */
export async function changesSince(db: Db, revision: number): Promise<ContractChange[]> {
  const revisions = await db.contractRevision.findMany({
    where: { seq: { gt: revision } },
    include: {
      contract: { select: { id: true, number: true, housekeeper: true, housekeeperId: true, provider: true } },
    },
    orderBy: { seq: 'asc' },
  });
  const changes = new Map<string, ContractChange>();
  for (const { contractId, contract, before, after } of revisions) {
    const [was, is] = [JSON.parse(before), JSON.parse(after)] as [Record<string, unknown>, Record<string, unknown>];
    const kind = is['withdrawnAt'] ? 'withdrawn' : was['withdrawnAt'] ? 'returned' : 'corrected';
    const earlier = changes.get(contractId)?.before;
    changes.set(contractId, { contract, kind, before: { ...was, ...earlier } });
  }
  return [...changes.values()];
}

export function campaignState(db: Db, campaign: string) {
  return db.campaignState.findUnique({ where: { campaign } });
}

export async function beginSettling(db: Db, campaign: string, startedAt: Date, quiet: boolean) {
  return db.campaignState.upsert({ where: { campaign }, create: { campaign, startedAt, quiet }, update: {} });
}

export async function endSettling(
  db: Db,
  campaign: string,
  data: { settledAt: Date; rulesHash: string; revision: number },
): Promise<void> {
  await db.campaignState.update({ where: { campaign }, data });
}

export async function isClosed(db: Db, campaign: string): Promise<boolean> {
  const state = await db.campaignState.findUnique({ where: { campaign }, select: { closedAt: true } });
  return !!state?.closedAt;
}

/** Locks a campaign; false where it is locked already. */
export async function lockCampaign(
  db: Db,
  campaign: string,
  data: { closedAt: Date; closedBy: string; frozen: string },
): Promise<boolean> {
  await beginSettling(db, campaign, data.closedAt, true);
  return (await db.campaignState.updateMany({ where: { campaign, closedAt: null }, data })).count > 0;
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
  const rows = await db.settlement.findMany({ where: { campaign }, select: { contractId: true, announced: true } });
  return new Map(rows.map((row) => [row.contractId, row.announced]));
}

export async function addSettlements(
  db: Db,
  rows: { campaign: string; contractId: string; settledAt: Date; announced: boolean }[],
): Promise<void> {
  await saveRows(db, 'Settlement', ['campaign', 'contractId'], rows, { keep: ['settledAt', 'announced'] });
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
  await db.ledgerEntry.createMany({ data: entries });
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

/** How many contracts were signed on each day of a span. */
export async function contractDays(
  db: Database,
  { from, to }: { from: string; to: string },
): Promise<{ day: string; count: number }[]> {
  const rows = await db.contract.groupBy({
    by: ['signedDay'],
    where: { signedDay: { gte: from, lte: to } },
    _count: true,
    orderBy: { signedDay: 'asc' },
  });
  return rows.flatMap(({ signedDay, _count }) => (signedDay === null ? [] : [{ day: signedDay, count: _count }]));
}
