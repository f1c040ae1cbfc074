import { Refused } from './telegram-refused.ts';

export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
}

const TAGS: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  s: 'strikethrough',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  a: 'text_link',
};
const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/**
 * Telegram's HTML: few tags, properly nested; anything else with a `<` is refused.
 * @throws Refused
 */
export function parseHtml(html: string): { text: string; entities: Entity[] } {
  const open: { tag: string; offset: number; url?: string }[] = [];
  const entities: Entity[] = [];
  let text = '';
  for (let at = 0; at < html.length; ) {
    const rest = html.slice(at);
    const reference = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/i.exec(rest);
    if (reference) {
      const [whole, decimal, hex, name] = reference;
      text += name ? (NAMED[name] ?? whole) : String.fromCodePoint(Number(decimal ?? `0x${hex}`));
      at += whole.length;
    } else if (rest[0] === '<') {
      const tag = /^<(\/?)([a-z-]+)(?:\s+href="([^"<>]*)")?\s*>/i.exec(rest);
      const name = tag?.[2]?.toLowerCase() ?? '';
      if (!tag || !TAGS[name]) throw bad(`Unsupported start tag "${name}" at byte offset ${at}`);
      if (tag[1]) {
        const last = open.pop();
        if (last?.tag !== name) throw bad(`Unmatched end tag at byte offset ${at}, expected "</${last?.tag}>"`);
        const length = text.length - last.offset;
        if (length > 0) {
          entities.push({ type: TAGS[name], offset: last.offset, length, ...(last.url && { url: last.url }) });
        }
      } else open.push({ tag: name, offset: text.length, ...(tag[3] && { url: tag[3] }) });
      at += tag[0].length;
    } else {
      text += rest[0];
      at += 1;
    }
  }
  const unclosed = open.at(-1);
  if (unclosed) throw bad(`Can't find end tag corresponding to start tag "${unclosed.tag}"`);
  return { text, entities };
}

function bad(why: string): Refused {
  return new Refused(400, `Bad Request: can't parse entities: ${why}`);
}
