import { useState } from 'preact/hooks';
import { type ConsolePerson, type ConsoleSession, consoleApi } from '../api.ts';
import { PersonList } from '../gate/PersonList.tsx';
import { Button } from '../shared/Button.tsx';
import { Dialog } from '../shared/Dialog.tsx';
import { Icon } from '../shared/Icon.tsx';
import { useLanguage } from '../shared/language.tsx';
import { Avatar, useRoleName } from '../shared/marks.tsx';

export interface Identity {
  session: ConsoleSession;
  me: ConsolePerson;
  become: (person: string) => Promise<void>;
  refresh: () => Promise<void>;
}

/** Who I am, and who else I could be: the sample persons, or nobody. `small`: the disc alone. */
export function Me({ session, me, become, refresh, small = false }: Identity & { small?: boolean }) {
  const { say } = useLanguage();
  const roleName = useRoleName();
  const [open, setOpen] = useState(false);
  const title = session.people.length > 0 ? say('换一个人', 'Be somebody else') : say('账号', 'Account');
  const words = (
    <span class="person-words">
      <span class="person-name">{me.name}</span>
      <span class="person-note">{roleName(me.role)}</span>
    </span>
  );
  return (
    <>
      <button
        type="button"
        class={small ? 'button icon me-small' : 'person'}
        aria-label={say(
          `我是${me.name}，${roleName(me.role)}。${title}`,
          `I am ${me.name}, ${roleName(me.role)}. ${title}`,
        )}
        onClick={() => setOpen(true)}
      >
        <Avatar name={me.name} />
        {!small && words}
        {!small && <Icon name="swap" />}
      </button>
      {open && (
        <Dialog label={title} onClose={() => setOpen(false)}>
          <header class="dialog-head">
            <h2>{title}</h2>
            <Button kind="icon" label={say('关闭', 'Close')} onPress={() => setOpen(false)}>
              <Icon name="close" />
            </Button>
          </header>
          {session.people.length > 0 ? (
            <PersonList
              people={session.people}
              me={me.id}
              onChoose={async (person) => {
                if (person !== me.id) await become(person);
                setOpen(false);
              }}
            />
          ) : (
            <div class="person still">
              <Avatar name={me.name} />
              {words}
              <Button onPress={() => void consoleApi.signOut().then(refresh, refresh)}>
                {say('退出登录', 'Sign out')}
              </Button>
            </div>
          )}
        </Dialog>
      )}
    </>
  );
}
