import type { ConsoleSession } from '../api.ts';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import { Gate } from './Gate.tsx';
import { PersonList } from './PersonList.tsx';
import type { OpenSession } from './SessionGate.tsx';

/** Before a page that is not for everybody: says for whom it is, and offers them where the sample has some. */
export function WhoGate({
  open: { session, become, signOut },
  title,
  text,
  people,
}: {
  open: OpenSession;
  title: string;
  text: string;
  people: ConsoleSession['people'];
}) {
  const { say } = useLanguage();
  return (
    <Gate title={title} sample={session.sample}>
      <p class="gate-text">{text}</p>
      <PersonList people={people} onChoose={become} />
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
