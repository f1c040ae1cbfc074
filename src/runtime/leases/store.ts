import type { Database } from '../../store/db.ts';

/** Takes, or renews, a lease in one statement: two processes that ask at once cannot both be told that it is theirs. */
export async function takeLease(
  db: Database,
  lease: { name: string; holder: string; now: Date; expiresAt: Date },
): Promise<number | null> {
  const { name, holder, now, expiresAt } = lease;
  const rows = await db.$queryRaw<{ token: bigint | number }[]>`
    INSERT INTO "Lease" ("name", "holder", "token", "expiresAt") VALUES (${name}, ${holder}, 1, ${expiresAt})
    ON CONFLICT ("name") DO UPDATE SET
      "token" = "token" + ("holder" <> excluded."holder"), "holder" = excluded."holder", "expiresAt" = excluded."expiresAt"
    WHERE "holder" = excluded."holder" OR "expiresAt" <= ${now}
    RETURNING "token"`;
  return rows[0] ? Number(rows[0].token) : null;
}

/** @param now only a lease that has not run out by then counts; default: any */
export async function holderOf(db: Database, name: string, now = new Date(0)): Promise<string | undefined> {
  return (await db.lease.findFirst({ where: { name, expiresAt: { gt: now } } }))?.holder;
}

/** The row stays, so that the token goes on growing. */
export async function giveUpLease(db: Database, name: string, holder: string): Promise<void> {
  await db.lease.updateMany({ where: { name, holder }, data: { holder: '', expiresAt: new Date(0) } });
}
