import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { Lang } from '../../src/core/message.ts';
import { recall, remember } from './memory.ts';

interface Language {
  lang: Lang;
  /** The words of the language that the page is shown in. */
  say(zh: string, en: string): string;
  toggle(): void;
}

const LanguageContext = createContext<Language>({ lang: 'zh', say: (zh) => zh, toggle: () => {} });

/** The tag for `lang=` attributes, which decides how Chinese characters are drawn. */
export function tagOf(lang: Lang): string {
  return lang === 'zh' ? 'zh-CN' : 'en';
}

function firstLanguage(): Lang {
  const chosen = recall('lang');
  if (chosen === 'zh' || chosen === 'en') return chosen;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** The language of the page: the browser's, until one chooses. */
export function LanguageProvider({ children }: { children: ComponentChildren }) {
  const [lang, setLang] = useState<Lang>(() => {
    const first = firstLanguage();
    // Before the first request, which tells the server the page's language.
    document.documentElement.lang = tagOf(first);
    return first;
  });
  const toggle = useCallback(() => {
    setLang((now) => {
      const next = now === 'zh' ? 'en' : 'zh';
      remember('lang', next);
      return next;
    });
  }, []);
  useLayoutEffect(() => {
    document.documentElement.lang = tagOf(lang);
  }, [lang]);
  const value = useMemo(
    () => ({ lang, toggle, say: (zh: string, en: string) => (lang === 'zh' ? zh : en) }),
    [lang, toggle],
  );
  return <LanguageContext.Provider value={value}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): Language {
  return useContext(LanguageContext);
}
