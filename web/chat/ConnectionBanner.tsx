import { useEffect, useState } from 'preact/hooks';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import type { Connection } from './stream.ts';

/** A break shorter than this is not worth a word, in ms. */
const PATIENCE = 1_500;

/** Says that the page is cut off; it lies over the messages, so that nothing moves. */
export function ConnectionBanner({ connection, reconnect }: { connection: Connection; reconnect: () => void }) {
  const { say } = useLanguage();
  const [shown, setShown] = useState(false);
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, []);
  const cut = connection === 'lost' || !online;
  useEffect(() => {
    if (!cut) return setShown(false);
    const timer = window.setTimeout(() => setShown(true), PATIENCE);
    return () => window.clearTimeout(timer);
  }, [cut]);
  if (!shown) return null;
  return (
    <div class="banner" role="status">
      {online
        ? say('连接断了，正在重连…', 'Disconnected. Reconnecting…')
        : say('没有网络，恢复后自动重连', 'No network. It reconnects by itself')}
      {online && (
        <Button kind="quiet" onPress={reconnect}>
          {say('马上重连', 'Reconnect now')}
        </Button>
      )}
    </div>
  );
}
