import { useCallback, useEffect, useState } from 'preact/hooks';
import { type ConsoleSession, consoleApi } from '../api.ts';
import { useLanguage } from '../shared/language.tsx';
import { ApiError } from '../shared/request.ts';

/** Between attempts to reach a server that does not answer, in ms. */
const RETRY = 5_000;

/** Who is signed in; null until the server has said so. */
export interface SessionState {
  session: ConsoleSession | null;
  /** Why it could not be asked; blank: the server was not reached. */
  failed: string | null;
  /** The code of a sign-in link that led here. */
  code: string | null;
  refresh(): Promise<void>;
  become(person: string): Promise<void>;
  signOut(): void;
  /** The sign-in is through. */
  signedIn(): Promise<void>;
}

export function useSession(): SessionState {
  const { lang } = useLanguage();
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
  // The server says names and notes in the page's language.
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
  const become = useCallback(
    async (person: string) => {
      await consoleApi.become(person);
      await refresh();
    },
    [refresh],
  );
  return {
    ...{ session, failed, code, refresh, become },
    signOut: () => void consoleApi.signOut().then(refresh, refresh),
    async signedIn() {
      await refresh();
      setCode(null);
    },
  };
}

/** A sign-in link carries its code behind the #, where no server's log sees it. It leaves the address at once. */
function takeCode(): string | null {
  const code = /^#code=(.+)$/.exec(window.location.hash)?.[1];
  if (!code) return null;
  window.history.replaceState(null, '', window.location.pathname);
  return code;
}
