import { useEffect, useState } from 'preact/hooks';
import type { ConsoleRoom } from '../api.ts';
import { recall, remember } from '../shared/memory.ts';
import { type ChatState, lastOf } from './state.ts';

/** Until when each room has been read: ISO instants, kept in the browser for each person. */
type Marks = Record<string, string>;

function marksOf(me: string): Marks {
  try {
    return JSON.parse(recall(`read.${me}`) ?? '{}') as Marks;
  } catch {
    return {};
  }
}

/** Rooms with something new. The open room is read while the page can be seen; a room seen for the first time is read. */
export function useUnread(
  me: string,
  rooms: ConsoleRoom[],
  state: ChatState,
  open: string | null,
): ReadonlySet<string> {
  const [marks, setMarks] = useState<Marks>(() => {
    const first: Marks = {};
    for (const room of rooms) if (room.last) first[room.id] = room.last.at;
    return { ...first, ...marksOf(me) };
  });

  const newest = rooms.find((room) => room.id === open);
  const newestAt = newest && lastOf(state, newest)?.at;
  useEffect(() => {
    const read = () => {
      if (!open || !newestAt || document.visibilityState === 'hidden') return;
      setMarks((now) => (now[open] === newestAt ? now : { ...now, [open]: newestAt }));
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [open, newestAt]);
  useEffect(() => remember(`read.${me}`, JSON.stringify(marks)), [me, marks]);

  const unread = new Set<string>();
  for (const room of rooms) {
    const last = lastOf(state, room);
    if (last && !last.mine && last.at > (marks[room.id] ?? '')) unread.add(room.id);
  }
  return unread;
}
