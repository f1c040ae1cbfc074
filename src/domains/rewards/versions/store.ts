import type { Db } from '../../../store/db.ts';

/** Questions about the editions of campaign documents to the database. */

/** Newest first. */
export function versionsOf(db: Db, document?: string) {
  return db.campaignVersion.findMany({ where: document === undefined ? {} : { document }, orderBy: { id: 'desc' } });
}

export function versionNamed(db: Db, document: string, version: number) {
  return db.campaignVersion.findUnique({ where: { document_version: { document, version } } });
}

export async function addVersion(
  db: Db,
  row: { document: string; version: number; text: string; note: string | null; createdAt: Date; createdBy: string },
): Promise<void> {
  await db.campaignVersion.create({ data: row });
}

/** That somebody looked at what an edition would change, against the rule that held then. */
export async function markSeen(
  db: Db,
  id: number,
  data: { seenAt: Date; seenBy: string; seenBase: string },
): Promise<void> {
  await db.campaignVersion.update({ where: { id }, data });
}

/** Newest first. */
export function publicationsOf(db: Db, document?: string) {
  return db.campaignPublication.findMany({
    where: document === undefined ? {} : { document },
    orderBy: { id: 'desc' },
  });
}

export async function addPublication(
  db: Db,
  row: { document: string; version: number; at: Date; by: string },
): Promise<void> {
  await db.campaignPublication.create({ data: row });
}

/** What holds of each document that was ever published: version 0, without a text, is the file. */
export async function published(db: Db): Promise<Map<string, { version: number; text: string | null }>> {
  const latest = new Map<string, number>();
  for (const { document, version } of await publicationsOf(db)) {
    if (!latest.has(document)) latest.set(document, version);
  }
  const rows = await db.campaignVersion.findMany({
    where: { OR: [...latest].map(([document, version]) => ({ document, version })) },
  });
  return new Map(
    [...latest].map(([document, version]) => {
      const row = rows.find((one) => one.document === document && one.version === version);
      return [document, { version, text: row?.text ?? null }];
    }),
  );
}

/** Campaigns for which something was booked. */
export async function bookedCampaigns(db: Db): Promise<Set<string>> {
  const rows = await db.ledgerEntry.findMany({ distinct: ['campaign'], select: { campaign: true } });
  return new Set(rows.map(({ campaign }) => campaign));
}
