import { useState } from 'preact/hooks';
import type { Button as ButtonJson } from '../../src/core/message.ts';
import { Button } from '../shared/Button.tsx';
import { Dialog } from '../shared/Dialog.tsx';
import { useLanguage } from '../shared/language.tsx';

/** Makes a button's call; done when it was answered, or when waiting is given up. */
export type Press = (button: ButtonJson) => Promise<void>;

/** The buttons of a message. One that was pressed waits, and cannot be pressed again until then. */
export function Actions({ buttons, onPress }: { buttons: ButtonJson[]; onPress?: Press | undefined }) {
  const { say } = useLanguage();
  const [busy, setBusy] = useState<ReadonlySet<number>>(new Set());
  const [asked, setAsked] = useState<number | null>(null);
  const question = asked === null ? undefined : buttons[asked];

  const make = async (at: number): Promise<void> => {
    const button = buttons[at];
    setAsked(null);
    if (!button || !onPress) return;
    setBusy((now) => new Set(now).add(at));
    try {
      await onPress(button);
    } finally {
      setBusy((now) => new Set([...now].filter((other) => other !== at)));
    }
  };

  return (
    <div class="actions">
      {buttons.map((button, at) => (
        <Button
          key={at}
          busy={busy.has(at)}
          disabled={!onPress}
          onPress={() => (button.confirm ? setAsked(at) : void make(at))}
        >
          {button.label}
        </Button>
      ))}
      {question && asked !== null && (
        <Dialog label={question.label} onClose={() => setAsked(null)}>
          <p class="dialog-text">{question.confirm}</p>
          <div class="dialog-buttons">
            <Button onPress={() => setAsked(null)}>{say('取消', 'Cancel')}</Button>
            <Button kind="main" onPress={() => void make(asked)}>
              {question.label}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
