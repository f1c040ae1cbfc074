import { useState } from 'preact/hooks';
import type { SamplePerson } from '../api.ts';
import { Icon } from '../shared/Icon.tsx';
import { useLanguage } from '../shared/language.tsx';
import { Avatar, useRoleName } from '../shared/marks.tsx';
import { ApiError } from '../shared/request.ts';

interface PersonListProps {
  people: SamplePerson[];
  me?: string;
  onChoose: (person: string) => Promise<void>;
}

/** The sample persons, one of whom one may be. */
export function PersonList({ people, me, onChoose }: PersonListProps) {
  const { say } = useLanguage();
  const roleName = useRoleName();
  const [busy, setBusy] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const choose = async (id: string): Promise<void> => {
    if (busy) return;
    setBusy(id);
    setFailed(null);
    try {
      await onChoose(id);
    } catch (error) {
      const words = error instanceof ApiError ? error.message : '';
      setFailed(words || say('没有换成，请再试一次。', 'That did not work. Try again.'));
      setBusy(null);
    }
  };
  return (
    <>
      <ul class="people">
        {people.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              class="person"
              aria-current={person.id === me ? 'true' : undefined}
              aria-busy={person.id === busy || undefined}
              onClick={() => void choose(person.id)}
            >
              <Avatar name={person.name} />
              <span class="person-words">
                <span class="person-name">
                  {person.name}
                  <span class="role">{roleName(person.role)}</span>
                </span>
                <span class="person-note">{person.note}</span>
              </span>
              {person.id === me && <Icon name="check" />}
            </button>
          </li>
        ))}
      </ul>
      {failed && (
        <p class="form-error" role="alert">
          {failed}
        </p>
      )}
    </>
  );
}
