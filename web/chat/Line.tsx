import type { ConsoleMessage } from '../api.ts';
import type { Press } from '../message/Actions.tsx';
import { Answer } from '../message/Answer.tsx';
import { Icon } from '../shared/Icon.tsx';
import { LinkedText } from '../shared/LinkedText.tsx';
import { useLanguage } from '../shared/language.tsx';
import { Avatar } from '../shared/marks.tsx';
import { timeText } from '../shared/time.ts';

interface LineProps {
  message: ConsoleMessage;
  mine: boolean;
  /** The speaker's name stands above it. */
  named: boolean;
  /** It does not continue the speaker's line before. */
  first: boolean;
  zone: string;
  directAddress?: string;
  onPress: Press;
}

/** One message: one's own on the right, the others' and the bot's on the left. */
export function Line({ message, mine, named, first, zone, directAddress, onPress }: LineProps) {
  const { say } = useLanguage();
  const time = (
    <time class="line-time" dateTime={message.at}>
      {timeText(message.at, zone)}
    </time>
  );
  if (message.notice === 'private' && !mine) {
    return (
      <li class="notice">
        <Icon name="lock" />
        {wordsOf(message) ?? say('答案已私信', 'Answered privately')}
        {directAddress && <a href={directAddress}>{say('去看', 'Open')}</a>}
      </li>
    );
  }
  const bot = message.from.kind === 'bot';
  return (
    <li class={`line ${mine ? 'mine' : ''} ${first ? 'first' : ''} ${named ? 'named' : ''}`}>
      {!mine && <span class="line-side">{first && (bot ? <BotAvatar /> : <Avatar name={message.from.name} />)}</span>}
      <div class="line-body">
        <span class={named && !mine ? 'line-name' : 'only-heard'}>{message.from.name}</span>
        {message.message ? (
          <Answer message={message.message} foot={time} onPress={onPress} />
        ) : (
          <p class="bubble">
            <LinkedText text={message.text ?? ''} />
            {time}
          </p>
        )}
      </div>
    </li>
  );
}

function BotAvatar() {
  return <img class="avatar" src="/favicon.svg" alt="" width={32} height={32} />;
}

/** The one line of a notice. */
function wordsOf({ text, message }: ConsoleMessage): string | undefined {
  const block = message?.blocks.find((one) => one.type === 'text');
  return text ?? message?.title ?? block?.text;
}
