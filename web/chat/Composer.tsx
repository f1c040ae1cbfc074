import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../shared/Button.tsx';
import { Icon } from '../shared/Icon.tsx';
import { useLanguage } from '../shared/language.tsx';

interface ComposerProps {
  /** One's own lines in this room, oldest first. */
  history: string[];
  draft: string;
  onDraft: (draft: string) => void;
  placeholder: string;
  onSend: (text: string) => void;
}

/** Where one types: Enter sends, Shift+Enter breaks the line, ↑ in an empty field brings back the line before. */
export function Composer({ history, draft, onDraft, placeholder, onSend }: ComposerProps) {
  const { say } = useLanguage();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(draft);
  /** How many lines back ↑ has gone; 0: not at all. */
  const [back, setBack] = useState(0);

  const write = (next: string, steps = 0): void => {
    setText(next);
    setBack(steps);
    onDraft(next);
  };
  const send = (): void => {
    const line = text.trim();
    if (!line) return;
    onSend(line);
    write('');
    field.current?.focus();
  };

  // With a mouse one can type at once; on a phone that would pull up the keyboard.
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  // As high as its text.
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const recallLine = (steps: number): boolean => {
    if (back === 0 && text !== '') return false;
    if (steps < 0 || steps > history.length) return false;
    write(steps === 0 ? '' : (history[history.length - steps] ?? ''), steps);
    return true;
  };

  const keyDown = (event: KeyboardEvent): void => {
    // While Chinese is being composed, keys belong to the input method; Safari marks its last Enter by 229 alone.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && recallLine(back + 1)) event.preventDefault();
    else if (event.key === 'ArrowDown' && back > 0 && recallLine(back - 1)) event.preventDefault();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        value={text}
        placeholder={placeholder}
        aria-label={say('消息', 'Message')}
        maxLength={2000}
        enterkeyhint="send"
        autocomplete="off"
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={keyDown}
      />
      <Button kind="icon" type="submit" label={say('发送', 'Send')} disabled={!text.trim()}>
        <Icon name="send" />
      </Button>
    </form>
  );
}
