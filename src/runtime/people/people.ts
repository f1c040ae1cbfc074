import { createHash, randomBytes, randomInt } from 'node:crypto';
import { AskerError } from '../../core/errors.ts';
import type { Lang } from '../../core/message.ts';
import { type Asker, PersonName, type Role, type SubjectKind } from '../../core/people.ts';
import { type Address, schemeOf } from '../../core/platform.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import * as store from './store.ts';

export type Person = store.PersonWithLinks;

/** Who people are: their roles, the accounts they write from, and whom they are in the systems upstream. */
export interface People {
  /** Who writes from an address; somebody unknown is a guest. */
  askerAt(address: Address, name?: string): Promise<Asker>;
  byId(id: string): Promise<Person | null>;
  /** By id, or by a name that one person alone has. @throws AskerError */
  find(idOrName: string): Promise<Person>;
  list(): Promise<Person[]>;
  add(person: { name: string; role: Role; id?: string; city?: string; sample?: boolean }): Promise<Person>;
  /** Links a platform account; what was held for the person is queued again. @throws AskerError if it is another's */
  link(personId: string, address: Address): Promise<void>;
  subject(personId: string, kind: SubjectKind, id: string): Promise<void>;
  /** Where a private notice to a person goes; null while nothing is linked. */
  addressOf(target: { personId: string } | { kind: SubjectKind; id: string }): Promise<Address | null>;
  /** The first administrator, who signs in with the password of the settings or the link of the first start. */
  administrator(): Promise<Person>;
  /** A one-time code that says who one is, valid for `hours`: to sign in with, or to link a chat account by. */
  code(personId: string, hours: number): Promise<string>;
  /** Uses a code up. Null where it is wrong, used or too old. */
  redeem(code: string): Promise<Person | null>;
}

/** The id of the first administrator. */
const ADMINISTRATOR = 'admin';

/** Platforms that a private notice prefers, best first; the console is the last resort. */
const PREFERRED = ['wecom-app', 'wecom-bot', 'slack', 'telegram', 'console'];

/** A person as one who asks. */
export function askerOf(person: Person, from: Address | null = null): Asker {
  return {
    personId: person.id,
    name: person.name,
    role: person.role as Role,
    city: person.city ?? undefined,
    lang: person.locale as Lang,
    subjects: person.subjects.map(({ kind, id }) => ({ kind: kind as SubjectKind, id })),
    from,
  };
}

/** The operator at the machine itself: `fieldbell chat` without `--as`. */
export const LOCAL_OPERATOR: Asker = {
  personId: null,
  name: 'operator',
  role: 'admin',
  lang: 'zh',
  subjects: [],
  from: null,
};

export function openPeople(db: Database, clock: Clock): People {
  async function required(id: string): Promise<Person> {
    const person = await store.personById(db, id);
    if (!person) throw new AskerError(`no such person: ${id}. See: fieldbell people list`);
    return person;
  }

  const people: People = {
    async askerAt(address, name = '') {
      const person = await store.personAt(db, address);
      return person
        ? askerOf(person, address)
        : { personId: null, name, role: 'guest', lang: 'zh', subjects: [], from: address };
    },
    byId: (id) => store.personById(db, id),
    async find(idOrName) {
      const one = await store.personById(db, idOrName);
      if (one) return one;
      const named = await store.personsNamed(db, idOrName);
      if (named.length === 1 && named[0]) return named[0];
      throw new AskerError(
        named.length === 0
          ? `no such person: ${idOrName}. See: fieldbell people list`
          : `${named.length} people are called ${idOrName}; use an id: ${named.map((person) => person.id).join(', ')}`,
      );
    },
    list: () => store.allPersons(db),
    async add({ name, role, id = `p-${randomBytes(4).toString('hex')}`, city, sample = false }) {
      const named = PersonName.safeParse(name);
      if (!named.success) throw new AskerError('a name has 1 to 60 characters that can be seen');
      if (await store.personById(db, id)) throw new AskerError(`there is a person ${id} already`);
      await store.createPerson(db, { id, name: named.data, role, city: city ?? null, sample, createdAt: clock.now() });
      return required(id);
    },
    async link(personId, address) {
      const person = await required(personId);
      const known = await store.personAt(db, address);
      if (known && known.id !== personId) {
        throw new AskerError(`${address} is linked to ${known.name} (${known.id}) already`);
      }
      await store.linkAccount(db, person, address, clock.now());
    },
    async subject(personId, kind, id) {
      await required(personId);
      const known = await store.personOfSubject(db, kind, id);
      if (known && known.id !== personId) {
        throw new AskerError(`${kind}:${id} is ${known.name} (${known.id}) already`);
      }
      await store.linkSubject(db, personId, kind, id, clock.now());
    },
    async addressOf(target) {
      const person =
        'personId' in target
          ? await store.personById(db, target.personId)
          : await store.personOfSubject(db, target.kind, target.id);
      const ranked = (person?.accounts ?? []).toSorted((a, b) => rank(a.address) - rank(b.address));
      return ranked[0]?.address ?? null;
    },
    async administrator() {
      if (!(await store.personById(db, ADMINISTRATOR))) {
        await people.add({ id: ADMINISTRATOR, name: '管理员', role: 'admin' });
        await people.link(ADMINISTRATOR, `console:@${ADMINISTRATOR}`);
      }
      return required(ADMINISTRATOR);
    },
    async code(personId, hours) {
      await required(personId);
      const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
      const code = Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('');
      const expiresAt = new Date(clock.now().getTime() + hours * 3_600_000);
      await store.saveCode(db, { hash: hashOf(code), purpose: 'person', personId, expiresAt });
      return code;
    },
    redeem: (code) => store.useCode(db, hashOf(code.trim().toUpperCase()), clock.now()),
  };
  return people;
}

/** Codes and cookies are kept as hashes: who reads the database cannot use them. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function rank(address: Address): number {
  const at = PREFERRED.indexOf(schemeOf(address));
  return at < 0 ? PREFERRED.length : at;
}
