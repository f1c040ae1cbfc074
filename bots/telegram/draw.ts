import { DeliveryError } from '../../src/core/errors.ts';
import { type Lang, pick } from '../../src/core/message.ts';
import type { DrawnBlock, DrawnMessage, Picture } from '../../src/core/platform.ts';
import { splitText } from '../../src/core/split.ts';
import { drawKeyboard, type Keyboard } from './keyboard.ts';
import { clean, columns, marked, oneLine, toHtml, visibleLength } from './markup.ts';
import { pictureSize } from './picture-size.ts';

/** One call of the Bot API. Words and captions are Telegram's HTML. */
export type TelegramParcel =
  | { kind: 'words'; html: string; keyboard?: Keyboard }
  | (Photo & { caption?: string; keyboard?: Keyboard })
  /** 2 to 10 photos; they can have no keyboard. */
  | { kind: 'album'; photos: Photo[] }
  | Document;
export interface Photo {
  kind: 'photo';
  bytes: Uint8Array;
  name: string;
}
interface Document {
  kind: 'document';
  bytes: Uint8Array;
  name: string;
}

/** Lengths count UTF-16 units after entities (core.telegram.org/bots/api). */
const WORDS_CHARACTERS = 4096;
const CAPTION_CHARACTERS = 1024;
const MEGABYTE = 1024 * 1024;
const PHOTO_BYTES = 10 * MEGABYTE;
const PHOTO_SIDES = 10_000;
const PHOTO_RATIO = 20;
const DOCUMENT_BYTES = 50 * MEGABYTE;
const ALBUM_PHOTOS = 10;
/** What a phone shows of a line of code without breaking it. */
const TABLE_COLUMNS = 32;

/**
 * A message as calls: one picture with short words is one bubble; else all words first, with the buttons under the last
 * of them, then pictures as albums and files. Few calls matter, because a group takes 20 a minute.
 * @throws DeliveryError `refused` for a file or a button that Telegram would not take
 */
export function draw(message: DrawnMessage): TelegramParcel[] {
  const words = compose(message);
  const keys = drawKeyboard(message.blocks);
  const keyboard = keys && { keyboard: keys };
  const media = message.blocks.flatMap(drawMedia);
  const [only] = media;
  if (only?.kind === 'photo' && media.length === 1 && visibleLength(words) <= CAPTION_CHARACTERS) {
    const [caption] = toHtml([words]);
    return [{ ...only, ...(caption && { caption }), ...keyboard }];
  }
  const carrier = words || (keyboard ? pick(message.lang, '请选择：', 'Choose:') : '');
  const parts = carrier ? toHtml(splitText(carrier, WORDS_CHARACTERS, 'characters')) : [];
  return [
    ...parts.map((html, i) => ({ kind: 'words' as const, html, ...(i === parts.length - 1 && keyboard) })),
    ...inAlbums(media),
  ];
}

function compose(message: DrawnMessage): string {
  const head = [marked('b', oneLine(clean(message.title ?? ''))), calls(message.mentions ?? [])];
  const sections = message.blocks.map((block) => section(block, message.lang));
  const body = [...sections, marked('i', oneLine(clean(message.age ?? '')))].filter(Boolean).join('\n\n');
  return [...head, body].filter(Boolean).join('\n');
}

/** People of this platform, by user name or number. Telegram has no word for everybody. */
function calls(mentions: readonly string[]): string {
  const accounts = new Set(mentions.map((account) => account.replace(/^telegram:/, '')));
  const called = [...accounts].map((account) => {
    if (/^\d{1,15}$/.test(account)) return marked('a', `@${account}`);
    return /^@\w{4,32}$/.test(account) ? account : '';
  });
  return called.filter(Boolean).join(' ');
}

function section(block: DrawnBlock, lang: Lang): string {
  switch (block.type) {
    case 'text':
      return clean(block.text).replace(/^\s*\n|\s+$/g, '');
    case 'fields':
      return block.fields
        .map(({ label, value, tone }) => {
          const text = oneLine(clean(value));
          return `${oneLine(clean(label))}${pick(lang, '：', ': ')}${tone ? marked('b', text) : text}`;
        })
        .join('\n');
    case 'table':
      return table(block);
    default:
      return '';
  }
}

/** Code, in columns, where it is narrow enough for a phone; else lines. */
function table({ columns: heads, rows }: Extract<DrawnBlock, { type: 'table' }>): string {
  const cells = [heads.map(({ label }) => label), ...rows].map((row) => row.map((cell) => oneLine(clean(cell))));
  const widths = heads.map((_, at) => Math.max(...cells.map((row) => columns(row[at] ?? ''))));
  if (widths.reduce((sum, width) => sum + width + 2, -2) > TABLE_COLUMNS) {
    return cells.map((row) => row.join(' · ')).join('\n');
  }
  const lines = cells.map((row) =>
    heads
      .map(({ align }, at) => {
        const cell = row[at] ?? '';
        const blank = ' '.repeat((widths[at] ?? 0) - columns(cell));
        return align === 'right' ? blank + cell : cell + blank;
      })
      .join('  ')
      .trimEnd(),
  );
  return marked('pre', lines.join('\n'));
}

function drawMedia(block: DrawnBlock): (Photo | Document)[] {
  if (block.type === 'pictures') return block.pictures.map(drawPicture);
  return block.type === 'file' ? [drawDocument(block.name, block.bytes)] : [];
}

/** A picture that Telegram would not show as a photo goes as a file. */
function drawPicture({ bytes, mime, alt }: Picture): Photo | Document {
  const name = `${alt.slice(0, 60) || 'picture'}.${mime === 'image/png' ? 'png' : 'jpg'}`;
  const size = pictureSize(bytes);
  const fits =
    size &&
    bytes.length <= PHOTO_BYTES &&
    size.width + size.height <= PHOTO_SIDES &&
    Math.max(size.width, size.height) <= PHOTO_RATIO * Math.min(size.width, size.height);
  return fits ? { kind: 'photo', bytes, name: fileName(name) } : drawDocument(name, bytes);
}

function drawDocument(name: string, bytes: Uint8Array): Document {
  if (bytes.length === 0) throw new DeliveryError('refused', `the file "${name}" is empty: Telegram takes none such`);
  if (bytes.length > DOCUMENT_BYTES) {
    const size = (bytes.length / MEGABYTE).toFixed(1);
    throw new DeliveryError('refused', `the file "${name}" has ${size} MB; Telegram takes 50 MB: send less`);
  }
  return { kind: 'document', bytes, name: fileName(name) };
}

/** grammY writes the name without quotes, so that `;` would end it. */
function fileName(name: string): string {
  return oneLine(clean(name)).replace(/[";\\/]/g, '_') || 'file';
}

/** Neighbouring photos together, ten an album. */
function inAlbums(media: readonly (Photo | Document)[]): TelegramParcel[] {
  const parcels: TelegramParcel[] = [];
  for (const one of media) {
    const last = parcels.at(-1);
    if (one.kind === 'photo' && last?.kind === 'album' && last.photos.length < ALBUM_PHOTOS) last.photos.push(one);
    else parcels.push(one.kind === 'photo' ? { kind: 'album', photos: [one] } : one);
  }
  return parcels.map((one) => (one.kind === 'album' && one.photos.length === 1 && one.photos[0]) || one);
}
