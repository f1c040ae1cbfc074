import type { TargetedInputEvent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { consoleApi } from '../api.ts';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import { ApiError } from '../shared/request.ts';
import { Gate } from './Gate.tsx';

/** Sign-in by a password, or by a one-time code; a code that came with the address is tried at once. */
export function SignIn({ code, onDone }: { code: string | null; onDone: () => Promise<void> }) {
  const { say } = useLanguage();
  const [by, setBy] = useState<'code' | 'password'>('code');
  const [value, setValue] = useState(code ?? '');
  const [person, setPerson] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);

  const submit = async (): Promise<void> => {
    const proof = by === 'code' ? value.trim() : value;
    if (busy || !proof) return;
    setBusy(true);
    setFailed(null);
    try {
      const named = person.trim();
      await consoleApi.signIn(by === 'code' ? { code: proof } : { password: proof, ...(named && { person: named }) });
      await onDone();
    } catch (error) {
      const words = error instanceof ApiError ? error.message : '';
      setFailed(words || say('连不上服务器，请稍后再试。', 'The server cannot be reached. Try again later.'));
    } finally {
      setBusy(false);
    }
  };

  // Once: a code that was refused is not tried again by itself.
  useEffect(() => {
    if (code) void submit();
  }, []);

  const field = {
    id: 'proof',
    value,
    spellcheck: false,
    'aria-invalid': failed !== null,
    'aria-describedby': 'proof-hint',
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => setValue(event.currentTarget.value),
  };
  return (
    <Gate title={say('登录', 'Sign in')}>
      <form
        class="sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {by === 'password' && (
          <>
            <label for="person">{say('姓名或编号', 'Name or id')}</label>
            <input
              id="person"
              type="text"
              autocomplete="username"
              autocapitalize="none"
              value={person}
              placeholder={say('空着：第一位管理员', 'empty: the first administrator')}
              onInput={(event) => setPerson(event.currentTarget.value)}
            />
          </>
        )}
        <label for="proof">{by === 'code' ? say('一次性登录码', 'One-time code') : say('密码', 'Password')}</label>
        {by === 'code' ? (
          <input key="code" type="text" autocomplete="one-time-code" autocapitalize="none" {...field} />
        ) : (
          <input key="password" type="password" autocomplete="current-password" {...field} />
        )}
        <p class={failed ? 'form-error' : 'form-hint'} id="proof-hint" role={failed ? 'alert' : undefined}>
          {failed ??
            (by === 'code'
              ? say('登录码由管理员给你，只能用一次。', 'An administrator gives you the code. It works once.')
              : say(
                  '第一位管理员用启动服务时设置的密码。',
                  'The first administrator has the password that was set for the server.',
                ))}
        </p>
        <Button kind="main" type="submit" busy={busy} disabled={!value.trim()}>
          {say('登录', 'Sign in')}
        </Button>
        <Button
          kind="quiet"
          onPress={() => {
            setBy(by === 'code' ? 'password' : 'code');
            setValue('');
            setFailed(null);
          }}
        >
          {by === 'code' ? say('用密码登录', 'Use a password') : say('用登录码登录', 'Use a code')}
        </Button>
      </form>
    </Gate>
  );
}
