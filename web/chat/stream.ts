import type { ConsoleEvents } from '../api.ts';

export type Connection = 'connecting' | 'open' | 'lost';

interface StreamHandlers {
  message(message: ConsoleEvents['message']): void;
  typing(room: string): void;
  connection(state: Connection): void;
  /** The server closed the stream for good: perhaps one is no longer signed in. */
  refused(): void;
}

/** Waits between attempts, in ms; the last one repeats. */
const WAITS = [1_000, 2_000, 5_000, 10_000];
/** A page hidden for longer may hold a connection that died unnoticed (a phone asleep), in ms. */
const ASLEEP = 20_000;

/**
 * Listens to the stream of events from `after` on. The browser connects again by itself after a break and says where
 * it was; where it gives up (an answer with an error), a new stream begins after the last message seen.
 */
export function listen(after: number | undefined, on: StreamHandlers): { retry(): void; stop(): void } {
  let seen = after;
  let source: EventSource | null = null;
  let timer = 0;
  let attempt = 0;
  let hiddenAt = 0;

  const open = (): void => {
    window.clearTimeout(timer);
    source?.close();
    const stream = new EventSource(seen === undefined ? '/api/console/events' : `/api/console/events?after=${seen}`);
    source = stream;
    stream.addEventListener('open', () => {
      attempt = 0;
      on.connection('open');
    });
    stream.addEventListener('message', (event) => {
      const message = JSON.parse(event.data) as ConsoleEvents['message'];
      seen = Math.max(seen ?? 0, message.seq);
      on.message(message);
    });
    stream.addEventListener('typing', (event) => {
      on.typing((JSON.parse((event as MessageEvent<string>).data) as ConsoleEvents['typing']).room);
    });
    stream.addEventListener('error', () => {
      on.connection('lost');
      if (stream.readyState !== EventSource.CLOSED) return;
      on.refused();
      timer = window.setTimeout(open, WAITS[Math.min(attempt++, WAITS.length - 1)]);
    });
  };

  const visibility = (): void => {
    const now = performance.now();
    if (document.visibilityState === 'hidden') hiddenAt = now;
    else if (hiddenAt && now - hiddenAt > ASLEEP) open();
  };
  document.addEventListener('visibilitychange', visibility);
  window.addEventListener('online', open);
  on.connection('connecting');
  open();

  return {
    retry: open,
    stop() {
      window.clearTimeout(timer);
      source?.close();
      document.removeEventListener('visibilitychange', visibility);
      window.removeEventListener('online', open);
    },
  };
}
