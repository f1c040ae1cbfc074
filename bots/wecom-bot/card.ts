import { type Lang, pick } from '../../src/core/message.ts';
import type { DrawnButton, DrawnMessage } from '../../src/core/platform.ts';
import { type CardRoom, type CardWords, cardWords, plainLine } from '../../src/core/wecom/card-words.ts';

/** A template card of type `button_interaction`. Its `task_id` is given when it is sent. Texts are plain. */
export interface ButtonCard extends CardWords {
  card_type: 'button_interaction';
  button_list: { text: string; style: 1 | 2; key: string }[];
}

/** What a phone shows of a card without cutting it off, in characters (document 101032). */
const ROOM: CardRoom = { title: 26, desc: 30, text: 112, label: 5, value: 26, rows: 6 };
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
      text: plainLine(label) || '…',
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

/** A card wants a title. */
function wordsOnCard(message: DrawnMessage): CardWords | undefined {
  if (message.blocks.some(({ type }) => type === 'pictures' || type === 'file')) return undefined;
  const words = cardWords(message, ROOM);
  return words?.main_title.title ? words : undefined;
}
