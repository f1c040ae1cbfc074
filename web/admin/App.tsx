import { type OpenSession, SessionGate } from '../gate/SessionGate.tsx';
import { WhoGate } from '../gate/WhoGate.tsx';
import { useLanguage } from '../shared/language.tsx';
import { NoticeProvider } from './parts/Notices.tsx';
import { Shell } from './Shell.tsx';

/** Who is here decides what is shown: the sign-in, or the page. */
export function App() {
  return <SessionGate>{(open) => <Opened open={open} />}</SessionGate>;
}

function Opened({ open }: { open: OpenSession }) {
  const { say } = useLanguage();
  const { me, people } = open.session;
  if (me?.role === 'admin') {
    return (
      <NoticeProvider>
        <Shell session={open.session} me={me} onSignOut={open.signOut} />
      </NoticeProvider>
    );
  }
  return (
    <WhoGate
      open={open}
      title={say('管理页', 'Administration')}
      text={
        me
          ? say(
              `${me.name} 不是管理员。换一个管理员登录，或回到对话。`,
              `${me.name} is no administrator. Sign in as one, or go back to the chat.`,
            )
          : say('这是示例数据。选管理员开始。', 'These are sample data. Choose the administrator to begin.')
      }
      people={people.filter(({ role }) => role === 'admin')}
    />
  );
}
