import { useState } from 'preact/hooks';
import type { ConsolePerson } from '../../api.ts';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { PasswordField } from '../parts/Field.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { SessionJson } from '../wire.ts';

/** One's own password, and who is signed in where. */
export function AccountPage({ me }: { me: ConsolePerson }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const when = useWhen();
  const asked = useCommand<{ sessions: SessionJson[] }>('sessions.list', { all: true }, ['audit']);
  return (
    <Page title={say('账号与登录', 'Account and sessions')}>
      <div class="two">
        <section class="card">
          <h2>{say(`${me.name} 的密码`, `Password of ${me.name}`)}</h2>
          <PasswordForm onDone={asked.reload} />
        </section>
        <section class="card">
          <h2>{say('登录中的设备', 'Signed in')}</h2>
          <WhenThere
            asked={asked}
            empty={({ sessions }) => sessions.length === 0 && say('没有人登录。', 'Nobody is signed in.')}
          >
            {({ sessions }) => (
              <ul class="plain-list sessions">
                {sessions.map((one) => (
                  <li key={one.id}>
                    <span class="grow">
                      <b>{one.person.name}</b> {one.current && <Tag tone="good">{say('这里', 'here')}</Tag>}
                      <span class="soft block">{`${say('最近', 'last')} ${when(one.seenAt)} · ${one.ip ?? ''} · ${deviceOf(one.agent)}`}</span>
                    </span>
                    {!one.current && (
                      <Confirm
                        kind="quiet"
                        words={say('结束', 'End')}
                        question={say(
                          `结束 ${one.person.name} 的这处登录？`,
                          `End this session of ${one.person.name}?`,
                        )}
                        onDo={() => run(() => ask('sessions.end', { id: one.id })).then(asked.reload)}
                      />
                    )}
                  </li>
                ))}
              </ul>
            )}
          </WhenThere>
        </section>
      </div>
    </Page>
  );
}

function PasswordForm({ onDone }: { onDone: () => Promise<void> }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const ok = await run(() => ask('people.password', { password, ...(current && { current }) }));
    setBusy(false);
    if (!ok) return;
    setCurrent('');
    setPassword('');
    await onDone();
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void save();
      }}
    >
      <PasswordField
        label={say('现在的密码', 'Present password')}
        value={current}
        onInput={setCurrent}
        autocomplete="current-password"
        hint={say('还没设过就空着', 'empty where there is none yet')}
      />
      <PasswordField
        label={say('新密码', 'New password')}
        value={password}
        onInput={setPassword}
        autocomplete="new-password"
        required
        hint={say('至少 10 个字符；其他登录会结束', 'at least 10 characters; other sessions end')}
      />
      <div class="form-foot">
        <Button kind="main" type="submit" busy={busy}>
          {say('设置密码', 'Set password')}
        </Button>
      </div>
    </form>
  );
}

/** Chrome · Windows, from what a browser says of itself. */
function deviceOf(agent: string | null): string {
  if (!agent) return '';
  const browser = /Edg/.test(agent)
    ? 'Edge'
    : /Firefox/.test(agent)
      ? 'Firefox'
      : /Chrome/.test(agent)
        ? 'Chrome'
        : /Safari/.test(agent)
          ? 'Safari'
          : agent.slice(0, 20);
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(agent)?.[0] ?? '';
  return [browser, system].filter(Boolean).join(' · ');
}
