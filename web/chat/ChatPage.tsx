import { useEffect, useRef } from 'preact/hooks';
import { useLanguage } from '../shared/language.tsx';
import { recall, remember } from '../shared/memory.ts';
import type { Identity } from './Me.tsx';
import { Sidebar } from './Sidebar.tsx';
import { preview } from './state.ts';
import { Thread } from './Thread.tsx';
import { useChat } from './useChat.ts';
import { addressOf, useRoute, useWide } from './useRoute.ts';
import { useUnread } from './useUnread.ts';

/** Rooms at the left, the open room at the right; on a phone one after the other. */
export function ChatPage(identity: Identity) {
  const { session, me, refresh } = identity;
  const { say } = useLanguage();
  const wide = useWide();
  const asked = useRoute();
  const chat = useChat(me.id, session.seq, refresh);
  /** What was typed and not sent, for each room. */
  const drafts = useRef(new Map<string, string>());

  // Beside the list there is always a room; a phone begins with the list.
  const latest = recall(`room.${me.id}`);
  const room =
    session.rooms.find((one) => one.id === asked) ??
    (wide ? (session.rooms.find((one) => one.id === latest) ?? session.rooms[0]) : undefined);
  const roomId = room?.id ?? null;
  const unread = useUnread(me.id, session.rooms, chat.state, roomId);

  // Loaded once, and once more when a break in the connection has made it fail; then the stream keeps it up to date.
  const { load, connection } = chat;
  const unloaded = roomId !== null && (chat.state[roomId]?.load ?? 'failed') === 'failed';
  const wanted = useRef(unloaded);
  wanted.current = unloaded;
  useEffect(() => {
    if (roomId !== null && wanted.current && connection !== 'lost') void load(roomId);
  }, [roomId, load, connection]);
  useEffect(() => {
    if (roomId !== null) remember(`room.${me.id}`, roomId);
  }, [roomId, me.id]);

  useEffect(() => {
    document.title = `${unread.size > 0 ? `(${unread.size}) ` : ''}${room ? `${room.name} · ` : ''}Fieldbell`;
  }, [unread.size, room]);

  const direct = session.rooms.find((one) => one.kind === 'direct');
  return (
    <div class={room ? 'chat in-room' : 'chat'}>
      <Sidebar identity={identity} state={chat.state} open={roomId} unread={unread} />
      {room ? (
        <Thread
          key={room.id}
          room={room}
          identity={identity}
          chat={chat}
          drafts={drafts.current}
          othersUnread={[...unread].some((id) => id !== room.id)}
          {...(direct && direct.id !== room.id ? { directAddress: addressOf(direct.id) } : {})}
        />
      ) : (
        <main class="thread none">
          <p>
            {session.rooms.length > 0
              ? say('选一个群或私聊开始', 'Choose a group or the direct chat')
              : say(
                  '你还不在任何群里。请管理员把你加进来。',
                  'You are in no group yet. Ask an administrator to add you.',
                )}
          </p>
        </main>
      )}
      <div class="only-heard" aria-live="polite">
        {chat.heard && chat.heard.room === roomId && (
          <span key={chat.heard.seq}>{`${chat.heard.from.name}: ${preview(chat.heard)}`}</span>
        )}
      </div>
    </div>
  );
}
