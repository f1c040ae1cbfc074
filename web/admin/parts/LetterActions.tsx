import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import type { Letter, LetterState } from '../wire.ts';
import { Confirm } from './Confirm.tsx';
import { useNotices } from './Notices.tsx';

const RESENT: readonly LetterState[] = ['sent', 'held', 'doubtful', 'dead', 'merged', 'expired'];
const ARRIVED: readonly LetterState[] = ['sent', 'doubtful', 'merged'];
const CANCELLED: readonly LetterState[] = ['queued', 'held', 'dead', 'doubtful'];

/** What can be done with letters in their present states. */
export function LetterActions({ letters, onDone }: { letters: readonly Letter[]; onDone: () => Promise<unknown> }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const among = (states: readonly LetterState[]) => letters.filter(({ state }) => states.includes(state));
  const act = (command: string, some: readonly Letter[]) => async () => {
    await run(() => ask(command, { keys: some.map(({ key }) => key) }));
    await onDone();
  };
  const again = among(RESENT);
  const released = letters.filter(
    (one) => one.state === 'held' || (one.state === 'queued' && new Date(one.notBefore).getTime() > Date.now()),
  );
  const cancelled = among(CANCELLED);
  const arrived = again.some(({ state }) => ARRIVED.includes(state));
  return (
    <div class="actions-row">
      {again.length > 0 && (
        <Confirm
          words={say('重发', 'Send again')}
          question={
            arrived
              ? say(
                  '有的可能已经到过。重发会标明「（重发）」。',
                  'Some may have arrived. They are marked （重发） when sent again.',
                )
              : say(`重发 ${again.length} 条。`, `Send ${again.length} again.`)
          }
          onDo={act('outbox.resend', again)}
        />
      )}
      {released.length > 0 && <Confirm words={say('放行', 'Release')} onDo={act('outbox.release', released)} />}
      {cancelled.length > 0 && (
        <Confirm
          words={say('取消发送', 'Cancel')}
          question={say(`${cancelled.length} 条不再发出。`, `${cancelled.length} will not be sent.`)}
          onDo={act('outbox.cancel', cancelled)}
        />
      )}
    </div>
  );
}
