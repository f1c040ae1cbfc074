import type { ConsoleRoom } from '../api.ts';
import { Button } from '../shared/Button.tsx';
import { Icon } from '../shared/Icon.tsx';
import { useLanguage } from '../shared/language.tsx';
import { SampleMark } from '../shared/marks.tsx';
import { Composer } from './Composer.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { Lines } from './Lines.tsx';
import { type Identity, Me } from './Me.tsx';
import { roomOf } from './state.ts';
import type { Chat } from './useChat.ts';
import { useStickyScroll } from './useStickyScroll.ts';

interface ThreadProps {
  room: ConsoleRoom;
  identity: Identity;
  chat: Chat;
  drafts: Map<string, string>;
  othersUnread: boolean;
  directAddress?: string;
}

/** The open room: its head, its lines, and where one types. */
export function Thread({ room, identity, chat, drafts, othersUnread, directAddress }: ThreadProps) {
  const { say } = useLanguage();
  const { me, session } = identity;
  const known = roomOf(chat.state, room.id);
  const own = known.messages.filter((message) => message.from.kind === 'person' && message.from.id === me.id);
  const empty = known.load === 'done' && known.messages.length === 0 && known.pending.length === 0;
  const offered = known.load === 'done' && own.length === 0 && known.pending.length === 0 ? session.tries : [];
  const scroll = useStickyScroll(known.messages, known.pending.length);

  const speak = (text: string): void => void chat.send(room.id, { text }, text);
  const tries = offered.length > 0 && (
    <ul class="tries" aria-label={say('试一试', 'Try')}>
      {offered.map((line) => (
        <li key={line}>
          <Button onPress={() => speak(line)}>{line}</Button>
        </li>
      ))}
    </ul>
  );

  return (
    <main class="thread">
      <header class="thread-head">
        <a class="button icon back" href="#/" aria-label={say('返回列表', 'Back to the list')}>
          <Icon name="back" />
          {othersUnread && <span class="dot" />}
        </a>
        <div class="thread-words">
          <h1>{room.name}</h1>
          {room.hint && <p>{room.hint}</p>}
        </div>
        {session.sample && <SampleMark />}
        <Me {...identity} small />
      </header>
      <div class="thread-middle">
        <ConnectionBanner connection={chat.connection} reconnect={chat.reconnect} />
        <section
          ref={scroll.frame}
          class="scroller"
          onScroll={scroll.onScroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
          tabIndex={0}
          aria-label={say('消息', 'Messages')}
        >
          <div class="scrolled">
            {known.messages.length === 0 && known.load === 'loading' && <Sketches />}
            {known.load === 'failed' && known.messages.length === 0 && (
              <div class="state">
                <p>{say('消息没有加载出来', 'The messages did not load')}</p>
                <Button onPress={() => void chat.load(room.id)}>{say('再试一次', 'Try again')}</Button>
              </div>
            )}
            {empty && (
              <div class="state">
                <span class={`room-mark big ${room.kind}`}>
                  <Icon name={room.kind === 'group' ? 'group' : 'bell'} />
                </span>
                <p>{say('这里还没有消息。说一句试试：', 'Nothing has been said here. Try one of these:')}</p>
                {tries}
              </div>
            )}
            <Lines
              known={known}
              room={room}
              me={me}
              zone={session.zone}
              chat={chat}
              {...(directAddress ? { directAddress } : {})}
            />
          </div>
        </section>
        {scroll.away && (
          <button type="button" class="jump" onClick={scroll.toEnd}>
            <Icon name="down" />
            {scroll.missed > 0
              ? say(`${scroll.missed} 条新消息`, `${scroll.missed} new`)
              : say('回到最新', 'To the newest')}
          </button>
        )}
      </div>
      {!empty && tries && <div class="tries-bar">{tries}</div>}
      <Composer
        history={own.flatMap((message) => message.text ?? [])}
        draft={drafts.get(room.id) ?? ''}
        onDraft={(draft) => drafts.set(room.id, draft)}
        placeholder={
          session.tries[0]
            ? say(`问一句，例如：${session.tries[0]}`, `Ask, for example: ${session.tries[0]}`)
            : say('问一句', 'Ask')
        }
        onSend={speak}
      />
    </main>
  );
}

/** Where messages will be, while they load. */
function Sketches() {
  const { say } = useLanguage();
  return (
    <div class="sketches" role="status" aria-label={say('正在加载', 'Loading')}>
      <span class="sketch" />
      <span class="sketch own" />
      <span class="sketch long" />
    </div>
  );
}
