import type { ComponentChild } from 'preact';
import { LinkedText } from '../shared/LinkedText.tsx';

/** A bar of progress written in characters, `▓▓▓▓▓▓░░░░`, as platforms without pictures show it. */
const BAR = /[▓█]+░*|░+/g;

/** Text of a message: addresses become links, and a bar of characters a drawn one. */
export function AnswerText({ text }: { text: string }) {
  const parts: ComponentChild[] = [];
  let from = 0;
  for (const match of text.matchAll(BAR)) {
    const bar = match[0];
    const filled = bar.replaceAll('░', '').length;
    if (bar.length < 4) continue;
    parts.push(
      <LinkedText text={text.slice(from, match.index)} />,
      <span class="bar" style={{ '--filled': `${(filled / bar.length) * 100}%` }} aria-hidden="true">
        {bar}
      </span>,
    );
    from = match.index + bar.length;
  }
  parts.push(<LinkedText text={text.slice(from)} />);
  return <>{parts}</>;
}
