import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { PersonName, ROLE_NAMES, ROLES, type Role, SUBJECT_NAMES, type SubjectKind } from '../../core/people.ts';
import { maskAddress } from '../../core/platform.ts';
import { openPeople, type Person } from './people.ts';
import * as store from './store.ts';

const CODE_HOURS = 24;
const Address = z
  .string()
  .trim()
  .max(200)
  .regex(/^[a-z-]+:.+$/, 'an address is SCHEME:REST, e.g. wecom-app:wang');
const none = { zh: [], en: [] };

/** A person as values; a robot's key is no account of a person, so addresses are shown whole. */
function personValue(person: Person) {
  return {
    id: person.id,
    name: person.name,
    role: person.role as Role,
    city: person.city,
    locale: person.locale,
    version: person.version,
    sample: person.sample,
    createdAt: person.createdAt.toISOString(),
    accounts: person.accounts.map(({ address }) => maskAddress(address)),
    subjects: person.subjects.map(({ kind, id }) => ({ kind, id })),
  };
}

async function personOf({ context, lang }: Ask, id: string): Promise<Person> {
  const person = await store.personById(context.db, id);
  if (!person) throw new AskerError(pick(lang, `没有 ${id} 这个人。`, `There is no person ${id}.`));
  return person;
}

/** Somebody has to be able to sign in to everything. */
async function keepAnAdministrator({ context, lang }: Ask, person: Person): Promise<void> {
  if (person.role === 'admin' && (await store.countAdmins(context.db)) < 2) {
    throw new AskerError(
      pick(
        lang,
        '这是唯一的管理员，先让另一个人当管理员。',
        'This is the only administrator; make somebody else one first.',
      ),
    );
  }
}

const list = command({
  name: 'people.list',
  summary: { zh: '人员：角色、账号、身份', en: 'People: roles, accounts, identities' },
  aliases: [{ words: '人员列表' }, { words: 'people' }],
  args: z.strictObject({}),
  examples: { zh: ['人员列表'], en: ['people'] },
  role: 'admin',
  audience: 'asker',
  async run({ lang, context }) {
    const people = await store.allPersons(context.db);
    const subjects = (one: Person) =>
      one.subjects.map(({ kind, id }) => `${SUBJECT_NAMES[kind as SubjectKind]?.[lang] ?? kind} ${id}`);
    return {
      title: pick(lang, `人员 ${people.length}`, `${people.length} people`),
      blocks: [
        {
          type: 'table',
          columns: [
            { label: pick(lang, '姓名', 'Name') },
            { label: pick(lang, '角色', 'Role') },
            { label: pick(lang, '身份', 'Identity') },
            { label: pick(lang, '账号', 'Accounts') },
          ],
          rows: people
            .slice(0, 100)
            .map((one) => [
              one.name,
              ROLE_NAMES[one.role as Role][lang],
              subjects(one).join(' '),
              one.accounts.map(({ address }) => maskAddress(address)).join(' '),
            ]),
        },
      ],
      data: { people: people.map(personValue) },
    };
  },
});

const save = command({
  name: 'people.save',
  summary: { zh: '新增或修改一个人', en: 'Adds or edits a person' },
  aliases: [],
  args: z.strictObject({
    id: z.string().optional().describe('Who; absent: somebody new'),
    version: z.int().optional().describe('The version that was edited, with id'),
    name: PersonName.describe('As people call them'),
    role: z.enum(ROLES).describe('What they may do'),
    city: z.string().trim().max(60).nullish().describe('Whose campaigns are meant by default'),
    locale: z.enum(['zh', 'en']).default('zh').describe('The language of their notices'),
  }),
  examples: none,
  role: 'admin',
  writes: true,
  async run(ask, { id, version, name, role, city, locale }) {
    const { lang, context } = ask;
    const people = openPeople(context.db, context.clock);
    if (!id) {
      const added = await people.add({ name, role, ...(city && { city }) });
      await ask.record({ subject: `person:${added.id}`, after: personValue(added) });
      return {
        title: pick(lang, `已新增 ${name}`, `${name} is added`),
        tone: 'good',
        data: { person: personValue(added) },
      };
    }
    const before = await personOf(ask, id);
    if (role !== 'admin') await keepAnAdministrator(ask, before);
    const saved = await context.db.$transaction(async (tx) => {
      if (!(await store.updatePerson(tx, id, version ?? -1, { name, role, city: city || null, locale }))) return false;
      const after = { name, role, city: city || null, locale };
      const { name: n, role: r, city: c, locale: l } = before;
      await ask.record({ subject: `person:${id}`, before: { name: n, role: r, city: c, locale: l }, after }, tx);
      return true;
    });
    if (!saved) {
      throw new AskerError(
        pick(
          lang,
          `${before.name} 刚被别人改过。看一下最新的内容，再改一次。`,
          `Somebody else has just edited ${before.name}. Look at what it is now, and edit again.`,
        ),
      );
    }
    return {
      title: pick(lang, `已保存 ${name}`, `${name} is saved`),
      tone: 'good',
      data: { person: personValue(await personOf(ask, id)) },
    };
  },
});

const remove = command({
  name: 'people.remove',
  summary: { zh: '移除一个人：账号、登录都失效', en: 'Removes a person, with accounts and sessions' },
  aliases: [],
  args: z.strictObject({ id: z.string().describe('Who') }),
  examples: none,
  role: 'admin',
  writes: true,
  async run(ask, { id }) {
    const person = await personOf(ask, id);
    await keepAnAdministrator(ask, person);
    await ask.context.db.$transaction(async (tx) => {
      await store.removePerson(tx, id);
      await ask.record({ subject: `person:${id}`, before: personValue(person) }, tx);
    });
    return { title: pick(ask.lang, `已移除 ${person.name}`, `${person.name} is removed`), tone: 'good' };
  },
});

const linkAccount = command({
  name: 'people.link',
  summary: { zh: '给人关联或解除一个账号', en: 'Links an account to a person, or takes it away' },
  aliases: [],
  args: z.strictObject({
    person: z.string().describe('Who, by id'),
    address: Address.describe('e.g. wecom-app:USERID, slack:U…, telegram:ID'),
    remove: z.boolean().default(false),
  }),
  examples: none,
  role: 'admin',
  writes: true,
  async run(ask, { person: id, address, remove: gone }) {
    const person = await personOf(ask, id);
    if (gone) {
      if (!person.accounts.some((one) => one.address === address))
        throw new AskerError(pick(ask.lang, '没有关联这个账号。', 'That account is not linked.'));
      await store.unlinkAccount(ask.context.db, address);
    } else await openPeople(ask.context.db, ask.context.clock).link(id, address);
    await ask.record({
      subject: `person:${id}`,
      ...(gone ? { before: { account: address } } : { after: { account: address } }),
    });
    return {
      title: gone ? pick(ask.lang, '已解除关联', 'No longer linked') : pick(ask.lang, '已关联', 'Linked'),
      tone: 'good',
    };
  },
});

const subject = command({
  name: 'people.subject',
  summary: {
    zh: '说明一个人在上游是谁：管家、司机、坐席',
    en: 'Says whom a person is upstream: housekeeper, driver, seat',
  },
  aliases: [],
  args: z.strictObject({
    person: z.string().describe('Who, by id'),
    kind: z.enum(['housekeeper', 'driver', 'seat']),
    id: z.string().trim().min(1).max(100).describe('Their id upstream'),
    remove: z.boolean().default(false),
  }),
  examples: none,
  role: 'admin',
  writes: true,
  async run(ask, { person: personId, kind, id, remove: gone }) {
    const person = await personOf(ask, personId);
    if (gone) {
      if (!person.subjects.some((one) => one.kind === kind && one.id === id))
        throw new AskerError(pick(ask.lang, '没有这个身份。', 'There is no such identity.'));
      await store.unlinkSubject(ask.context.db, kind, id);
    } else await openPeople(ask.context.db, ask.context.clock).subject(personId, kind, id);
    const value = { subject: `${kind}:${id}` };
    await ask.record({ subject: `person:${personId}`, ...(gone ? { before: value } : { after: value }) });
    return {
      title: gone ? pick(ask.lang, '已去掉身份', 'Identity removed') : pick(ask.lang, '已加上身份', 'Identity added'),
      tone: 'good',
    };
  },
});

const code = command({
  name: 'people.code',
  summary: {
    zh: '给人一个一次性码：登录网页，或在聊天里「绑定 码」',
    en: 'A one-time code: to sign in, or to say “link CODE” in a chat',
  },
  aliases: [],
  args: z.strictObject({ person: z.string().describe('For whom, by id') }),
  examples: none,
  role: 'admin',
  writes: true,
  audience: 'asker',
  async run(ask, { person: id }) {
    const { lang, context } = ask;
    const person = await personOf(ask, id);
    const people = openPeople(context.db, context.clock);
    await people.link(id, `console:@${id}`);
    const made = await people.code(id, CODE_HOURS);
    await ask.record({ subject: `person:${id}`, after: { invited: `${CODE_HOURS} h` } });
    return {
      title: pick(lang, `${person.name} 的一次性码：${made}`, `The code of ${person.name}: ${made}`),
      tone: 'good',
      blocks: [
        {
          type: 'text',
          text: pick(
            lang,
            `${CODE_HOURS} 小时内用一次。在聊天里发「绑定 ${made}」，或在网页上登录。`,
            `Once, within ${CODE_HOURS} hours: say “link ${made}” in the chat, or sign in on the page.`,
          ),
        },
      ],
      data: { code: made, hours: CODE_HOURS },
    };
  },
});

export const peopleCommands = [list, save, remove, linkAccount, subject, code];
