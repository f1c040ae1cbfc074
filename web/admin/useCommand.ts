import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useLanguage } from '../shared/language.tsx';
import { ApiError } from '../shared/request.ts';
import { type Answered, ask } from './command.ts';
import { useLive } from './live.ts';

export interface Asked<T> {
  /** The last answer; while it is asked again, the one before. */
  answer: Answered<T> | null;
  /** In words for people. */
  failed: string | null;
  reload(): Promise<void>;
}

/**
 * The answer of a command, asked anew when its arguments change, or when the server says that something of `live` has.
 */
export function useCommand<T>(name: string, args: object = {}, live: readonly string[] = []): Asked<T> {
  const { lang, say } = useLanguage();
  const key = `${name} ${lang} ${JSON.stringify(args)}`;
  const [answer, setAnswer] = useState<{ key: string; answer: Answered<T> } | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const latest = useRef(key);
  latest.current = key;
  const words = useRef(say);
  words.current = say;
  const given = useRef(args);
  given.current = args;

  const reload = useCallback(async () => {
    try {
      const answered = await ask<T>(name, given.current);
      if (latest.current !== key) return;
      setAnswer({ key, answer: answered });
      setFailed(null);
    } catch (error) {
      if (latest.current === key) setFailed(wordsOf(error, words.current));
    }
  }, [name, key]);

  useEffect(() => void reload(), [reload]);
  useLive(live, reload);
  return { answer: answer?.answer ?? null, failed, reload };
}

/** What went wrong, in the server's words or ours. */
export function wordsOf(error: unknown, say: (zh: string, en: string) => string): string {
  const said = error instanceof ApiError ? error.message : '';
  return (
    said ||
    say('连不上服务器。请检查网络，再试一次。', 'The server cannot be reached. Check the network and try again.')
  );
}
