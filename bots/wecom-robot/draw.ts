import { createHash } from 'node:crypto';
import { DeliveryError } from '../../src/core/errors.ts';
import { type Lang, pick, type Tone } from '../../src/core/message.ts';
import type { DrawnBlock, DrawnMessage, Picture } from '../../src/core/platform.ts';
import { splitText, utf8Length } from '../../src/core/split.ts';

/** One call of the robot: the JSON that it takes, or a file that is uploaded first. */
export type RobotParcel =
  | { msgtype: 'markdown'; markdown: { content: string } }
  | { msgtype: 'text'; text: { content: string; mentioned_list?: string[] } }
  | { msgtype: 'image'; image: { base64: string; md5: string } }
  | { msgtype: 'file'; name: string; bytes: Uint8Array };

const MARKDOWN_BYTES = 4096;
const TEXT_BYTES = 2048;
const IMAGE_BYTES = 2 * 1024 * 1024;
const FILE_BYTES = 20 * 1024 * 1024;
/** Longer lines carry no markup of ours, so that a long message is never cut between a tag and its end. */
const MARKED_LINE_BYTES = 512;

/**
 * A message as calls of the robot: all words first, in one bubble where they fit, then each picture and file. Fewer calls
 * matter, because a robot has 20 a minute. Buttons are not drawn: the robot's cards cannot answer.
 * @throws DeliveryError `refused` for a picture or a file that the robot would not take
 */
export function draw(message: DrawnMessage): RobotParcel[] {
  return [...drawWords(message), ...message.blocks.flatMap(drawBytes)];
}

function drawWords(message: DrawnMessage): RobotParcel[] {
  const mentioned = accounts(message.mentions ?? []);
  if (mentioned.length === 0) {
    const content = compose(message, MARKDOWN);
    return content ? splitText(content, MARKDOWN_BYTES).map((part) => markdown(part)) : [];
  }
  // Only `text` calls everybody (`@all`), and only its list cannot be typed by anybody. The first part calls, once.
  const content = compose(message, PLAIN) || PLAIN.write(pictureNames(message));
  if (!content) return [];
  const parts = splitText(content, TEXT_BYTES);
  return parts.map((part, i) => ({
    msgtype: 'text',
    text: i === 0 ? { content: part, mentioned_list: mentioned } : { content: part },
  }));
}

function markdown(content: string): RobotParcel {
  return { msgtype: 'markdown', markdown: { content } };
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

/** How words become content of one message type. */
interface Style {
  write(text: string): string;
  title(text: string, tone: Tone | undefined): string;
  field(line: { label: string; value: string; tone: Tone | undefined }, lang: Lang): string;
  /** The last line: how old the data is. */
  age(text: string): string;
}

const PLAIN: Style = {
  write: (text) => clean(text).replaceAll('<', '＜').replace(CALL, '＠'),
  title: (text) => PLAIN.write(oneLine(text)),
  field: ({ label, value }, lang) => PLAIN.write(`${oneLine(label)}${pick(lang, '：', ': ')}${oneLine(value)}`),
  age: (text) => PLAIN.write(oneLine(text)),
};

const MARKDOWN: Style = {
  write: escapeMarkdown,
  title(text, tone) {
    const title = escapeMarkdown(oneLine(text));
    return title && short(title) ? coloured(`**${title}**`, tone) : title;
  },
  field({ label, value, tone }, lang) {
    const head = `> ${escapeMarkdown(oneLine(label))}${pick(lang, '：', ': ')}`;
    const text = escapeMarkdown(oneLine(value));
    return short(head + text) ? head + coloured(text, tone) : head + text;
  },
  age(text) {
    const line = escapeMarkdown(oneLine(text));
    return line && short(line) ? `<font color="comment">${line}</font>` : line;
  },
};

/** The robot's three colours: info is green, warning orange, comment grey. */
const COLOURS = { info: undefined, good: 'info', warn: 'warning', bad: 'warning' } as const;

function coloured(markup: string, tone: Tone | undefined): string {
  const colour = tone && COLOURS[tone];
  return colour && markup ? `<font color="${colour}">${markup}</font>` : markup;
}

function short(line: string): boolean {
  return utf8Length(line) <= MARKED_LINE_BYTES - utf8Length(coloured('****', 'bad'));
}

function compose(message: DrawnMessage, style: Style): string {
  const sections = message.blocks.map((block) => section(block, style, message.lang)).filter((text) => text !== '');
  // A blank line ends the quote that fields are drawn as, and is where a long message is cut first.
  const body = [...sections, style.age(message.age ?? '')].filter(Boolean).join('\n\n');
  return [style.title(message.title ?? '', message.tone), body].filter(Boolean).join('\n');
}

function section(block: DrawnBlock, style: Style, lang: Lang): string {
  switch (block.type) {
    case 'text':
      return style.write(block.text).replace(/^\s*\n|\s+$/g, '');
    case 'fields':
      return block.fields.map(({ label, value, tone }) => style.field({ label, value, tone }, lang)).join('\n');
    case 'table':
      return [block.columns.map(({ label }) => label), ...block.rows]
        .map((cells) => style.write(cells.map(oneLine).join(' · ')))
        .join('\n');
    default:
      return '';
  }
}

/** `@all`, which some clients call everybody by. */
const CALL = /@(?=all|所有人)/gi;
/**
 * What the robot's markdown gives a meaning: bold, italic, code, tags and `<@mentions>`, headings, quotes, the middle of
 * a link, entities. An underscore inside a word is part of an id and stays.
 */
const MARKUP = /[*`<>#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|\](?=\s*[([:])|&(?=#?\w+;)/gu;
/** From a printable ASCII character to its full-width twin. */
const FULL_WIDTH = 0xfee0;

/**
 * What people typed, as plain text. The robot's markdown has no escape character, and an invisible character beside a `*`
 * would leave `*x*` italic. So characters that could be markup are written full-width: people read `＊` as `*`, no client
 * gives it a meaning, every phone can show it, and copied back into a command it becomes `*` again (NFKC). Nearly all are
 * replaced wherever they stand, not only where they begin a line, so that text stays harmless wherever it is cut.
 */
function escapeMarkdown(text: string): string {
  return clean(text)
    .replace(MARKUP, (character) => String.fromCharCode(character.charCodeAt(0) + FULL_WIDTH))
    .replace(CALL, '＠');
}

/** Without control characters and halves of surrogate pairs, which the robot's JSON reader may refuse. */
function clean(text: string): string {
  return Buffer.from(text)
    .toString()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '');
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\t]\s*/g, ' ').trim();
}

function drawBytes(block: DrawnBlock): RobotParcel[] {
  if (block.type === 'pictures') return block.pictures.map(drawPicture);
  return block.type === 'file' ? [drawFile(block.name, block.bytes)] : [];
}

function drawPicture({ bytes, alt }: Picture): RobotParcel {
  if (bytes.length > IMAGE_BYTES) {
    throw new DeliveryError(
      'refused',
      `the picture "${alt}" has ${megabytes(bytes)}; the robot takes 2 MB: draw it smaller`,
    );
  }
  if (!isPng(bytes) && !isJpeg(bytes)) {
    throw new DeliveryError(
      'refused',
      `the picture "${alt}" is neither PNG nor JPEG, which are all that the robot shows`,
    );
  }
  const md5 = createHash('md5').update(bytes).digest('hex');
  return { msgtype: 'image', image: { base64: Buffer.from(bytes).toString('base64'), md5 } };
}

function drawFile(name: string, bytes: Uint8Array): RobotParcel {
  if (bytes.length <= 5)
    throw new DeliveryError('refused', `the file "${name}" is empty: WeCom takes more than 5 bytes`);
  if (bytes.length > FILE_BYTES) {
    throw new DeliveryError('refused', `the file "${name}" has ${megabytes(bytes)}; the robot takes 20 MB: send less`);
  }
  return { msgtype: 'file', name: oneLine(clean(name)).replace(/["\\/]/g, '_'), bytes };
}

function megabytes(bytes: Uint8Array): string {
  return `${(bytes.length / 1024 / 1024).toFixed(1)} MB`;
}

function isPng(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '\u0089PNG';
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}
