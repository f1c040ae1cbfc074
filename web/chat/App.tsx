import { Gate } from '../gate/Gate.tsx';
import { PersonList } from '../gate/PersonList.tsx';
import { type OpenSession, SessionGate } from '../gate/SessionGate.tsx';
import { useLanguage } from '../shared/language.tsx';
import { ChatPage } from './ChatPage.tsx';

/** Who is here decides what is shown: the chat, the choice of a sample person, or the sign-in. */
export function App() {
  return <SessionGate>{(open) => <Opened {...open} />}</SessionGate>;
}

function Opened({ session, become, refresh }: OpenSession) {
  const { say } = useLanguage();
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
