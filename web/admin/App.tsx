import { Gate } from '../chat/Gate.tsx';
import { PersonList } from '../chat/PersonList.tsx';
import { SignIn } from '../chat/SignIn.tsx';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import { useSession } from '../shared/useSession.ts';
import { NoticeProvider } from './parts/Notices.tsx';
import { Shell } from './Shell.tsx';

/** Who is here decides what is shown: the sign-in, or the page. */
export function App() {
  const { say } = useLanguage();
  const { session, failed, code, refresh, become, signOut, signedIn } = useSession();

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
    return <SignIn code={code} onDone={signedIn} />;
  }
  if (session.me?.role !== 'admin') {
    const chosen = session.people.filter((person) => person.role === 'admin');
    return (
      <Gate title={say('管理页', 'Administration')} sample={session.sample}>
        <p class="gate-text">
          {session.me
            ? say(
                `${session.me.name} 不是管理员。换一个管理员登录，或回到对话。`,
                `${session.me.name} is no administrator. Sign in as one, or go back to the chat.`,
              )
            : say('这是示例数据。选管理员开始。', 'These are sample data. Choose the administrator to begin.')}
        </p>
        <PersonList people={chosen} onChoose={become} />
        <p class="gate-links">
          <a href="/">{say('回到对话', 'To the chat')}</a>
          {session.me && (
            <Button kind="quiet" onPress={signOut}>
              {say('退出登录', 'Sign out')}
            </Button>
          )}
        </p>
      </Gate>
    );
  }
  return (
    <NoticeProvider>
      <Shell session={session} me={session.me} onSignOut={signOut} />
    </NoticeProvider>
  );
}
