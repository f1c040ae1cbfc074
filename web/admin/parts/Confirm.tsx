import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { Dialog } from '../../shared/Dialog.tsx';
import { useLanguage } from '../../shared/language.tsx';

interface ConfirmProps {
  words: string;
  /** Asked before it is done; absent: done at once. */
  question?: string | undefined;
  disabled?: boolean;
  kind?: 'plain' | 'main' | 'quiet';
  onDo: () => Promise<unknown>;
}

/** A button whose deed may have to be confirmed. */
export function Confirm({ words, question, disabled, kind = 'plain', onDo }: ConfirmProps) {
  const { say } = useLanguage();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const act = async () => {
    setAsked(false);
    setBusy(true);
    await onDo().finally(() => setBusy(false));
  };
  return (
    <>
      <Button
        kind={kind}
        busy={busy}
        {...(disabled !== undefined && { disabled })}
        onPress={() => (question ? setAsked(true) : void act())}
      >
        {words}
      </Button>
      {asked && (
        <Dialog label={words} onClose={() => setAsked(false)}>
          <p class="dialog-text">{question}</p>
          <div class="dialog-buttons">
            <Button onPress={() => setAsked(false)}>{say('取消', 'Cancel')}</Button>
            <Button kind="main" onPress={() => void act()}>
              {words}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
