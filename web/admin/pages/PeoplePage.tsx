import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { Dialog } from '../../shared/Dialog.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { Avatar, useRoleName } from '../../shared/marks.tsx';
import { Field } from '../parts/Field.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { addressOf, Link } from '../route.tsx';
import { subjectWords } from '../subjectWords.ts';
import { useCommand } from '../useCommand.ts';
import type { PersonJson } from '../wire.ts';
import { ImportPeople } from './ImportPeople.tsx';

/** People: roles, accounts, whom they are upstream. */
export function PeoplePage() {
  const { say } = useLanguage();
  const roleName = useRoleName();
  const [wanted, setWanted] = useState('');
  const [importing, setImporting] = useState(false);
  const asked = useCommand<{ people: PersonJson[] }>('people.list', {}, ['audit']);
  const fits = (person: PersonJson) =>
    [person.name, person.id, person.city ?? '', ...person.accounts, ...person.subjects.map(({ id }) => id)].some(
      (text) => text.toLowerCase().includes(wanted.trim().toLowerCase()),
    );
  return (
    <Page
      title={say('人员', 'People')}
      actions={
        <>
          <Button onPress={() => setImporting(true)}>{say('导入 CSV', 'Import CSV')}</Button>
          <Link class="button main" to={addressOf(['people', '+'])}>
            {say('加人', 'Add')}
          </Link>
        </>
      }
    >
      <div class="filters">
        <Field
          type="search"
          label={say('找人', 'Find')}
          value={wanted}
          onInput={setWanted}
          placeholder={say('姓名、账号、工号', 'name, account, id')}
        />
      </div>
      <WhenThere
        asked={asked}
        empty={({ people }) => people.filter(fits).length === 0 && say('没有这样的人。', 'Nobody fits.')}
      >
        {({ people }) => (
          <table class="rows people-rows">
            <thead>
              <tr>
                <th>{say('姓名', 'Name')}</th>
                <th>{say('角色', 'Role')}</th>
                <th>{say('身份', 'Identity')}</th>
                <th>{say('账号', 'Accounts')}</th>
              </tr>
            </thead>
            <tbody>
              {people
                .filter(fits)
                .slice(0, 300)
                .map((person) => (
                  <tr key={person.id}>
                    <td class="what">
                      <span class="with-avatar">
                        <Avatar name={person.name} />
                        <span>
                          <Link to={addressOf(['people', person.id])}>{person.name}</Link>
                          <span class="soft">{[person.id, person.city].filter(Boolean).join(' · ')}</span>
                        </span>
                      </span>
                    </td>
                    <td>
                      <Tag tone={person.role === 'admin' ? 'info' : 'plain'}>{roleName(person.role)}</Tag>
                    </td>
                    <td class="soft">
                      {person.subjects.map(({ kind, id }) => `${subjectWords(kind, say)} ${id}`).join(' · ') || '—'}
                    </td>
                    <td class="soft mono clip">{person.accounts.join(' · ') || '—'}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </WhenThere>
      {importing && (
        <Dialog label={say('导入人员', 'Import people')} onClose={() => setImporting(false)}>
          <ImportPeople onDone={asked.reload} onClose={() => setImporting(false)} />
        </Dialog>
      )}
    </Page>
  );
}
