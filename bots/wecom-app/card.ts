import { createHash } from 'node:crypto';
import { type Lang, pick } from '../../src/core/message.ts';
import type { DrawnBlock, DrawnButton, DrawnMessage } from '../../src/core/platform.ts';
import { cleanText, oneLine } from '../../src/core/wecom/markdown.ts';

/** A template card with buttons, without its `task_id`, which every sending makes its own. Its texts are plain. */
export interface Card {
  card_type: 'button_interaction';
  main_title: { title: string; desc?: string };
  sub_title_text?: string;
  horizontal_content_list?: { keyname: string; value: string }[];
  button_list: { text: string; key: string }[];
  /** In an update: stands grey where the buttons were. */
  replace_text?: string;
}

/** About what a card shows on a phone without cutting, in characters. */
const SHOWN = { title: 36, desc: 44, text: 160, label: 12, value: 30, rows: 6 } as const;
const BUTTONS = 6;
/** A button's key holds 1024 bytes; what is asked before a call is cut to this many characters. */
const CONFIRM_LENGTH = 120;

/** What stands on a card besides its buttons; its title may be empty. */
export type CardWords = Omit<Card, 'button_list' | 'card_type' | 'replace_text'>;

/** A message's words as those of a card; undefined where a card would cut them or change their order. */
export function cardWords(message: DrawnMessage): CardWords | undefined {
  const texts = message.blocks.flatMap((block) => (block.type === 'text' ? [plain(block.text)] : [])).filter(Boolean);
  const rows = message.blocks.flatMap((block) => (block.type === 'fields' ? block.fields : []));
  const fields = rows.map(({ label, value }) => ({ keyname: plainLine(label), value: plainLine(value) }));
  const title = plainLine(message.title ?? '') || (texts.length > 0 && fits(texts[0], 'title') ? texts.shift() : '');
  const text = texts.join('\n');
  const desc = plainLine(message.age ?? '');
  const shown =
    fits(title, 'title') &&
    fits(desc, 'desc') &&
    fits(text, 'text') &&
    fields.length <= SHOWN.rows &&
    fields.every(({ keyname, value }) => keyname && fits(keyname, 'label') && fits(value, 'value'));
  if (!shown || !textsFirst(message.blocks) || !(title || text || fields.length > 0)) return undefined;
  return {
    main_title: { title: title ?? '', ...(desc && { desc }) },
    ...(text && { sub_title_text: text }),
    ...(fields.length > 0 && { horizontal_content_list: fields }),
  };
}

/**
 * Buttons as cards, six on each.
 * @param words of the first card; without them a card says that there is something to choose
 */
export function buttonCards(buttons: readonly DrawnButton[], words: CardWords | undefined, lang: Lang): Card[] {
  const choose = pick(lang, '请选择', 'Please choose');
  return Array.from({ length: Math.ceil(buttons.length / BUTTONS) }, (_, i) => ({
    card_type: 'button_interaction',
    ...titled(i === 0 ? words : undefined, choose),
    button_list: buttons
      .slice(i * BUTTONS, (i + 1) * BUTTONS)
      .map((button) => ({ text: plainLine(button.label) || '…', key: keyOf(button, lang) })),
  }));
}

/** A card whose buttons are over: WeCom wants one to put the grey words over. */
export function doneCard(words: CardWords, said: string): Card {
  const button_list = [{ text: said, key: 'done' }];
  return { card_type: 'button_interaction', ...titled(words, said), button_list, replace_text: said };
}

/** WeCom takes no card without a title. */
function titled(words: CardWords | undefined, title: string): CardWords {
  const main = words?.main_title;
  return { ...words, main_title: { ...main, title: main?.title || title } };
}

/** What a pressed button means: a call by its ref, or another card in its place. */
export type Pressed = { ref: string } | { card: Card } | { nothing: true };

/** A button whose call is asked about first carries the question itself, so that nothing must be remembered. */
interface Question {
  ref: string;
  label: string;
  confirm: string;
  lang: Lang;
}

function keyOf(button: DrawnButton, lang: Lang): string {
  if (!button.confirm) return button.ref;
  const question: Question = {
    ref: button.ref,
    label: cut(plainLine(button.label), SHOWN.label),
    confirm: cut(plain(button.confirm), CONFIRM_LENGTH),
    lang,
  };
  return JSON.stringify(question);
}

/** @param key of a button that we made, as it came back */
export function pressed(key: string): Pressed {
  if (key === 'done' || key === '') return { nothing: true };
  if (!key.startsWith('{')) return { ref: key };
  const read = readKey(key);
  if (!read) return { nothing: true };
  const { lang } = read;
  if (!('ref' in read)) {
    const cancelled = pick(lang, '已取消', 'Cancelled');
    return { card: doneCard({ main_title: { title: cancelled } }, cancelled) };
  }
  const { ref, label, confirm } = read;
  const long = !fits(confirm, 'title');
  return {
    card: {
      card_type: 'button_interaction',
      main_title: { title: long ? pick(lang, '请确认', 'Please confirm') : confirm },
      ...(long && { sub_title_text: confirm }),
      button_list: [
        { text: label, key: ref },
        { text: pick(lang, '取消', 'Cancel'), key: JSON.stringify({ cancel: true, lang }) },
      ],
    },
  };
}

function readKey(key: string): Question | { cancel: true; lang: Lang } | undefined {
  try {
    return JSON.parse(key) as Question | { cancel: true; lang: Lang };
  } catch {
    return undefined;
  }
}

/** A task id: WeCom takes letters, digits, `_-@`, at most 128, and each once per app. The same for the same name. */
export function taskId(name: string): string {
  return `fb-${createHash('sha256').update(name).digest('base64url')}`;
}

/** A card shows its text above its rows, and no table. */
function textsFirst(blocks: readonly DrawnBlock[]): boolean {
  const firstRows = blocks.findIndex(({ type }) => type === 'fields');
  const below = firstRows < 0 ? [] : blocks.slice(firstRows);
  return !blocks.some(({ type }) => type === 'table') && !below.some(({ type }) => type === 'text');
}

function fits(text: string | undefined, part: Exclude<keyof typeof SHOWN, 'rows'>): boolean {
  return Array.from(text ?? '').length <= SHOWN[part];
}

function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
}

function plain(text: string): string {
  return cleanText(text).trim();
}

function plainLine(text: string): string {
  return oneLine(cleanText(text));
}
