import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { SUBJECT_KINDS, subjectWords } from '../subjectWords.ts';
import type { PersonJson, SubjectKind } from '../wire.ts';
import { Confirm } from './Confirm.tsx';
import { Choice, Field } from './Field.tsx';
import { useNotices } from './Notices.tsx';

/** The accounts and identities of a person, to be added to and taken away from. */
export function PersonLinks({ person, onDone }: { person: PersonJson; onDone: () => Promise<void> }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const [address, setAddress] = useState('');
  const [kind, setKind] = useState<SubjectKind>('driver');
  const [subject, setSubject] = useState('');
  const kinds = SUBJECT_KINDS.map((value) => ({ value, words: subjectWords(value, say) }));
  const act = async (command: string, args: object): Promise<boolean> => {
    const done = await run(() => ask(command, { person: person.id, ...args }));
    await onDone();
    return done;
  };
  return (
    <div class="form">
      <h2>{say('账号', 'Accounts')}</h2>
      <ul class="plain-list">
        {person.accounts.map((one) => (
          <li key={one}>
            <span class="grow mono clip">{one}</span>
            <Confirm
              kind="quiet"
              words={say('解除', 'Unlink')}
              question={say(
                `解除 ${one}？私人通知不再发到那里。`,
                `Unlink ${one}? Private notices no longer go there.`,
              )}
              onDo={() => act('people.link', { address: one, remove: true })}
            />
          </li>
        ))}
        {person.accounts.length === 0 && (
          <li class="soft">{say('还没有账号，私人通知会暂存', 'None yet; private notices are held')}</li>
        )}
      </ul>
      <form
        class="form-line"
        onSubmit={(event) => {
          event.preventDefault();
          void act('people.link', { address: address.trim() }).then((ok) => ok && setAddress(''));
        }}
      >
        <Field
          label={say('加账号', 'Add an account')}
          required
          value={address}
          onInput={setAddress}
          placeholder="wecom-app:USERID"
        />
        <Button type="submit">{say('关联', 'Link')}</Button>
      </form>
      <h2>{say('身份', 'Identities')}</h2>
      <ul class="plain-list">
        {person.subjects.map((one) => (
          <li key={`${one.kind}:${one.id}`}>
            <span class="grow">{`${kinds.find(({ value }) => value === one.kind)?.words ?? one.kind} ${one.id}`}</span>
            <Confirm
              kind="quiet"
              words={say('去掉', 'Remove')}
              question={say('去掉这个身份？', 'Remove this identity?')}
              onDo={() => act('people.subject', { ...one, remove: true })}
            />
          </li>
        ))}
        {person.subjects.length === 0 && <li class="soft">{say('还没有身份', 'None yet')}</li>}
      </ul>
      <form
        class="form-line"
        onSubmit={(event) => {
          event.preventDefault();
          void act('people.subject', { kind, id: subject.trim() }).then((ok) => ok && setSubject(''));
        }}
      >
        <Choice label={say('是', 'Is')} value={kind} options={kinds} onChange={setKind} />
        <Field
          label={say('上游编号', 'Id upstream')}
          required
          value={subject}
          onInput={setSubject}
          placeholder="D-1023"
        />
        <Button type="submit">{say('加上', 'Add')}</Button>
      </form>
    </div>
  );
}
