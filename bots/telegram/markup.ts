/**
 * Marked text: plain text with invisible signs where bold, italic and code begin and end. It can be measured and cut
 * anywhere; only what was cut becomes Telegram's HTML, so that no tag or entity is ever cut.
 */
type Tag = 'b' | 'i' | 'pre' | 'a';

/** Control characters: `clean` leaves none in what people type. */
const OPENERS: Record<Tag, string> = { b: '\u0001', i: '\u0002', pre: '\u0003', a: '\u0004' };
const CLOSER = '\u0005';
const OPENED = new Map(Object.entries(OPENERS).map(([tag, sign]) => [sign, tag as Tag]));
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text without signs, put between two of them. They do not nest. `a` is for `@` and the number of a user, who is called. */
export function marked(tag: Tag, text: string): string {
  return text && OPENERS[tag] + text + CLOSER;
}

/** Characters that a reader sees, as Telegram counts them: UTF-16 units after entities. */
export function visibleLength(text: string): number {
  return [...text].reduce((sum, character) => sum + (isSign(character) ? 0 : character.length), 0);
}

/** Consecutive parts of marked text as Telegram's HTML; what is open at the end of one goes on in the next. */
export function toHtml(parts: readonly string[]): string[] {
  let open: Tag | undefined;
  return parts.map((part) => {
    let html = open ? `<${open}>` : '';
    for (const character of part) {
      if (character === CLOSER) {
        html += open ? `</${open}>` : '';
        open = undefined;
        continue;
      }
      const opened = OPENED.get(character);
      if (opened) html += `<${opened}>`;
      else html += ESCAPES[character] ?? character;
      open = opened ?? open;
    }
    if (open) html += `</${open}>`;
    return html.replace(/<a>@(\d+)<\/a>/g, '<a href="tg://user?id=$1">@$1</a>');
  });
}

/**
 * What people typed, without control characters and halves of surrogate pairs. A typed `@name` would call that person:
 * its `@` is written full-width, which people read as the same.
 */
export function clean(text: string): string {
  return Buffer.from(text)
    .toString()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .replace(/(?<!\w)@(?=\w)/g, '＠');
}

export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\t]\s*/g, ' ').trim();
}

/** Columns in a fixed-width font: Chinese characters and emoji take two. */
export function columns(text: string): number {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;

function isSign(character: string): boolean {
  return character === CLOSER || OPENED.has(character);
}
