import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';

/** A page whose code comes when it is opened: the others open sooner. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Later(props: P) {
    const { say } = useLanguage();
    const [Shown, setShown] = useState(() => loaded);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          setShown(() => component);
        },
        () => setFailed(true),
      );
    }, []);
    if (Shown) return <Shown {...props} />;
    if (failed) {
      return (
        <p class="failed" role="alert">
          {say('没有读到这一页。请刷新。', 'This page was not read. Load it anew.')}
        </p>
      );
    }
    return <div class="waiting" role="status" aria-label={say('正在读取', 'Loading')} />;
  };
}
