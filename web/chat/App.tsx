import { useCallback, useEffect, useState } from 'preact/hooks';
import { type ConsoleSession, consoleApi } from '../api.ts';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import { ApiError } from '../shared/request.ts';
import { ChatPage } from './ChatPage.tsx';
import { Gate } from './Gate.tsx';
import { PersonList } from './PersonList.tsx';
import { SignIn } from './SignIn.tsx';

/** Between attempts to reach a server that does not answer, in ms. */
const RETRY = 5_000;

/** Who is here decides what is shown: the chat, the choice of a sample person, or the sign-in. */
export function App() {
  const { lang, say } = useLanguage();
  const [session, setSession] = useState<ConsoleSession | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [code, setCode] = useState(takeCode);

  const refresh = useCallback(async () => {
    try {
      setSession(await consoleApi.session());
      setFailed(null);
    } catch (error) {
      setFailed(error instanceof ApiError ? error.message : '');
    }
  }, []);

  // The hints and the lines to try come in the page's language, which goes with the request: asked for again with it.
  useEffect(() => void refresh(), [refresh, lang]);

  // A server that is just starting: asked again until it answers.
  useEffect(() => {
    if (session || failed === null) return;
    const timer = window.setInterval(() => void refresh(), RETRY);
    return () => window.clearInterval(timer);
  }, [session, failed, refresh]);

  // Another tab may have become somebody else, or signed out.
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void refresh();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [refresh]);

  const entered = useCallback(async () => {
    await refresh();
    setCode(null);
  }, [refresh]);

  const become = useCallback(
    async (person: string) => {
      await consoleApi.become(person);
      await refresh();
    },
    [refresh],
  );

  if (!session) {
    if (failed === null) return <main class="gate loading" aria-busy="true" aria-label={say('正在打开', 'Opening')} />;
    return (
      <Gate title={say('打不开', 'It did not open')}>
        <p class="gate-text">
          {failed ||
            say(
              '连不上服务器。请检查网络，再试一次。',
              'The server cannot be reached. Check the network and try again.',
            )}
        </p>
        <Button kind="main" onPress={() => void refresh()}>
          {say('再试一次', 'Try again')}
        </Button>
      </Gate>
    );
  }
  if (code !== null || (!session.me && session.people.length === 0)) {
    return <SignIn code={code} onDone={entered} />;
  }
  if (session.me) {
    return <ChatPage key={session.me.id} session={session} me={session.me} become={become} refresh={refresh} />;
  }
  return (
    <Gate title={say('你是谁？', 'Who are you?')} sample={session.sample}>
      <p class="gate-text">
        {say(
          '这是示例数据。选一个人开始，随时可以换。',
          'These are sample data. Choose a person to begin; you can change at any time.',
        )}
      </p>
      <PersonList people={session.people} onChoose={become} />
    </Gate>
  );
}

/** A sign-in link carries its code behind the #, where no server's log sees it. It leaves the address at once. */
function takeCode(): string | null {
  const code = /^#code=(.+)$/.exec(window.location.hash)?.[1];
  if (!code) return null;
  window.history.replaceState(null, '', window.location.pathname);
  return code;
}
