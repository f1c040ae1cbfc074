import type { SubjectKind } from '../../core/people.ts';
import type { Address } from '../../core/platform.ts';
import type { Database, Db } from '../../store/db.ts';

/** Questions about people to the database. */

const WITH_LINKS = { accounts: { orderBy: { linkedAt: 'asc' } }, subjects: true } as const;

export function personAt(db: Database, address: Address) {
  return db.person.findFirst({ where: { accounts: { some: { address } } }, include: WITH_LINKS });
}

export function personById(db: Database, id: string) {
  return db.person.findUnique({ where: { id }, include: WITH_LINKS });
}

export function personOfSubject(db: Database, kind: SubjectKind, id: string) {
  return db.person.findFirst({ where: { subjects: { some: { kind, id } } }, include: WITH_LINKS });
}

/** The language of persons (`person:ID`), of whom they are upstream (`housekeeper:ID`) and of addresses that are linked. */
export async function localesOf(db: Db, names: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let from = 0; from < names.length; from += 500) {
    const some = names.slice(from, from + 500);
    const split = some.map((name) => ({
      kind: name.slice(0, name.indexOf(':')),
      id: name.slice(name.indexOf(':') + 1),
    }));
    // By kind: SQLite takes no expression as deep as five hundred alternatives.
    const kinds = [...new Set(split.map(({ kind }) => kind))];
    const ofKind = (kind: string) => split.flatMap((one) => (one.kind === kind ? [one.id] : []));
    const persons = await db.person.findMany({
      where: {
        OR: [
          { id: { in: split.flatMap(({ kind, id }) => (kind === 'person' ? [id] : [])) } },
          { subjects: { some: { OR: kinds.map((kind) => ({ kind, id: { in: ofKind(kind) } })) } } },
          { accounts: { some: { address: { in: some } } } },
        ],
      },
      include: WITH_LINKS,
    });
    for (const { id, locale, subjects, accounts } of persons) {
      found.set(`person:${id}`, locale);
      for (const subject of subjects) found.set(`${subject.kind}:${subject.id}`, locale);
      for (const { address } of accounts) found.set(address, locale);
    }
  }
  return found;
}

export function personsNamed(db: Database, name: string) {
  return db.person.findMany({ where: { name }, include: WITH_LINKS });
}

export function allPersons(db: Database) {
  return db.person.findMany({ include: WITH_LINKS, orderBy: [{ sample: 'asc' }, { createdAt: 'asc' }, { id: 'asc' }] });
}

export type PersonWithLinks = NonNullable<Awaited<ReturnType<typeof personById>>>;

export async function createPerson(
  db: Database,
  person: { id: string; name: string; role: string; city: string | null; sample: boolean; createdAt: Date },
): Promise<void> {
  await db.person.create({ data: person });
}

/** Saves an edit, if nobody else has saved one since `version`. */
export async function updatePerson(
  db: Db,
  id: string,
  version: number,
  data: { name: string; role: string; city: string | null; locale: string },
): Promise<boolean> {
  const { count } = await db.person.updateMany({
    where: { id, version },
    data: { ...data, version: { increment: 1 } },
  });
  return count === 1;
}

export async function removePerson(db: Db, id: string): Promise<void> {
  await db.person.delete({ where: { id } });
}

export function countAdmins(db: Db): Promise<number> {
  return db.person.count({ where: { role: 'admin' } });
}

export async function unlinkAccount(db: Db, address: Address): Promise<void> {
  await db.account.deleteMany({ where: { address } });
}

export async function unlinkSubject(db: Db, kind: SubjectKind, id: string): Promise<void> {
  await db.subject.deleteMany({ where: { kind, id } });
}

/** Links an account, and queues the letters that waited for an address of this person. */
export async function linkAccount(db: Database, person: PersonWithLinks, address: Address, at: Date): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.account.upsert({
      where: { address },
      create: { address, personId: person.id, linkedAt: at },
      update: {},
    });
    await releaseHeld(tx, [`person:${person.id}`, ...person.subjects.map(({ kind, id }) => `${kind}:${id}`)]);
  });
}

/** Says whom a person is upstream, and queues the letters that waited for it. */
export async function linkSubject(db: Database, personId: string, kind: SubjectKind, id: string, at: Date) {
  await db.$transaction(async (tx) => {
    await tx.subject.upsert({
      where: { kind_id: { kind, id } },
      create: { kind, id, personId, linkedAt: at },
      update: {},
    });
    await releaseHeld(tx, [`${kind}:${id}`]);
  });
}

async function releaseHeld(tx: Db, targets: string[]): Promise<void> {
  await tx.letter.updateMany({
    where: { state: 'held', to: { in: targets } },
    data: { state: 'queued', reason: null },
  });
}

export async function saveCode(
  db: Database,
  code: { hash: string; purpose: string; personId: string; expiresAt: Date },
): Promise<void> {
  await db.code.create({ data: code });
}

/** Uses a code up, in one statement, so that two at once cannot both use it. Whose it was, or null. */
export async function useCode(db: Database, hash: string, now: Date) {
  const used = await db.code.updateMany({
    where: { hash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (used.count === 0) return null;
  const row = await db.code.findUnique({ where: { hash } });
  return row && personById(db, row.personId);
}

export async function saveSession(
  db: Database,
  session: { hash: string; personId: string; createdAt: Date; expiresAt: Date; agent: string | null; ip: string },
) {
  await db.session.create({ data: { ...session, seenAt: session.createdAt } });
}

/** Whose session it is, if it has not run out; that it was used is noted, to the minute. */
export async function sessionPerson(db: Database, hash: string, now: Date) {
  const session = await db.session.findUnique({ where: { hash } });
  if (!session || session.expiresAt <= now) return null;
  if (!session.seenAt || now.getTime() - session.seenAt.getTime() > 60_000) {
    await db.session.updateMany({ where: { hash }, data: { seenAt: now } });
  }
  return personById(db, session.personId);
}

/** Sessions that have not run out, of one person or of all, the last used first. */
export function liveSessions(db: Database, now: Date, personId?: string) {
  return db.session.findMany({
    where: { expiresAt: { gt: now }, ...(personId !== undefined && { personId }) },
    include: { person: { select: { id: true, name: true, role: true } } },
    orderBy: { seenAt: 'desc' },
  });
}

/** Ends all sessions of a person but one. Returns how many. */
export async function endSessionsOf(db: Db, personId: string, but?: string): Promise<number> {
  return (await db.session.deleteMany({ where: { personId, ...(but && { NOT: { hash: but } }) } })).count;
}

export async function passwordOf(db: Database, personId: string): Promise<string | null> {
  return (await db.password.findUnique({ where: { personId } }))?.hash ?? null;
}

export async function savePassword(db: Db, personId: string, hash: string, changedAt: Date): Promise<void> {
  const data = { hash, changedAt };
  await db.password.upsert({ where: { personId }, create: { personId, ...data }, update: data });
}

export async function hasSession(db: Database, personId: string, now: Date): Promise<boolean> {
  return (await db.session.count({ where: { personId, expiresAt: { gt: now } } })) > 0;
}

export async function endSession(db: Database, hash: string): Promise<void> {
  await db.session.deleteMany({ where: { hash } });
}

export async function countPersons(db: Database): Promise<number> {
  return db.person.count({ where: { sample: false } });
}

export async function removeSamplePersons(db: Database): Promise<void> {
  await db.person.deleteMany({ where: { sample: true } });
}
