import type { ComponentChild } from 'preact';

/** An address ends before blanks, quotes, brackets, Chinese text and the sentence's own punctuation. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`，。；：！？、（）「」『』《》【】\u3400-\u9fff]+/gi;

/** Where the address in `found` ends: a full stop after it, or a bracket that it did not open, is not part of it. */
function trimmed(found: string): string {
  let address = found.replace(/[.,;:!?]+$/, '');
  while (/[)\]}]$/.test(address) && !/[([{]/.test(address)) address = address.slice(0, -1).replace(/[.,;:!?]+$/, '');
  return address;
}

/** Plain text with its http and https addresses as links. Nothing in it is ever read as HTML. */
export function LinkedText({ text }: { text: string }) {
  const parts: ComponentChild[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    parts.push(
      text.slice(from, match.index),
      <a href={address} target="_blank" rel="noopener noreferrer">
        {address}
      </a>,
    );
    from = match.index + address.length;
  }
  parts.push(text.slice(from));
  return <>{parts}</>;
}
