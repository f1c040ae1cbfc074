import type { ComponentChildren } from 'preact';

interface ButtonProps {
  children: ComponentChildren;
  kind?: 'plain' | 'main' | 'quiet' | 'icon';
  /** Waiting for an answer: shown, and not to be pressed again. The focus stays. */
  busy?: boolean;
  disabled?: boolean;
  label?: string | undefined;
  type?: 'button' | 'submit';
  onPress?: () => void;
}

export function Button({ children, kind = 'plain', busy = false, disabled, label, type, onPress }: ButtonProps) {
  return (
    <button
      type={type ?? 'button'}
      class={`button ${kind}`}
      aria-label={label}
      title={kind === 'icon' ? label : undefined}
      aria-busy={busy || undefined}
      aria-disabled={busy || disabled || undefined}
      onClick={(event) => {
        if (busy || disabled) event.preventDefault();
        else onPress?.();
      }}
    >
      {children}
    </button>
  );
}
