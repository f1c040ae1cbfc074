import { useEffect } from 'preact/hooks';

type Listener = (what: readonly string[]) => void;
const listeners = new Set<Listener>();
let stream: EventSource | undefined;

function open(): void {
  stream = new EventSource('/api/events');
  stream.addEventListener('changed', (event) => {
    const what = JSON.parse((event as MessageEvent<string>).data) as string[];
    for (const tell of listeners) tell(what);
  });
  // After a break nobody knows what was missed.
  let opened = false;
  stream.addEventListener('open', () => {
    if (opened) for (const tell of listeners) tell(['outbox', 'jobs', 'audit', 'channels']);
    opened = true;
  });
}

/** Calls back when something of `names` has changed on the server. */
export function useLive(names: readonly string[], changed: () => void): void {
  const key = names.join(' ');
  useEffect(() => {
    if (key === '') return;
    const wanted = key.split(' ');
    const tell: Listener = (what) => {
      if (what.some((one) => wanted.includes(one))) changed();
    };
    listeners.add(tell);
    if (!stream) open();
    return () => {
      listeners.delete(tell);
      if (listeners.size === 0) {
        stream?.close();
        stream = undefined;
      }
    };
  }, [key, changed]);
}
