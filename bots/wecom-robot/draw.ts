import { createHash } from 'node:crypto';
import type { DrawnBlock, DrawnMessage, Picture } from '../../src/core/platform.ts';
import { splitText, utf8Length } from '../../src/core/split.ts';
import { type CardRoom, type CardWords, cardWords } from '../../src/core/wecom/card-words.ts';
import { wecomMarkdown, wecomMarkdownV2, wecomPlain, wecomPlainText } from '../../src/core/wecom/markdown.ts';
import { checkedFile, checkedPicture } from '../../src/core/wecom/media.ts';

/** One call of the robot: the JSON that it takes, or a file that is uploaded first. */
export type RobotParcel =
  | { msgtype: 'markdown'; markdown: { content: string } }
  | { msgtype: 'markdown_v2'; markdown_v2: { content: string } }
  | { msgtype: 'text'; text: { content: string; mentioned_list?: string[] } }
  | { msgtype: 'template_card'; template_card: NoticeCard }
  | { msgtype: 'image'; image: { base64: string; md5: string } }
  | { msgtype: 'file'; name: string; bytes: Uint8Array };

/** A card that tells something; tapped, it opens a page. A robot's card has no buttons that come back. */
export interface NoticeCard extends CardWords {
  card_type: 'text_notice';
  card_action: { type: 1; url: string };
}

/** About what a card shows on a phone without cutting, in characters. */
const ROOM: CardRoom = { title: 36, desc: 44, text: 160, label: 12, value: 30, rows: 6 };
const MARKDOWN_BYTES = 4096;
const TEXT_BYTES = 2048;
const IMAGE_MEGABYTES = 2;
const TAKER = 'the robot';

/**
 * A message as calls of the robot: all words first, in one bubble where they fit, then each picture and file. Fewer calls
 * matter, because a robot has 20 a minute. Buttons are not drawn: the robot's cards cannot answer.
 * @param page what a card opens; without it there are no cards, because WeCom takes none that opens nothing
 * @throws DeliveryError `refused` for a picture or a file that the robot would not take
 */
export function draw(message: DrawnMessage, page?: string): RobotParcel[] {
  return [...(drawCard(message, page) ?? drawWords(message)), ...message.blocks.flatMap(drawBytes)];
}

/** A title with facts, few enough for a card, is one: the facts stand in rows. */
function drawCard(message: DrawnMessage, page: string | undefined): RobotParcel[] | undefined {
  const called = accounts(message.mentions ?? []).length > 0;
  if (!page || called || !message.title || !message.blocks.some(({ type }) => type === 'fields')) return undefined;
  const words = cardWords(message, ROOM);
  if (!words) return undefined;
  const template_card = { card_type: 'text_notice', ...words, card_action: { type: 1, url: page } } as const;
  return [{ msgtype: 'template_card', template_card }];
}

function drawWords(message: DrawnMessage): RobotParcel[] {
  const mentioned = accounts(message.mentions ?? []);
  if (mentioned.length === 0) return drawMarkdown(message);
  // Only `text` calls everybody (`@all`), and only its list cannot be typed by anybody. The first part calls, once.
  const content = wecomPlain(message) || wecomPlainText(pictureNames(message));
  if (!content) return [];
  const parts = splitText(content, TEXT_BYTES);
  return parts.map((part, i) => ({
    msgtype: 'text',
    text: i === 0 ? { content: part, mentioned_list: mentioned } : { content: part },
  }));
}

/**
 * The second dialect has no colours, and old clients show its source: it is taken for tables alone, and where they fit
 * into one bubble, because a table that is cut loses its head.
 */
function drawMarkdown(message: DrawnMessage): RobotParcel[] {
  if (message.blocks.some(({ type }) => type === 'table')) {
    const content = wecomMarkdownV2(message);
    if (utf8Length(content) <= MARKDOWN_BYTES) return [{ msgtype: 'markdown_v2', markdown_v2: { content } }];
  }
  const content = wecomMarkdown(message);
  if (!content) return [];
  return splitText(content, MARKDOWN_BYTES).map((part) => ({ msgtype: 'markdown', markdown: { content: part } }));
}

/** User ids of this platform: bare, or as an address of a WeCom account. Accounts of other platforms are not called. */
function accounts(mentions: readonly string[]): string[] {
  const ids = mentions.map((name) => (name === 'all' ? '@all' : name.replace(/^wecom-[a-z]+:/, '')));
  return [...new Set(ids.filter((id) => id && !id.includes(':')))];
}

function pictureNames(message: DrawnMessage): string {
  return message.blocks
    .flatMap((block) => (block.type === 'pictures' ? block.pictures.map(({ alt }) => alt) : []))
    .join('\n');
}

function drawBytes(block: DrawnBlock): RobotParcel[] {
  if (block.type === 'pictures') return block.pictures.map(drawPicture);
  return block.type === 'file' ? [{ msgtype: 'file', ...checkedFile(block.name, block.bytes, TAKER) }] : [];
}

function drawPicture(picture: Picture): RobotParcel {
  const bytes = checkedPicture(picture, IMAGE_MEGABYTES, TAKER);
  const md5 = createHash('md5').update(bytes).digest('hex');
  return { msgtype: 'image', image: { base64: Buffer.from(bytes).toString('base64'), md5 } };
}
