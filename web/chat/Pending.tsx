import { Button } from '../shared/Button.tsx';
import { Icon } from '../shared/Icon.tsx';
import { useLanguage } from '../shared/language.tsx';
import { timeText } from '../shared/time.ts';
import type { PendingLine } from './state.ts';
import type { Chat } from './useChat.ts';

interface PendingProps {
  pending: PendingLine;
  zone: string;
  chat: Pick<Chat, 'retry' | 'discard'>;
}

/** One's own line under way, or not arrived: its text stays, to be sent again. */
export function Pending({ pending, zone, chat }: PendingProps) {
  const { say } = useLanguage();
  const failed = pending.failed !== undefined;
  return (
    <li class={`line mine first pending ${failed ? 'failed' : ''}`}>
      <div class="line-body">
        <p class="bubble">
          {pending.shown}
          <time class="line-time" dateTime={pending.at}>
            {timeText(pending.at, zone)}
          </time>
        </p>
        {failed && (
          <p class="line-failed" role="alert">
            <Icon name="alert" />
            <span>{pending.failed || say('没有发出去', 'Not sent')}</span>
            <Button kind="quiet" onPress={() => chat.retry(pending)}>
              {say('重发', 'Send again')}
            </Button>
            <Button kind="quiet" onPress={() => chat.discard(pending)}>
              {say('删除', 'Delete')}
            </Button>
          </p>
        )}
      </div>
    </li>
  );
}
