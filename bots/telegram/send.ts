import { type Api, InputFile } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import type { TelegramParcel } from './draw.ts';
import type { Keyboard } from './keyboard.ts';
import type { Signal } from './wire.ts';

const HTML = { parse_mode: 'HTML' } as const;
/** Addresses that people type are not fetched and shown. */
const WORDS = { ...HTML, link_preview_options: { is_disabled: true } } as const;

/**
 * Sends one parcel in one call.
 * @returns the id of the message, of an album's first
 */
export async function send(api: Api, chat: number | string, parcel: TelegramParcel, signal: Signal): Promise<string> {
  switch (parcel.kind) {
    case 'words':
      return idOf(await api.sendMessage(chat, parcel.html, { ...WORDS, ...under(parcel.keyboard) }, signal));
    case 'photo':
      return idOf(
        await api.sendPhoto(chat, fileOf(parcel), { ...captionOf(parcel), ...under(parcel.keyboard) }, signal),
      );
    case 'album': {
      const photos = parcel.photos.map((photo) => ({ type: 'photo' as const, media: fileOf(photo) }));
      const [first] = await api.sendMediaGroup(chat, photos, {}, signal);
      return first ? idOf(first) : '';
    }
    case 'document':
      return idOf(await api.sendDocument(chat, fileOf(parcel), {}, signal));
  }
}

/** Puts a parcel in the place of a message. An album cannot be one: check `isOneMessage` before. */
export async function edit(
  api: Api,
  chat: number | string,
  messageId: number,
  parcel: Exclude<TelegramParcel, { kind: 'album' }>,
  signal: Signal,
): Promise<void> {
  if (parcel.kind === 'words') {
    const options = { ...WORDS, ...under(parcel.keyboard) };
    await api.editMessageText(chat, messageId, parcel.html, options, signal);
  } else if (parcel.kind === 'photo') {
    const media = { type: 'photo' as const, media: fileOf(parcel), ...captionOf(parcel) };
    await api.editMessageMedia(chat, messageId, media, under(parcel.keyboard), signal);
  } else {
    await api.editMessageMedia(chat, messageId, { type: 'document', media: fileOf(parcel) }, {}, signal);
  }
}

function under(keyboard: Keyboard | undefined): { reply_markup?: InlineKeyboardMarkup } {
  return keyboard ? { reply_markup: { inline_keyboard: keyboard } } : {};
}

function captionOf({ caption }: { caption?: string }): { caption?: string; parse_mode?: 'HTML' } {
  return caption === undefined ? {} : { caption, ...HTML };
}

function fileOf({ bytes, name }: { bytes: Uint8Array; name: string }): InputFile {
  return new InputFile(bytes, name);
}

function idOf(message: { message_id: number }): string {
  return String(message.message_id);
}
