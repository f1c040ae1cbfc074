import { NoticeProvider } from '../admin/parts/Notices.tsx';
import { ZoneContext } from '../admin/when.ts';
import { Gate } from '../chat/Gate.tsx';
import { PersonList } from '../chat/PersonList.tsx';
import { SignIn } from '../chat/SignIn.tsx';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import { useSession } from '../shared/useSession.ts';
import { Shell } from './Shell.tsx';

/** Who is here decides what is shown: the sign-in, or the page. What one may see, the commands decide. */
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
  if (code !== null || (!session.me && session.people.length === 0)) return <SignIn code={code} onDone={signedIn} />;
  if (!session.me || session.me.role === 'guest') {
    return (
      <Gate title={say('司机', 'Drivers')} sample={session.sample}>
        <p class="gate-text">
          {session.me
            ? say(
                '司机页要员工或主管的账号。换一个登录，或回到对话。',
                'The page of drivers is for staff and leads. Sign in as one, or go back to the chat.',
              )
            : say('这是示例数据。选一个人开始。', 'These are sample data. Choose somebody to begin.')}
        </p>
        <PersonList people={session.people.filter(({ role }) => role !== 'guest')} onChoose={become} />
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
      <ZoneContext.Provider value={session.zone}>
        <Shell key={session.me.id} session={session} me={session.me} refresh={refresh} become={become} />
      </ZoneContext.Provider>
    </NoticeProvider>
  );
}
