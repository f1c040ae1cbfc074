import { NoticeProvider } from '../admin/parts/Notices.tsx';
import { ZoneContext } from '../admin/when.ts';
import { type OpenSession, SessionGate } from '../gate/SessionGate.tsx';
import { WhoGate } from '../gate/WhoGate.tsx';
import { useLanguage } from '../shared/language.tsx';
import { Shell } from './Shell.tsx';

/** Who is here decides what is shown: the sign-in, or the page. What one may see, the commands decide. */
export function App() {
  return <SessionGate>{(open) => <Opened open={open} />}</SessionGate>;
}

function Opened({ open }: { open: OpenSession }) {
  const { say } = useLanguage();
  const { session, refresh, become } = open;
  const { me, people, zone } = session;
  if (me && me.role !== 'guest') {
    return (
      <NoticeProvider>
        <ZoneContext.Provider value={zone}>
          <Shell key={me.id} session={session} me={me} refresh={refresh} become={become} />
        </ZoneContext.Provider>
      </NoticeProvider>
    );
  }
  return (
    <WhoGate
      open={open}
      title={say('司机', 'Drivers')}
      text={
        me
          ? say(
              '司机页要员工或主管的账号。换一个登录，或回到对话。',
              'The page of drivers is for staff and leads. Sign in as one, or go back to the chat.',
            )
          : say('这是示例数据。选一个人开始。', 'These are sample data. Choose somebody to begin.')
      }
      people={people.filter(({ role }) => role !== 'guest')}
    />
  );
}
