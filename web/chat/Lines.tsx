import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ConsoleMessage, ConsolePerson, ConsoleRoom } from '../api.ts';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import { dayKey, dayText } from '../shared/time.ts';
import { Line } from './Line.tsx';
import { Pending } from './Pending.tsx';
import type { RoomState } from './state.ts';
import type { Chat } from './useChat.ts';

/** Lines of one person within this stand together under one name, in ms. */
const TOGETHER = 5 * 60_000;

interface LinesProps {
  known: RoomState;
  room: ConsoleRoom;
  me: ConsolePerson;
  zone: string;
  chat: Chat;
  directAddress?: string;
}

/** All that was said in a room, by days. */
export function Lines({ known, room, me, zone, chat, directAddress }: LinesProps) {
  const { lang } = useLanguage();
  const { messages } = known;
  return (
    <>
      {known.more && messages[0] && (
        <Older
          busy={known.load === 'loading'}
          failed={known.load === 'failed'}
          load={() => void chat.load(room.id, messages[0]?.seq)}
        />
      )}
      <ol class="lines">
        {messages.map((message, at) => {
          const previous = messages[at - 1];
          const newDay = !previous || dayKey(previous.at, zone) !== dayKey(message.at, zone);
          return (
            <Fragment key={message.seq}>
              {newDay && (
                <li class="day">
                  <span>{dayText(message.at, zone, lang)}</span>
                </li>
              )}
              <Line
                message={message}
                mine={isBy(message, me)}
                named={room.kind === 'group' && (newDay || !continues(previous, message))}
                first={newDay || !continues(previous, message)}
                zone={zone}
                {...(directAddress && previous && isBy(previous, me) ? { directAddress } : {})}
                onPress={(button) => chat.send(room.id, { call: button.call, on: message.seq }, button.label)}
              />
            </Fragment>
          );
        })}
        {known.pending.map((pending) => (
          <Pending key={pending.line.id} pending={pending} zone={zone} chat={chat} />
        ))}
        {known.typing && (
          <li class="line first">
            <span class="bubble typing" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
          </li>
        )}
      </ol>
    </>
  );
}

function isBy(message: ConsoleMessage, me: ConsolePerson): boolean {
  return message.from.kind === 'person' && message.from.id === me.id;
}

function continues(previous: ConsoleMessage | undefined, message: ConsoleMessage): boolean {
  return (
    previous !== undefined &&
    !previous.notice &&
    previous.from.kind === message.from.kind &&
    previous.from.id === message.from.id &&
    previous.from.name === message.from.name &&
    Date.parse(message.at) - Date.parse(previous.at) < TOGETHER
  );
}

/** Loads what came before when it comes into view; a button for whoever does not scroll, and to try again. */
function Older({ busy, failed, load }: { busy: boolean; failed: boolean; load: () => void }) {
  const { say } = useLanguage();
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const element = ref.current;
    if (!element || busy || failed) return;
    const watch = new IntersectionObserver((seen) => {
      if (seen.some((entry) => entry.isIntersecting)) latest.current();
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [busy, failed]);
  return (
    <div ref={ref} class="older">
      <Button kind="quiet" busy={busy} onPress={load}>
        {busy
          ? say('正在加载…', 'Loading…')
          : failed
            ? say('没有加载出来，再试一次', 'That did not load. Try again')
            : say('更早的消息', 'Earlier messages')}
      </Button>
    </div>
  );
}
