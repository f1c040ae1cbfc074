import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';
import { wordsOf } from '../useCommand.ts';

interface Notice {
  id: number;
  text: string;
  tone: 'good' | 'bad';
}

interface Notices {
  /** Does something, says the title of what it gives or what went wrong, and returns whether it went well. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

const NoticeContext = createContext<Notices>({ run: async () => false });
const SHOWN_MS = 6000;

/** What was done or went wrong, at the lower edge; read out by screen readers. Errors stay until they are closed. */
export function NoticeProvider({ children }: { children: ComponentChildren }) {
  const { say } = useLanguage();
  const [notices, setNotices] = useState<Notice[]>([]);
  const drop = (id: number) => setNotices((now) => now.filter((one) => one.id !== id));
  const add = useCallback((text: string, tone: Notice['tone']) => {
    const id = performance.now();
    setNotices((now) => [...now.slice(-2), { id, text, tone }]);
    if (tone === 'good') window.setTimeout(() => drop(id), SHOWN_MS);
  }, []);
  const run = useCallback<Notices['run']>(
    async (work) => {
      try {
        const done = await work();
        const { title } = (done ?? {}) as { title?: string };
        if (title) add(title, 'good');
        return true;
      } catch (error) {
        add(wordsOf(error, say), 'bad');
        return false;
      }
    },
    [add, say],
  );
  return (
    <NoticeContext.Provider value={{ run }}>
      {children}
      <div class="notices" role="status">
        {notices.map((one) => (
          <p key={one.id} class={`notice notice-${one.tone}`}>
            <span>{one.text}</span>
            <button type="button" class="notice-close" aria-label={say('关闭', 'Close')} onClick={() => drop(one.id)}>
              ×
            </button>
          </p>
        ))}
      </div>
    </NoticeContext.Provider>
  );
}

export function useNotices(): Notices {
  return useContext(NoticeContext);
}
