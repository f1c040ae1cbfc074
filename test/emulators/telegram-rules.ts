import { loadImage } from '@napi-rs/canvas';
import { z } from 'zod';
import type { Form, Upload } from './telegram-form.ts';
import { type Entity, parseHtml } from './telegram-html.ts';
import { Refused } from './telegram-refused.ts';

/** What a bot's call puts into a chat, after all that Telegram checks (core.telegram.org/bots/api). */
export interface Content {
  text: string;
  entities: Entity[];
  photo?: Upload;
  document?: Upload;
  keyboard?: { text: string; callback_data: string }[][];
}

const MEGABYTE = 1024 * 1024;
const key = z.looseObject({ text: z.string().min(1), callback_data: z.string() });
const Markup = z.object({ inline_keyboard: z.array(z.array(key)) });
const MediaPiece = z.looseObject({
  type: z.enum(['photo', 'document']),
  media: z.string(),
  caption: z.string().optional(),
  parse_mode: z.string().optional(),
});

/** @throws Refused */
export function readText(form: Form): Content {
  const content = formatted(form.values['text'], form.values['parse_mode']);
  if (content.text === '') throw new Refused(400, 'Bad Request: message text is empty');
  if (content.text.length > 4096) throw new Refused(400, 'Bad Request: message is too long');
  return { ...content, ...readKeyboard(form) };
}

/** @throws Refused */
export async function readPhoto(form: Form): Promise<Content> {
  const photo = await checkedPhoto(attached(form, form.values['photo'], 'photo'));
  return { ...caption(form.values['caption'], form.values['parse_mode']), photo, ...readKeyboard(form) };
}

/** @throws Refused */
export function readDocument(form: Form): Content {
  const document = checkedDocument(attached(form, form.values['document'], 'document'));
  return { ...caption(form.values['caption'], form.values['parse_mode']), document, ...readKeyboard(form) };
}

/** @throws Refused */
export async function readMedia(form: Form): Promise<Content> {
  return { ...(await readPiece(form, form.values['media'])), ...readKeyboard(form) };
}

/** @throws Refused */
export async function readAlbum(form: Form): Promise<Content[]> {
  const pieces = z.array(z.unknown()).min(2).max(10).safeParse(form.values['media']);
  if (!pieces.success) throw new Refused(400, 'Bad Request: wrong number of items in the album');
  if (form.values['reply_markup'] !== undefined) throw new Refused(400, 'Bad Request: albums take no keyboard');
  return Promise.all(pieces.data.map((piece) => readPiece(form, piece)));
}

/** @throws Refused */
export function readKeyboard(form: Form): Pick<Content, 'keyboard'> {
  if (form.values['reply_markup'] === undefined) return {};
  const markup = Markup.safeParse(form.values['reply_markup']);
  if (!markup.success) throw new Refused(400, "Bad Request: can't parse reply keyboard markup JSON object");
  const rows = markup.data.inline_keyboard;
  for (const { callback_data } of rows.flat()) {
    const bytes = Buffer.byteLength(callback_data);
    if (bytes < 1 || bytes > 64) throw new Refused(400, 'Bad Request: BUTTON_DATA_INVALID');
  }
  return rows.length > 0 ? { keyboard: rows } : {};
}

async function readPiece(form: Form, value: unknown): Promise<Content> {
  const piece = MediaPiece.safeParse(value);
  if (!piece.success) throw new Refused(400, "Bad Request: can't parse InputMedia");
  const { type, media, caption: words, parse_mode } = piece.data;
  const upload = attached(form, media, type);
  const content = caption(words, parse_mode);
  return type === 'photo'
    ? { ...content, photo: await checkedPhoto(upload) }
    : { ...content, document: checkedDocument(upload) };
}

function caption(words: unknown, mode: unknown): Content {
  const content = formatted(words ?? '', mode);
  if (content.text.length > 1024) throw new Refused(400, 'Bad Request: message caption is too long');
  return content;
}

function formatted(words: unknown, mode: unknown): Content {
  if (typeof words !== 'string' || Buffer.from(words).toString() !== words) {
    throw new Refused(400, 'Bad Request: strings must be encoded in UTF-8');
  }
  if (mode !== undefined && mode !== 'HTML') throw new Refused(400, 'Bad Request: unsupported parse_mode');
  const { text, entities } = mode === 'HTML' ? parseHtml(words) : { text: words, entities: [] };
  const lead = text.length - text.trimStart().length;
  const calls = [...text.matchAll(/(?<!\w)@\w+/g)].map((found) => ({
    type: 'mention',
    offset: found.index,
    length: found[0].length,
  }));
  const own = calls.filter(
    (call) =>
      !entities.some(
        ({ type, offset, length }) => type === 'text_link' && offset <= call.offset && call.offset < offset + length,
      ),
  );
  return {
    text: text.trim(),
    entities: [...entities, ...own].map((entity) => ({ ...entity, offset: entity.offset - lead })),
  };
}

/** `attach://NAME` names another part; a bare file stands in the field itself. */
function attached(form: Form, value: unknown, field: string): Upload {
  const name = typeof value === 'string' ? /^attach:\/\/(.+)$/.exec(value)?.[1] : field;
  const upload = form.files.get(name ?? '');
  if (!upload) throw new Refused(400, 'Bad Request: wrong remote file identifier specified');
  return upload;
}

async function checkedPhoto(photo: Upload): Promise<Upload> {
  if (photo.bytes.length > 10 * MEGABYTE) throw new Refused(413, 'Request Entity Too Large');
  const size = await loadImage(photo.bytes).catch(() => undefined);
  if (!size) throw new Refused(400, 'Bad Request: IMAGE_PROCESS_FAILED');
  const [short = 0, long = 0] = [size.width, size.height].sort((a, b) => a - b);
  if (short + long > 10_000 || long > 20 * short) throw new Refused(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS');
  return photo;
}

function checkedDocument(document: Upload): Upload {
  if (document.bytes.length === 0) throw new Refused(400, 'Bad Request: file must be non-empty');
  if (document.bytes.length > 50 * MEGABYTE) throw new Refused(413, 'Request Entity Too Large');
  return document;
}
