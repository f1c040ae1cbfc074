import type { ComponentChild } from 'preact';

/** A figure with the Chinese word before or after it, which a line may not be broken between: 成单 24, 312 单. */
const FIGURE = /[\u3400-\u9fff] [+-]?[\d,.]+%?(?: [\u3400-\u9fff])?|\d%? [\u3400-\u9fff]/g;

/** The first line of a message. In Chinese it breaks at punctuation and blanks, and tears no figure from its name. */
export function Title({ text }: { text: string }) {
  const parts: ComponentChild[] = [];
  let from = 0;
  for (const match of text.matchAll(FIGURE)) {
    parts.push(text.slice(from, match.index), <span class="together">{match[0]}</span>);
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return <>{parts}</>;
}
