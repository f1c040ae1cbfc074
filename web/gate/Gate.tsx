import type { ComponentChildren } from 'preact';
import { Brand, LanguageToggle, SampleMark } from '../shared/marks.tsx';

/** The page before the chat: one card in the middle. */
export function Gate({ title, sample, children }: { title: string; sample?: boolean; children: ComponentChildren }) {
  return (
    <main class="gate">
      <div class="gate-card">
        <header class="gate-head">
          <Brand />
          {sample && <SampleMark />}
          <LanguageToggle />
        </header>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
