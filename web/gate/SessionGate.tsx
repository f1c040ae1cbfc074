import type { ComponentChildren } from 'preact';
import type { ConsoleSession } from '../api.ts';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import { Gate } from './Gate.tsx';
import { SignIn } from './SignIn.tsx';
import { useSession } from './useSession.ts';

/** A session that the server has told of: somebody is signed in, or may choose whom of the sample to be. */
export interface OpenSession {
  session: ConsoleSession;
  refresh(): Promise<void>;
  become(person: string): Promise<void>;
  signOut(): void;
}

/** Before a page: waits for the server, says when it does not answer, and signs in. */
export function SessionGate({ children }: { children: (open: OpenSession) => ComponentChildren }) {
  const { say } = useLanguage();
  const { session, failed, code, refresh, become, signOut, signedIn } = useSession();
  if (session) {
    if (code !== null || (!session.me && session.people.length === 0)) return <SignIn code={code} onDone={signedIn} />;
    return <>{children({ session, refresh, become, signOut })}</>;
  }
  if (failed === null) return <main class="gate loading" aria-busy="true" aria-label={say('正在打开', 'Opening')} />;
  return (
    <Gate title={say('打不开', 'It did not open')}>
      <p class="gate-text">
        {failed ||
          say('连不上服务器。请检查网络，再试一次。', 'The server cannot be reached. Check the network and try again.')}
      </p>
      <Button kind="main" onPress={() => void refresh()}>
        {say('再试一次', 'Try again')}
      </Button>
    </Gate>
  );
}
