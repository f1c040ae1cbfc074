import { type Lang, pick } from '../../src/core/message.ts';
import type { DrawnButton, DrawnMessage } from '../../src/core/platform.ts';

/** A template card of type `button_interaction`. Its `task_id` is given when it is sent. Texts are plain. */
export interface ButtonCard {
  card_type: 'button_interaction';
  main_title: { title: string; desc?: string };
  sub_title_text?: string;
  horizontal_content_list?: { keyname: string; value: string }[];
  button_list: { text: string; style: 1 | 2; key: string }[];
}

/** What a phone shows of a card without cutting it off, in characters (document 101032). */
const TITLE = 26;
const DESCRIPTION = 30;
const TEXT = 112;
const LABEL = 5;
const VALUE = 26;
const FIELDS = 6;
const BUTTONS = 6;

/**
 * The cards of a message's buttons. Where its words are few enough they stand on the card (`holdWords`), because a card is
 * all that can be replaced later; otherwise the card only asks, below the words.
 */
export function drawCards(message: DrawnMessage): { cards: ButtonCard[]; holdWords: boolean } {
  const buttons = buttonsOf(message);
  if (buttons.length === 0) return { cards: [], holdWords: false };
  const words = buttons.length <= BUTTONS ? wordsOnCard(message) : undefined;
  const head = words ?? { main_title: { title: ask(message.lang) } };
  const cards: ButtonCard[] = [];
  for (let i = 0; i < buttons.length; i += BUTTONS) {
    const button_list = buttons.slice(i, i + BUTTONS).map(({ label, ref }, at) => ({
      text: oneLine(clean(label)) || '…',
      style: i + at === 0 ? (1 as const) : (2 as const),
      key: ref,
    }));
    cards.push({ card_type: 'button_interaction', ...head, button_list });
  }
  return { cards, holdWords: words !== undefined };
}

function ask(lang: Lang): string {
  return pick(lang, '请选择', 'Choose');
}

/** A key may stand on a card once: two buttons that make the same call are one. */
function buttonsOf(message: DrawnMessage): DrawnButton[] {
  const all = message.blocks.flatMap((block) => (block.type === 'actions' ? block.buttons : []));
  return [...new Map(all.map((button) => [button.ref, button])).values()];
}

type Head = Omit<ButtonCard, 'card_type' | 'button_list'>;

function wordsOnCard({ title = '', blocks, age = '' }: DrawnMessage): Head | undefined {
  const texts: string[] = [];
  const fields: { keyname: string; value: string }[] = [];
  for (const block of blocks) {
    if (block.type === 'actions') continue;
    if (block.type === 'text' && fields.length === 0) texts.push(clean(block.text).trim());
    else if (block.type === 'fields') {
      for (const { label, value } of block.fields) {
        fields.push({ keyname: oneLine(clean(label)), value: oneLine(clean(value)) });
      }
    } else return undefined;
  }
  const heading = oneLine(clean(title));
  const text = texts.filter(Boolean).join('\n');
  const [first, rest] = heading ? [heading, text] : [text, ''];
  const desc = oneLine(clean(age));
  const fits =
    first !== '' &&
    !first.includes('\n') &&
    within(first, TITLE) &&
    within(rest, TEXT) &&
    within(desc, DESCRIPTION) &&
    fields.length <= FIELDS &&
    fields.every(({ keyname, value }) => keyname !== '' && within(keyname, LABEL) && within(value, VALUE));
  if (!fits) return undefined;
  return {
    main_title: { title: first, ...(desc && { desc }) },
    ...(rest && { sub_title_text: rest }),
    ...(fields.length > 0 && { horizontal_content_list: fields }),
  };
}

function within(text: string, characters: number): boolean {
  return [...text].length <= characters;
}

/** Without control characters and halves of surrogate pairs, which a JSON reader may refuse. */
export function clean(text: string): string {
  return Buffer.from(text)
    .toString()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '');
}

export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\t]\s*/g, ' ').trim();
}
