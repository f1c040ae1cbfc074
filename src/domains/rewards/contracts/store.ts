import type { Context } from '../../../core/context.ts';
import type { Saved } from '../../../core/source.ts';
import type { Day } from '../../../core/time.ts';
import type { Database, Db } from '../../../store/db.ts';
import { Prisma } from '../../../store/generated/client.ts';
import { type Cell, readRows } from '../../../store/read-rows.ts';
import { saveRows } from '../../../store/save-rows.ts';
import type { Campaign } from '../campaign.ts';
import type { ContractChange } from '../cause.ts';
import type { ContractRow, DecidedContract } from '../model.ts';

/** Questions about stored contracts to the database. */

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

/** A stored contract as deciding and telling look at it; without a signing day it is of the day it was first seen. */
export type StoredContract = DecidedContract & {
  /** An instant as text. */
  firstSeenAt: string;
};

/** Columns of a stored contract, in the order in which they are read. */
const DECIDED = [
  'id',
  'number',
  'workOrder',
  'housekeeper',
  'housekeeperId',
  'provider',
  'sourceType',
  'amountFen',
  'projectAddress',
  'signedDay',
  'signedText',
  'performanceFen',
  'historicalNo',
  'conversion',
  'firstSeenAt',
] as const satisfies readonly (keyof StoredContract)[];

/** The contracts of a campaign, in order of first arrival: assigned to it, or of its city and signed in its period. */
export async function contractsOf(db: Database, campaign: Campaign): Promise<StoredContract[]> {
  const { key, provinces, from, to } = campaign;
  const assigned = Prisma.sql`"campaign" = ${key} AND "withdrawnAt" IS NULL`;
  const signed = Prisma.sql`"campaign" IS NULL AND "withdrawnAt" IS NULL
    AND "province" IN (${Prisma.join([...provinces])}) AND "signedDay" BETWEEN ${from} AND ${to}`;
  const where = campaign.take === 'assigned' ? assigned : Prisma.sql`(${assigned}) OR (${signed})`;
  const rows = await readRows(db, { table: 'Contract', columns: DECIDED, order: 'seq', where });
  return rows.map(contractFrom);
}

/** Written out, so that all have one shape: deciding them is faster. */
function contractFrom(row: readonly Cell[]): StoredContract {
  const [id, number, workOrder, housekeeper, housekeeperId, provider, sourceType, amountFen, projectAddress] = row;
  const [signedDay, signedText, performanceFen, historicalNo, conversion, firstSeenAt] = row.slice(9);
  const told = { id, number, workOrder, housekeeper, housekeeperId, provider, sourceType, amountFen, projectAddress };
  return { ...told, signedDay, signedText, performanceFen, historicalNo, conversion, firstSeenAt } as StoredContract;
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

/** A number that grows with every change of a contract that the campaign has, had or may have. */
export async function contractsVersion(db: Database, { key, provinces, from, to }: Campaign): Promise<number> {
  const { _sum } = await db.contractChanges.aggregate({
    _sum: { changes: true },
    where: {
      OR: [{ campaign: key }, { campaign: '', province: { in: [...provinces] }, day: { gte: from, lte: to } }],
    },
  });
  return _sum.changes ?? 0;
}

/** The number of the last correction of any contract. */
export async function lastRevision(db: Database): Promise<number> {
  return (await db.contractRevision.aggregate({ _max: { seq: true } }))._max.seq ?? 0;
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
export function feedName(sample: boolean): string {
  return sample ? 'rewards.contracts/sample' : 'rewards.contracts';
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
