import type { ComponentChildren } from 'preact';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { useWhen } from '../when.ts';
import { Confirm } from './Confirm.tsx';
import type { Edited } from './edited.ts';

interface OvertakenProps {
  edited: Pick<Edited<unknown>, 'overtaken' | 'restored' | 'keepMine' | 'discard'>;
  /** Who saved it meanwhile, and when, where that is known. */
  by?: string | null | undefined;
  at?: string | null | undefined;
  /** From theirs to mine. */
  children?: ComponentChildren;
}

/** Says that somebody else has saved what one edits, and lets one choose; or that one goes on with what was left. */
export function Overtaken({ edited, by, at, children }: OvertakenProps) {
  const { say } = useLanguage();
  const when = useWhen();
  const discard = (words: string) => (
    <Confirm
      words={words}
      question={say('你写的会丢掉。', 'What you have written is thrown away.')}
      onDo={async () => edited.discard()}
    />
  );
  if (!edited.overtaken) {
    if (!edited.restored) return null;
    return (
      <div class="overtaken overtaken-restored" role="status">
        <p>{say('接着上次没保存的改动。', 'This goes on with changes that were not saved.')}</p>
        {discard(say('丢掉改动', 'Discard them'))}
      </div>
    );
  }
  const who = by || say('别人', 'Somebody else');
  return (
    <div class="overtaken" role="alert">
      <p>
        {at
          ? say(
              `${who} 在 ${when(at)} 存了新的，你的改动里没有这些。`,
              `${who} saved it ${when(at)}; your changes are without that.`,
            )
          : say(
              `${who}在你编辑时存了新的，你的改动里没有这些。`,
              `${who} saved it while you were editing; your changes are without that.`,
            )}
      </p>
      {children && (
        <details class="raw">
          <summary>{say('对照：新的（−）和你写的（+）', 'Compare: the new one (−), yours (+)')}</summary>
          {children}
        </details>
      )}
      <div class="actions-row">
        <Button onPress={edited.keepMine}>{say('以我的为准', 'Mine takes its place')}</Button>
        {discard(say('用新的', 'Take the new one'))}
      </div>
    </div>
  );
}
