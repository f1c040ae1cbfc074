import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { ROLES, type Role, type SubjectKind } from '../core/people.ts';
import { UsageError } from './errors.ts';
import { note, print, printJson, withApp } from './with-app.ts';

const SUBJECT = /^(housekeeper|driver|seat):(.+)$/;
const CODE_HOURS = 24;

/** `fieldbell people …`: who people are, and where they can be reached. */
export function peopleCommands(program: Command, config: () => Config): void {
  const people = program.command('people').description('people, their accounts and whom they are upstream');

  people
    .command('list')
    .option('--json', 'one JSON line per person')
    .action((options: { json?: boolean }) =>
      withApp(config(), async (app) => {
        for (const person of await app.people.list()) {
          const accounts = person.accounts.map((account) => account.address);
          const subjects = person.subjects.map(({ kind, id }) => `${kind}:${id}`);
          const { id, name, role, sample } = person;
          if (options.json) printJson({ id, name, role, sample, accounts, subjects });
          else print([id, name, role, ...subjects, ...accounts, ...(sample ? ['(sample)'] : [])].join('  '));
        }
      }),
    );

  people
    .command('add')
    .argument('<name>')
    .addOption(new Option('--role <role>').choices(ROLES).default('staff'))
    .option('--id <id>', 'an id of your own')
    .option('--city <city>', 'whose campaigns are meant by default')
    .action((name: string, options: { role: Role; id?: string; city?: string }) =>
      withApp(config(), async (app) => print((await app.people.add({ name, ...options })).id)),
    );

  people
    .command('link')
    .description('link a platform account: wecom-app:USERID, slack:U…, telegram:ID, console:@ID')
    .argument('<person>', 'id or name')
    .argument('<address>')
    .action((name: string, address: string) =>
      withApp(config(), async (app) => {
        if (!/^[a-z-]+:.+/.test(address)) throw new UsageError(`${address}: an address is SCHEME:REST`);
        const person = await app.people.find(name);
        await app.people.link(person.id, address);
        print(`${person.id}  ${address}`);
      }),
    );

  people
    .command('subject')
    .description('say whom a person is upstream')
    .argument('<person>', 'id or name')
    .argument('<subject>', 'housekeeper:ID, driver:ID or seat:ID')
    .action((name: string, subject: string) =>
      withApp(config(), async (app) => {
        const [, kind, id] = SUBJECT.exec(subject) ?? [];
        if (!kind || !id) throw new UsageError(`${subject}: must be housekeeper:ID, driver:ID or seat:ID`);
        const person = await app.people.find(name);
        await app.people.subject(person.id, kind as SubjectKind, id);
        print(`${person.id}  ${subject}`);
      }),
    );

  people
    .command('code')
    .description(
      `make a one-time code, valid for ${CODE_HOURS} h: to sign in to the web page, or to send in a chat as: link CODE`,
    )
    .argument('<person>', 'id or name')
    .action((name: string) =>
      withApp(config(), async (app) => {
        const person = await app.people.find(name);
        await app.people.link(person.id, `console:@${person.id}`);
        print(await app.people.code(person.id, CODE_HOURS));
        note(`for ${person.name} (${person.id}), to be used once within ${CODE_HOURS} h`);
      }),
    );
}
