import type { ComponentChildren } from 'preact';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { Link } from '../route.tsx';
import type { Asked } from '../useCommand.ts';

interface PageProps {
  title: string;
  /** Where one came from: its words and address. */
  back?: { words: string; to: string };
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A page with its heading. */
export function Page({ title, back, actions, children }: PageProps) {
  return (
    <div class="page">
      <header class="page-head">
        <div>
          {back && (
            <Link class="page-back" to={back.to}>
              ‹ {back.words}
            </Link>
          )}
          <h1>{title}</h1>
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface WhenThereProps<T> {
  asked: Asked<T>;
  /** Nothing to show. */
  empty?: (data: T) => ComponentChildren | null | false;
  children: (data: T) => ComponentChildren;
}

/** What is shown while one waits, when it failed, when there is nothing, and when there is something. */
export function WhenThere<T>({ asked, empty, children }: WhenThereProps<T>) {
  const { say } = useLanguage();
  if (asked.answer === null && asked.failed === null) {
    return (
      <div class="waiting" role="status" aria-label={say('正在读取', 'Loading')}>
        <span />
        <span />
        <span />
      </div>
    );
  }
  const nothing = asked.answer && empty?.(asked.answer.data);
  return (
    <>
      {asked.failed !== null && (
        <div class="failed" role="alert">
          <p>{asked.failed}</p>
          <Button onPress={() => void asked.reload()}>{say('再试一次', 'Try again')}</Button>
        </div>
      )}
      {nothing ? <div class="empty">{nothing}</div> : asked.answer && children(asked.answer.data)}
    </>
  );
}
