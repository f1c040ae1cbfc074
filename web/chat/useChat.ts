import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { type ConsoleMessage, consoleApi, type LineContent } from '../api.ts';
import { ApiError } from '../shared/request.ts';
import { nowIso } from '../shared/time.ts';
import { type ChatState, type PendingLine, reduce } from './state.ts';
import { type Connection, listen } from './stream.ts';

/** How long the dots are shown, and a button waits, for an answer that does not come, in ms. */
const ANSWER_PATIENCE = 12_000;

export interface Chat {
  state: ChatState;
  connection: Connection;
  reconnect(): void;
  /** Loads a room's newest messages, or the ones before a message. */
  load(room: string, before?: number): Promise<void>;
  /** Says a line or makes a button's call; done when the bot has answered in the room, or after some patience. */
  send(room: string, content: LineContent, shown: string): Promise<void>;
  retry(pending: PendingLine): void;
  discard(pending: PendingLine): void;
  /** The newest message that arrived, for whoever listens rather than looks. */
  heard: ConsoleMessage | null;
}

/** `crypto.randomUUID` exists on https and localhost alone; the page is opened on http in a house's network too. */
function lineId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The rooms of the one who is signed in, kept up to date.
 * @param refused called when the server ends the stream: the session may be over
 */
export function useChat(me: string, after: number | undefined, refused: () => void): Chat {
  const [state, tell] = useReducer(reduce, {});
  const [connection, setConnection] = useState<Connection>('connecting');
  const [heard, setHeard] = useState<ConsoleMessage | null>(null);
  const stream = useRef<ReturnType<typeof listen> | null>(null);
  /** Own lines under way: their echo by the stream waits until the answer to the request has replaced the sketch. */
  const underWay = useRef(new Map<string, Promise<void>>());
  const waiting = useRef(new Set<{ room: string; done: () => void }>());
  const start = useRef(after);

  useEffect(() => {
    const timers = new Map<string, number>();
    const quiet = (room: string): void => window.clearTimeout(timers.get(room));
    const arrive = (message: ConsoleMessage, mine: boolean): void => {
      tell({ type: 'arrived', message, mine });
      if (mine) return;
      setHeard(message);
      if (message.from.kind !== 'bot') return;
      quiet(message.room);
      for (const one of waiting.current) if (one.room === message.room) one.done();
    };
    const listening = listen(start.current, {
      message(message) {
        const mine = message.from.kind === 'person' && message.from.id === me;
        const own = mine ? underWay.current.get(message.room) : undefined;
        if (own) void own.then(() => arrive(message, mine));
        else arrive(message, mine);
      },
      typing(room) {
        tell({ type: 'typing', room, on: true });
        quiet(room);
        timers.set(
          room,
          window.setTimeout(() => tell({ type: 'typing', room, on: false }), ANSWER_PATIENCE),
        );
      },
      connection: setConnection,
      refused,
    });
    stream.current = listening;
    return () => {
      listening.stop();
      for (const room of timers.keys()) quiet(room);
    };
  }, [me, refused]);

  const load = useCallback(async (room: string, before?: number) => {
    tell({ type: 'loading', room });
    try {
      tell({ type: 'page', room, page: await consoleApi.messages(room, before) });
    } catch {
      tell({ type: 'load-failed', room });
    }
  }, []);

  const post = useCallback(async (pending: PendingLine): Promise<boolean> => {
    const { room, line } = pending;
    // Turning a page says nothing: only where it fails, it is shown.
    const quiet = 'call' in line && line.call.turns;
    if (!quiet) tell({ type: 'sending', pending });
    const request = consoleApi.send(room, line).then(
      ({ message }) => {
        if (message) tell({ type: 'sent', id: line.id, message });
        else tell({ type: 'discarded', room, id: line.id });
        return true;
      },
      (error: unknown) => {
        if (quiet) tell({ type: 'sending', pending });
        tell({ type: 'failed', room, id: line.id, why: error instanceof ApiError ? error.message : '' });
        return false;
      },
    );
    const before = underWay.current.get(room);
    const all = Promise.all([before, request]).then(() => {});
    underWay.current.set(room, all);
    const sent = await request;
    if (underWay.current.get(room) === all) underWay.current.delete(room);
    return sent;
  }, []);

  const send = useCallback(
    async (room: string, content: LineContent, shown: string): Promise<void> => {
      let answered = (): void => {};
      const answer = new Promise<void>((resolve) => {
        answered = resolve;
      });
      const one = { room, done: answered };
      waiting.current.add(one);
      const sent = await post({ room, line: { id: lineId(), ...content }, shown, at: nowIso() });
      const timer = window.setTimeout(answered, ANSWER_PATIENCE);
      if (sent) await answer;
      window.clearTimeout(timer);
      waiting.current.delete(one);
    },
    [post],
  );

  return useMemo(
    () => ({
      state,
      connection,
      heard,
      reconnect: () => stream.current?.retry(),
      load,
      send,
      retry: ({ room, line, shown, at }) => void post({ room, line, shown, at }),
      discard: ({ room, line }) => tell({ type: 'discarded', room, id: line.id }),
    }),
    [state, connection, heard, load, post, send],
  );
}
