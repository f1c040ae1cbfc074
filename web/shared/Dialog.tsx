import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  label: string;
  kind?: 'sheet' | 'wide' | 'full';
  onClose: () => void;
  children: ComponentChildren;
}

/** The browser's modal dialog: it keeps the focus inside, closes on Esc, and gives the focus back. */
export function Dialog({ label, kind = 'sheet', onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it; the key for that is Esc.
    <dialog
      ref={ref}
      class={`dialog ${kind === 'wide' ? 'sheet wide' : kind}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
