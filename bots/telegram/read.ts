import type { Message, MessageEntity, Update, User } from 'grammy/types';
import { type Lang, pick } from '../../src/core/message.ts';
import type { Address, Inbound } from '../../src/core/platform.ts';
import { type Keyboard, readPress } from './keyboard.ts';

/** Who we are; from `getMe`. */
export interface Self {
  id: number;
  username: string;
}

/** What an update says to us. */
export interface Heard {
  room: Address;
  /** Absent where only the keyboard changes. */
  inbound?: Omit<Inbound, 'files'>;
  documents: SentDocument[];
  /** Of a pressed button: it spins until it is answered. */
  callback?: { id: string; keyboard?: { messageId: number; rows: Keyboard } };
}

export interface SentDocument {
  id: string;
  name: string;
  /** Bytes, where Telegram knows. */
  size: number | undefined;
}

/**
 * What an update says to us; undefined where it is not for us: edits, other bots, group talk without our name.
 * In groups only commands, lines with our name and replies to us are heard.
 */
export function readUpdate(update: Update, self: Self): Heard | undefined {
  if (update.callback_query) return readCallback(update, self);
  const { message } = update;
  if (!message?.from || message.from.is_bot || !isChat(message.chat.type)) return undefined;
  const said = message.text ?? message.caption ?? '';
  const entities = message.entities ?? message.caption_entities ?? [];
  const group = message.chat.type !== 'private';
  if (group && !isForUs(said, entities, message, self)) return undefined;
  const documents = message.document ? [readDocument(message.document)] : [];
  const words = withoutName(said, entities, self);
  // In a group, our name alone asks what we can do; alone with us, a sticker asks nothing.
  const called = words === '' && group && documents.length === 0;
  const text = readStart(called ? '/start' : words, langOf(message.from) ?? 'zh');
  if (text === '' && documents.length === 0) return undefined;
  return {
    room: addressOf(message.chat.id),
    inbound: { ...common(update, message.chat.id, message.from), group, ...(text && { text }) },
    documents,
  };
}

function readCallback(update: Update, self: Self): Heard | undefined {
  const query = update.callback_query;
  const { message } = query ?? {};
  if (!query || query.data === undefined || !message || ('from' in message && message.from?.id !== self.id)) {
    return undefined;
  }
  const room = addressOf(message.chat.id);
  const under = ('reply_markup' in message && message.reply_markup?.inline_keyboard) || [];
  const press = readPress(query.data, under);
  if ('keyboard' in press) {
    const keyboard = { messageId: message.message_id, rows: press.keyboard };
    return { room, documents: [], callback: { id: query.id, keyboard } };
  }
  return {
    room,
    inbound: {
      ...common(update, message.chat.id, query.from),
      group: message.chat.type !== 'private',
      ref: press.ref,
      pressed: String(message.message_id),
      lang: langOf(query.from),
    },
    documents: [],
    callback: { id: query.id },
  };
}

function common(update: Update, chat: number, from: User): Pick<Inbound, 'id' | 'room' | 'from' | 'fromName'> {
  return {
    id: String(update.update_id),
    room: addressOf(chat),
    from: addressOf(from.id),
    fromName: [from.first_name, from.last_name].filter(Boolean).join(' '),
  };
}

function addressOf(chat: number): Address {
  return `telegram:${chat}`;
}

function isChat(type: string): boolean {
  return type === 'private' || type === 'group' || type === 'supergroup';
}

function langOf({ language_code }: User): Lang | undefined {
  if (!language_code) return undefined;
  return language_code.startsWith('zh') ? 'zh' : 'en';
}

function isForUs(said: string, entities: readonly MessageEntity[], message: Message, self: Self): boolean {
  if (message.reply_to_message?.from?.id === self.id) return true;
  return entities.some((entity) => {
    if (entity.type !== 'bot_command') return namesUs(said, entity, self);
    const [, bot] = slice(said, entity).split('@');
    return entity.offset === 0 && (bot === undefined || isOurs(bot, self));
  });
}

function namesUs(said: string, entity: MessageEntity, self: Self): boolean {
  if (entity.type === 'text_mention') return entity.user.id === self.id;
  return entity.type === 'mention' && isOurs(slice(said, entity).slice(1), self);
}

function isOurs(name: string, self: Self): boolean {
  return name.toLowerCase() === self.username.toLowerCase();
}

/** Offsets count UTF-16 units, as JavaScript does. */
function slice(text: string, { offset, length }: MessageEntity): string {
  return text.slice(offset, offset + length);
}

/** Without our name, from the end so that offsets stay true: `@bot 今日外呼` and `/calls@bot`. */
function withoutName(said: string, entities: readonly MessageEntity[], self: Self): string {
  let text = said;
  for (const entity of entities.toSorted((a, b) => b.offset - a.offset)) {
    const named = slice(said, entity);
    const kept = entity.type === 'bot_command' ? named.replace(/@.*$/, '') : namesUs(said, entity, self) ? '' : named;
    text = text.slice(0, entity.offset) + kept + text.slice(entity.offset + entity.length);
  }
  return text.trim();
}

/** The Start button says `/start`; a link `t.me/bot?start=CODE`, by which one links oneself, says `/start CODE`. */
function readStart(text: string, lang: Lang): string {
  const start = /^\/start(?:\s+(\S+))?$/.exec(text);
  if (!start) return text;
  return start[1] ? `link ${start[1]}` : pick(lang, '帮助', 'help');
}

function readDocument(document: NonNullable<Message['document']>): SentDocument {
  return { id: document.file_id, name: document.file_name ?? 'file', size: document.file_size };
}
