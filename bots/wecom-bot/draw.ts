import { DeliveryError } from '../../src/core/errors.ts';
import { type Lang, pick, type Tone } from '../../src/core/message.ts';
import type { DrawnBlock, DrawnMessage, Picture } from '../../src/core/platform.ts';
import { splitText, utf8Length } from '../../src/core/split.ts';
import { cleanText, oneLine } from '../../src/core/wecom/markdown.ts';
import { type ButtonCard, drawCards } from './card.ts';

/** One message of the bot: words, a card with buttons, or bytes that are uploaded first. */
export type BotParcel =
  | { msgtype: 'markdown'; markdown: { content: string } }
  | { msgtype: 'template_card'; template_card: ButtonCard }
  | BotMedia;

export interface BotMedia {
  msgtype: 'image' | 'file';
  name: string;
  bytes: Uint8Array;
  /** What it is, as text; stands where the answer's words would have been. */
  caption: string;
}

const MARKDOWN_BYTES = 20_480;
/** Where a message is cut, tables are made of pieces with a head of their own, far below half of a part. */
const TABLE_BYTES = 3000;
const IMAGE_BYTES = 10 * 1024 * 1024;
/** 100 chunks of 512 KB. */
const FILE_BYTES = 50 * 1024 * 1024;
/** Longer values are not set bold, so that a long message is never cut between the stars. */
const BOLD_BYTES = 512;

/**
 * A message as messages of the bot: all words first, in one bubble where they fit, then pictures and files, then cards
 * with the buttons, six on each. Few words with buttons are one card, so that the card can be replaced when it is pressed.
 * @throws DeliveryError `refused` for a picture or a file that the bot would not take
 */
export function draw(message: DrawnMessage): BotParcel[] {
  const { cards, holdWords } = drawCards(message);
  return [
    ...(holdWords ? [] : drawWords(message)),
    ...message.blocks.flatMap(drawBytes),
    ...cards.map((template_card): BotParcel => ({ msgtype: 'template_card', template_card })),
  ];
}

function drawWords(message: DrawnMessage): BotParcel[] {
  const whole = compose(message, Number.POSITIVE_INFINITY);
  if (!whole) return [];
  const content = utf8Length(whole) <= MARKDOWN_BYTES ? whole : compose(message, TABLE_BYTES);
  return splitText(content, MARKDOWN_BYTES).map((part) => ({ msgtype: 'markdown', markdown: { content: part } }));
}

function compose(message: DrawnMessage, tableBytes: number): string {
  const title = escapeMarkdown(oneLine(message.title ?? ''));
  const sections = message.blocks.map((block) => section(block, message.lang, tableBytes));
  const age = escapeMarkdown(oneLine(message.age ?? ''));
  return [title && `### ${title}`, ...sections, age && `> ${age}`].filter(Boolean).join('\n\n');
}

function section(block: DrawnBlock, lang: Lang, tableBytes: number): string {
  switch (block.type) {
    case 'text':
      return escapeMarkdown(block.text).replace(/^\s*\n|\s+$/g, '');
    case 'fields':
      return block.fields.map(({ label, value, tone }) => field(label, value, tone, lang)).join('\n');
    case 'table':
      return table(block, tableBytes);
    default:
      return '';
  }
}

/** A list keeps its lines apart in every reader of Markdown. There are no colours: what is good or bad is bold. */
function field(label: string, value: string, tone: Tone | undefined, lang: Lang): string {
  const text = escapeMarkdown(oneLine(value));
  const marked = tone && tone !== 'info' && text && utf8Length(text) <= BOLD_BYTES ? `**${text}**` : text;
  return `- ${escapeMarkdown(oneLine(label))}${pick(lang, '：', ': ')}${marked}`;
}

function table({ columns, rows }: Extract<DrawnBlock, { type: 'table' }>, mostBytes: number): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => escapeMarkdown(oneLine(cell))).join(' | ')} |`;
  const rule = `| ${columns.map(({ align }) => (align === 'right' ? '---:' : ':---')).join(' | ')} |`;
  const head = `${line(columns.map(({ label }) => label))}\n${rule}`;
  const tables = [head];
  for (const row of rows.map(line)) {
    const last = tables.at(-1) ?? head;
    if (last !== head && utf8Length(last) + utf8Length(row) >= mostBytes) tables.push(`${head}\n${row}`);
    else tables[tables.length - 1] = `${last}\n${row}`;
  }
  return tables.join('\n\n');
}

/** `@all`, which some clients call everybody by. */
const CALL = /@(?=all|所有人)/gi;
/**
 * What markdown_v2 gives a meaning wherever it stands: bold, italic, struck out, code, tags and `<@mentions>`, headings,
 * quotes, tables, the middle of a link or an image, entities, escapes. An underscore inside a word is part of an id.
 */
const MARKUP = /[*`<>#|~\\]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|\](?=\s*[([:])|&(?=#?\w+;)/gu;
/** What begins a list, underlines a heading or is a rule, if it stands alone. */
const ALONE = /(?<!\S)(?:[-+=]+|\d{1,9}[.)])(?!\S)/g;
/** From a printable ASCII character to its full-width twin. */
const FULL_WIDTH = 0xfee0;

/**
 * What people typed, as plain text. Whether the bot's markdown knows an escape character is not documented; so what could
 * be markup is written full-width: people read `＊` as `*`, no client gives it a meaning, and copied back into a command
 * it becomes `*` again (NFKC).
 */
function escapeMarkdown(text: string): string {
  return cleanText(text)
    .replace(MARKUP, fullWidth)
    .replace(ALONE, (mark) => mark.replace(/[-+=.)]/g, fullWidth))
    .replace(CALL, '＠');
}

function fullWidth(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) + FULL_WIDTH);
}

function drawBytes(block: DrawnBlock): BotParcel[] {
  if (block.type === 'pictures') return block.pictures.map(drawPicture);
  return block.type === 'file' ? [drawFile(block.name, block.bytes)] : [];
}

function drawPicture({ bytes, alt }: Picture): BotParcel {
  const ending = pictureEnding(bytes);
  if (!ending) throw refused(`the picture "${alt}" is neither PNG nor JPEG, which are all that the bot shows`);
  if (bytes.length > IMAGE_BYTES) {
    throw refused(`the picture "${alt}" has ${megabytes(bytes)}; the bot takes 10 MB: draw it smaller`);
  }
  return { msgtype: 'image', name: `picture.${ending}`, bytes, caption: caption(alt) };
}

function drawFile(name: string, bytes: Uint8Array): BotParcel {
  if (bytes.length <= 5) throw refused(`the file "${name}" is empty: WeCom takes more than 5 bytes`);
  if (bytes.length > FILE_BYTES) {
    throw refused(`the file "${name}" has ${megabytes(bytes)}; the bot takes 50 MB: send less`);
  }
  return { msgtype: 'file', name: oneLine(cleanText(name)).replace(/["\\/]/g, '_'), bytes, caption: caption(name) };
}

function caption(text: string): string {
  return splitText(escapeMarkdown(oneLine(text)), BOLD_BYTES)[0] ?? '';
}

function refused(reason: string): DeliveryError {
  return new DeliveryError('refused', reason);
}

function megabytes(bytes: Uint8Array): string {
  return `${(bytes.length / 1024 / 1024).toFixed(1)} MB`;
}

function pictureEnding(bytes: Uint8Array): 'png' | 'jpg' | undefined {
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '\u0089PNG') return 'png';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'jpg' : undefined;
}

/** The words that close a waiting answer whose first parcel is not words. */
export function captionOf(parcel: BotParcel): string {
  if (parcel.msgtype === 'markdown') return parcel.markdown.content;
  if (parcel.msgtype === 'template_card') return escapeMarkdown(parcel.template_card.main_title.title);
  return parcel.caption || '↓';
}
