import { createHash } from 'node:crypto';
import { type Lang, pick } from '../../src/core/message.ts';
import type { DrawnButton, DrawnMessage } from '../../src/core/platform.ts';
import { type CardRoom, type CardWords, cardWords, plainLine } from '../../src/core/wecom/card-words.ts';
import { cleanText } from '../../src/core/wecom/markdown.ts';

/** A template card with buttons, without its `task_id`, which every sending makes its own. Its texts are plain. */
export interface Card extends CardWords {
  card_type: 'button_interaction';
  button_list: { text: string; key: string }[];
  /** In an update: stands grey where the buttons were. */
  replace_text?: string;
}

/** About what a card shows on a phone without cutting, in characters. */
const SHOWN: CardRoom = { title: 36, desc: 44, text: 160, label: 12, value: 30, rows: 6 };
const BUTTONS = 6;
/** A button's key holds 1024 bytes; what is asked before a call is cut to this many characters. */
const CONFIRM_LENGTH = 120;

/** The words of a message on the app's card; undefined where they have no place there. */
export function appCardWords(message: DrawnMessage): CardWords | undefined {
  return cardWords(message, SHOWN);
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

function fits(text: string | undefined, part: keyof CardRoom): boolean {
  return Array.from(text ?? '').length <= SHOWN[part];
}

function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
}

function plain(text: string): string {
  return cleanText(text).trim();
}
