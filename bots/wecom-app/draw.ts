import { createHash } from 'node:crypto';
import { pick } from '../../src/core/message.ts';
import type { DrawnBlock, DrawnMessage, Picture } from '../../src/core/platform.ts';
import { splitText, utf8Length } from '../../src/core/split.ts';
import { wecomMarkdown, wecomPlain, wecomSmall } from '../../src/core/wecom/markdown.ts';
import { checkedFile, checkedPicture, pictureEnding } from '../../src/core/wecom/media.ts';
import { appCardWords, buttonCards, type Card, doneCard } from './card.ts';

/** One message of the app. */
export type AppParcel = WordsParcel | BytesParcel | { msgtype: 'template_card'; card: Card };

export interface WordsParcel {
  msgtype: 'text' | 'markdown';
  content: string;
  /** The whole message as a card without buttons, to put in the place of a card. */
  card?: Card;
}

/** Uploaded first. */
export interface BytesParcel {
  msgtype: 'image' | 'file';
  name: string;
  bytes: Uint8Array;
}

/** Of text and of markdown; more is cut off by WeCom. */
const WORDS_BYTES = 2048;
const IMAGE_MEGABYTES = 10;
const TAKER = 'the app';

/**
 * A message as messages of the app: words, pictures and files, buttons. With buttons, words that fit stand on their card.
 * Words without a title, fields or age are `text`, which the WeChat side of WeCom shows too; it does not show markdown.
 * @throws DeliveryError `refused` for a picture or a file that WeCom would not take
 */
export function draw(message: DrawnMessage): AppParcel[] {
  const buttons = message.blocks.flatMap((block) => (block.type === 'actions' ? block.buttons : []));
  const bytes = message.blocks.flatMap(drawBytes);
  const words = appCardWords(message);
  if (buttons.length === 0) {
    const parcels = drawWords(message);
    const [only] = parcels;
    if (!words || parcels.length !== 1 || !only || bytes.length > 0) return [...parcels, ...bytes];
    return [{ ...only, card: doneCard(words, pick(message.lang, '已处理', 'Done')) }];
  }
  const cards = buttonCards(buttons, words, message.lang).map((card) => ({ msgtype: 'template_card' as const, card }));
  return [...(words ? [] : drawWords(message)), ...bytes, ...cards];
}

function drawWords(message: DrawnMessage): WordsParcel[] {
  const marked = Boolean(message.title || message.age) || message.blocks.some(({ type }) => type === 'fields');
  const content = marked ? wecomMarkdown(message) : wecomPlain(message);
  if (!content.trim()) return [];
  const parts = splitText(content, WORDS_BYTES - MARK_BYTES);
  return parts.map((part) => ({ msgtype: marked ? 'markdown' : 'text', content: part }));
}

function drawBytes(block: DrawnBlock): BytesParcel[] {
  if (block.type === 'pictures') return block.pictures.map(drawPicture);
  return block.type === 'file' ? [{ msgtype: 'file', ...checkedFile(block.name, block.bytes, TAKER) }] : [];
}

function drawPicture(picture: Picture): BytesParcel {
  const bytes = checkedPicture(picture, IMAGE_MEGABYTES, TAKER);
  return { msgtype: 'image', name: `picture.${pictureEnding(bytes)}`, bytes };
}

/**
 * The words of a parcel under the key of their letter. WeCom swallows a request that equals an earlier one, so that a
 * retry arrives once; but two letters may say the same, and both are meant. So each carries a short number of its own,
 * the same on all its parts and on every retry. Cards have their `task_id`, pictures and files a `media_id` of their own.
 */
export function numbered(parcel: WordsParcel, key: string): string {
  const line = `#${letterNumber(key)}`;
  return `${parcel.content}\n${parcel.msgtype === 'markdown' ? wecomSmall(line) : line}`;
}

/** The number of a letter, by its key or by that of one of its parcels (`key#2`): six hexadecimal digits. */
function letterNumber(key: string): string {
  return createHash('sha256').update(key.replace(/#\d+$/, '')).digest('hex').slice(0, 6);
}

const MARK_BYTES = utf8Length(`\n${wecomSmall('#000000')}`);
