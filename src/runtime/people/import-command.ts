import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError, messageOf, RowError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { PersonName, ROLE_NAMES, ROLES, type Role, SUBJECT_NAMES, type SubjectKind } from '../../core/people.ts';
import type { RawRow } from '../../core/source.ts';
import { csvPages } from '../../sources/csv.ts';
import { openPeople, type Person } from './people.ts';
import * as store from './store.ts';

const MOST = 1_000_000;

/** Headings that are understood, in either language. */
const COLUMNS: Record<string, readonly string[]> = {
  id: ['id', '编号', '工号'],
  name: ['name', '姓名', '名字'],
  role: ['role', '角色'],
  city: ['city', '城市'],
  account: ['account', 'accounts', '账号'],
  subject: ['subject', 'subjects', '身份'],
};

/** `people.import`: people from a CSV; a bad row is named with its line, the good ones are taken; twice changes nothing. */
export const peopleImport = command({
  name: 'people.import',
  summary: { zh: '从 CSV 导入人员', en: 'Imports people from a CSV' },
  aliases: [],
  args: z.strictObject({
    csv: z
      .string()
      .min(1)
      .max(MOST)
      .describe(
        'With the heading id,name,role,city,account,subject; or in Chinese. Several accounts are parted by blanks',
      ),
    dry: z.boolean().default(false).describe('Only say what would be done'),
  }),
  examples: { zh: [], en: [] },
  role: 'admin',
  writes: true,
  async run(ask, { csv, dry }) {
    const { lang } = ask;
    const bad: { line: number; reason: string }[] = [];
    const counts = { added: 0, changed: 0, unchanged: 0 };
    async function* lines() {
      yield csv.split(/\r\n?|\n/);
    }
    for await (const page of csvPages(lines())) {
      bad.push(...(page.bad ?? []));
      for (const row of page.rows) {
        try {
          counts[await takeRow(ask, row, dry)]++;
        } catch (error) {
          if (!(error instanceof AskerError) && !(error instanceof RowError)) throw error;
          bad.push({ line: row.line, reason: messageOf(error) });
        }
      }
    }
    bad.sort((a, b) => a.line - b.line);
    const { added, changed, unchanged } = counts;
    if (!dry) await ask.record({ subject: 'people.import', after: { added, changed, unchanged, bad: bad.length } });
    return {
      title: pick(
        lang,
        `${dry ? '试读：' : ''}新增 ${added}，修改 ${changed}，不变 ${unchanged}，错误 ${bad.length} 行`,
        `${dry ? 'Would be: ' : ''}${added} added, ${changed} changed, ${unchanged} unchanged, ${bad.length} bad rows`,
      ),
      tone: bad.length > 0 ? 'warn' : 'good',
      blocks:
        bad.length === 0
          ? []
          : [
              {
                type: 'table',
                columns: [{ label: pick(lang, '行', 'Line'), align: 'right' }, { label: pick(lang, '原因', 'Reason') }],
                rows: bad.slice(0, 100).map((one) => [String(one.line), one.reason]),
              },
            ],
      data: { ...counts, bad: bad.slice(0, 1000) },
    };
  },
});

interface Row {
  id: string;
  name: string;
  role: Role;
  city: string | null;
  accounts: string[];
  subjects: { kind: SubjectKind; id: string }[];
}

async function takeRow({ context }: Ask, raw: RawRow, dry: boolean): Promise<'added' | 'changed' | 'unchanged'> {
  const row = readRow(raw);
  const { db } = context;
  const people = openPeople(db, context.clock);
  const known = row.id ? await store.personById(db, row.id) : await namesake(db, row.name);
  await checkFree(db, row, known);
  const what = !known ? 'added' : isSame(known, row) ? 'unchanged' : 'changed';
  if (dry || what === 'unchanged') return what;
  const { name, role, city } = row;
  const person = known ?? (await people.add({ name, role, ...(city && { city }), ...(row.id && { id: row.id }) }));
  if (known)
    await store.updatePerson(db, known.id, known.version, {
      name,
      role,
      city: city ?? known.city,
      locale: known.locale,
    });
  for (const account of row.accounts) await people.link(person.id, account);
  for (const one of row.subjects) await people.subject(person.id, one.kind, one.id);
  return what;
}

function readRow({ values }: RawRow): Row {
  const of = (column: string): string => {
    const names = COLUMNS[column] ?? [];
    const found = Object.entries(values).find(([heading]) => names.includes(heading.trim().toLowerCase()));
    return String(found?.[1] ?? '').trim();
  };
  const { data: name } = PersonName.safeParse(of('name'));
  if (!name) throw new RowError('姓名要有 1 到 60 个字 (a name has 1 to 60 characters)');
  const said = of('role').toLowerCase() || 'staff';
  const role = ROLES.find((one) => one === said || ROLE_NAMES[one].zh === said || ROLE_NAMES[one].en === said);
  if (!role) throw new RowError(`角色「${said}」不认识，可以是 ${ROLES.join('、')} (no such role)`);
  const parts = (text: string) => text.split(/[\s;；]+/).filter(Boolean);
  const accounts = parts(of('account'));
  const odd = accounts.find((one) => !/^[a-z-]+:.+$/.test(one));
  if (odd) throw new RowError(`账号「${odd}」要写成 wecom-app:USERID 这样 (an address is SCHEME:REST)`);
  const subjects = parts(of('subject')).map((text) => {
    const [, kind, id] = /^([a-z]+|\p{Script=Han}+)[:：](.+)$/u.exec(text) ?? [];
    const known = (Object.keys(SUBJECT_NAMES) as SubjectKind[]).find(
      (one) => one === kind || SUBJECT_NAMES[one].zh === kind,
    );
    if (!known || !id) throw new RowError(`身份「${text}」要写成 driver:D-1023 这样 (a subject is KIND:ID)`);
    return { kind: known, id };
  });
  return { id: of('id'), name, role, city: of('city') || null, accounts, subjects };
}

async function namesake(db: Parameters<typeof store.personsNamed>[0], name: string): Promise<Person | null> {
  const named = await store.personsNamed(db, name);
  if (named.length > 1) throw new RowError(`有 ${named.length} 个人叫「${name}」，请写编号 (write the id: namesakes)`);
  return named[0] ?? null;
}

/** Said before anything is written, so that a bad row changes nothing. */
async function checkFree(db: Parameters<typeof store.personsNamed>[0], row: Row, known: Person | null): Promise<void> {
  for (const account of row.accounts) {
    const other = await store.personAt(db, account);
    if (other && other.id !== known?.id)
      throw new RowError(`账号 ${account} 已是 ${other.name} 的 (is linked already)`);
  }
  for (const { kind, id } of row.subjects) {
    const other = await store.personOfSubject(db, kind, id);
    if (other && other.id !== known?.id) throw new RowError(`${kind}:${id} 已是 ${other.name} (is somebody already)`);
  }
}

function isSame(known: Person, row: Row): boolean {
  return (
    known.name === row.name &&
    known.role === row.role &&
    (row.city === null || known.city === row.city) &&
    row.accounts.every((account) => known.accounts.some(({ address }) => address === account)) &&
    row.subjects.every(({ kind, id }) => known.subjects.some((one) => one.kind === kind && one.id === id))
  );
}
