import type { ConsoleRoom } from '../api.ts';
import { Icon } from '../shared/Icon.tsx';
import { useLanguage } from '../shared/language.tsx';
import { Brand, LanguageToggle, SampleMark } from '../shared/marks.tsx';
import { shortText } from '../shared/time.ts';
import { type Identity, Me } from './Me.tsx';
import { type ChatState, lastOf } from './state.ts';
import { addressOf } from './useRoute.ts';

interface SidebarProps {
  identity: Identity;
  state: ChatState;
  open: string | null;
  unread: ReadonlySet<string>;
}

/** The rooms, and at its foot who I am. */
export function Sidebar({ identity, state, open, unread }: SidebarProps) {
  const { session } = identity;
  const { say } = useLanguage();
  return (
    <aside class="sidebar">
      <header class="sidebar-head">
        <Brand />
        {session.sample && <SampleMark />}
        <LanguageToggle />
      </header>
      <nav class="rooms" aria-label={say('群和私聊', 'Groups and direct chat')}>
        <ul>
          {session.rooms.map((room) => (
            <li key={room.id}>
              <RoomLink
                room={room}
                last={lastOf(state, room)}
                open={room.id === open}
                unread={unread.has(room.id)}
                zone={session.zone}
              />
            </li>
          ))}
        </ul>
      </nav>
      <footer class="identity">
        {identity.me.role !== 'guest' && (
          <a class="room" href="/drivers">
            <span class="room-mark group">
              <Icon name="chart" />
            </span>
            <span class="room-words">
              {say('司机：趋势、缺失更新、签收照片', 'Drivers: trends, missing updates, POD')}
            </span>
          </a>
        )}
        <Me {...identity} />
      </footer>
    </aside>
  );
}

interface RoomLinkProps {
  room: ConsoleRoom;
  last: { text: string; at: string } | undefined;
  open: boolean;
  unread: boolean;
  zone: string;
}

function RoomLink({ room, last, open, unread, zone }: RoomLinkProps) {
  const { lang, say } = useLanguage();
  const below = last?.text ?? room.hint;
  return (
    <a class="room" href={addressOf(room.id)} aria-current={open ? 'page' : undefined}>
      <span class={`room-mark ${room.kind}`}>
        <Icon name={room.kind === 'group' ? 'group' : 'bell'} />
      </span>
      <span class="room-words">
        <span class="room-top">
          <span class="room-name">{room.name}</span>
          {last && <time dateTime={last.at}>{shortText(last.at, zone, lang)}</time>}
        </span>
        {(below || unread) && (
          <span class="room-bottom">
            <span class="room-last">{below}</span>
            {unread && <span class="dot" role="img" aria-label={say('有新消息', 'New messages')} />}
          </span>
        )}
      </span>
    </a>
  );
}
