import type { DrawnBlock, DrawnMessage } from '../platform.ts';
import { cleanText, oneLine } from './markdown.ts';

/** What stands on a template card besides its buttons; its title may be empty. Texts are plain. */
export interface CardWords {
  main_title: { title: string; desc?: string };
  sub_title_text?: string;
  horizontal_content_list?: { keyname: string; value: string }[];
}

/** What a phone shows of a card without cutting it, in characters; `rows` of `horizontal_content_list`. */
export interface CardRoom {
  title: number;
  desc: number;
  text: number;
  label: number;
  value: number;
  rows: number;
}

/** A message's words as those of a card; undefined where a card would cut them, change their order or has no place. */
export function cardWords(message: DrawnMessage, room: CardRoom): CardWords | undefined {
  const fits = (text: string, part: keyof CardRoom) => Array.from(text).length <= room[part];
  const texts = message.blocks.flatMap((block) => (block.type === 'text' ? [plain(block.text)] : [])).filter(Boolean);
  const rows = message.blocks.flatMap((block) => (block.type === 'fields' ? block.fields : []));
  const fields = rows.map(({ label, value }) => ({ keyname: plainLine(label), value: plainLine(value) }));
  const [first = ''] = texts;
  const title = plainLine(message.title ?? '') || (fits(first, 'title') && !first.includes('\n') ? texts.shift() : '');
  const text = texts.join('\n');
  const desc = plainLine(message.age ?? '');
  const shown =
    fits(title ?? '', 'title') &&
    fits(desc, 'desc') &&
    fits(text, 'text') &&
    fields.length <= room.rows &&
    fields.every(({ keyname, value }) => keyname && fits(keyname, 'label') && fits(value, 'value'));
  if (!shown || !textsFirst(message.blocks) || !(title || text || fields.length > 0)) return undefined;
  return {
    main_title: { title: title ?? '', ...(desc && { desc }) },
    ...(text && { sub_title_text: text }),
    ...(fields.length > 0 && { horizontal_content_list: fields }),
  };
}

/** A card shows its text above its rows, and no table. */
function textsFirst(blocks: readonly DrawnBlock[]): boolean {
  const firstRows = blocks.findIndex(({ type }) => type === 'fields');
  const below = firstRows < 0 ? [] : blocks.slice(firstRows);
  return !blocks.some(({ type }) => type === 'table') && !below.some(({ type }) => type === 'text');
}

function plain(text: string): string {
  return cleanText(text).trim();
}

/** As one line without markup or control characters. */
export function plainLine(text: string): string {
  return oneLine(cleanText(text));
}
