import type { Change } from '../../core/command.ts';
import type { Database, Db } from '../../store/db.ts';

/** Questions about the audit to the database. It is only ever added to. */

/** Names of values that are never written down. */
const SECRET = /password|secret|token|^code$|^hash$/i;

export interface Audited extends Change {
  at: Date;
  asker: { personId: string | null; name: string };
  /** The command, or `sign-in`, `sign-in.refused`, `sign-out`. */
  action: string;
}

export async function addAudit(db: Db, { at, asker, action, subject, before, after }: Audited): Promise<void> {
  const data = { at, personId: asker.personId, name: asker.name, action, subject };
  await db.audit.create({ data: { ...data, before: json(before), after: json(after) } });
}

/** The newest first, before `seq`. */
export function listAudit(
  db: Database,
  { before, action, subject, limit }: { before?: number; action?: string; subject?: string; limit: number },
) {
  return db.audit.findMany({
    where: {
      ...(before !== undefined && { seq: { lt: before } }),
      ...(action !== undefined && { action: { startsWith: action } }),
      ...(subject !== undefined && { subject }),
    },
    orderBy: { seq: 'desc' },
    take: limit,
  });
}

function json(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return JSON.stringify(value, (name, inner: unknown) => (SECRET.test(name) && inner ? '[hidden]' : inner));
}
