import type { createChats, Person, Seen } from './telegram-chats.ts';
import type { Form, Upload } from './telegram-form.ts';
import type { Inbox } from './telegram-inbox.ts';
import { Refused } from './telegram-refused.ts';
import {
  type Content,
  readAlbum,
  readDocument,
  readKeyboard,
  readMedia,
  readPhoto,
  readText,
} from './telegram-rules.ts';

interface Me {
  id: number;
  username: string;
}

/** What the methods of the Bot API work on. */
interface World {
  me: Me;
  chats: ReturnType<typeof createChats>;
  inbox: Inbox;
  /** Files that people sent, by id. */
  files: ReadonlyMap<string, Upload>;
  /** The menu, by language. */
  commands: Map<string, { command: string; description: string }[]>;
  /** Presses that wait for an answer. */
  queries: Set<string>;
  answered: string[];
}

type Method = (form: Form, gone: Promise<void>) => unknown;

/** The Bot API's methods, by name. They throw Refused. */
export function createMethods({ me, chats, inbox, files, commands, answered, queries }: World): Record<string, Method> {
  async function post(form: Form, content: Promise<Content> | Content): Promise<unknown> {
    const read = await content;
    const [posted] = chats.post(chats.admit(form.values['chat_id']), [read]);
    return posted && asMessage(me, posted);
  }

  function edit(form: Form, change: (message: Seen) => Content): unknown {
    return asMessage(me, chats.edit(form.values['chat_id'], form.values['message_id'], change));
  }

  return {
    getMe: () => me,
    getUpdates: ({ values }, gone) => inbox.take(values, gone),
    setWebhook({ values }) {
      const secret = String(values['secret_token'] ?? '');
      if (!/^[\w-]{0,256}$/.test(secret))
        throw new Refused(400, 'Bad Request: secret token contains unallowed characters');
      inbox.setWebhook({ url: String(values['url']), secret });
      return true;
    },
    deleteWebhook() {
      inbox.setWebhook(undefined);
      return true;
    },
    sendMessage: (form) => post(form, readText(form)),
    sendPhoto: (form) => post(form, readPhoto(form)),
    sendDocument: (form) => post(form, readDocument(form)),
    async sendMediaGroup(form) {
      const album = await readAlbum(form);
      return chats.post(chats.admit(form.values['chat_id']), album).map((seen) => asMessage(me, seen));
    },
    editMessageText: (form) =>
      edit(form, (message) => {
        if (message.photo || message.document) {
          throw new Refused(400, 'Bad Request: there is no text in the message to edit');
        }
        return readText(form);
      }),
    async editMessageMedia(form) {
      const content = await readMedia(form);
      return edit(form, () => content);
    },
    editMessageCaption: (form) =>
      edit(form, (message) => {
        if (!message.photo && !message.document) {
          throw new Refused(400, 'Bad Request: there is no caption in the message to edit');
        }
        const { text, entities } = readText({ ...form, values: { ...form.values, text: form.values['caption'] } });
        return { ...message, text, entities, ...readKeyboard(form) };
      }),
    editMessageReplyMarkup: (form) =>
      edit(form, ({ keyboard: _, ...message }) => ({ ...message, ...readKeyboard(form) })),
    answerCallbackQuery({ values }) {
      const id = String(values['callback_query_id']);
      if (!queries.delete(id)) {
        throw new Refused(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
      }
      answered.push(id);
      return true;
    },
    setMyCommands({ values }) {
      const menu = values['commands'] as { command: string; description: string }[];
      const wrong = menu.some(({ command, description }) => !/^[a-z0-9_]{1,32}$/.test(command) || !description);
      if (wrong || menu.length > 100) throw new Refused(400, 'Bad Request: BOT_COMMAND_INVALID');
      commands.set(String(values['language_code'] ?? ''), menu);
      return true;
    },
    getFile({ values }) {
      const file_id = String(values['file_id']);
      const file = files.get(file_id);
      if (!file) throw new Refused(400, 'Bad Request: invalid file_id');
      if (file.bytes.length > 20 * 1024 * 1024) throw new Refused(400, 'Bad Request: file is too big');
      return { file_id, file_unique_id: file_id, file_size: file.bytes.length, file_path: `documents/${file_id}` };
    },
  };
}

/** A message of the bot as the Bot API shows it. */
export const asMessage = (me: Me, seen: Seen) => ({
  message_id: seen.id,
  date: Math.floor(seen.at.getTime() / 1000),
  chat: chatOf(seen.chat),
  from: me,
  ...(seen.photo || seen.document ? { caption: seen.text } : { text: seen.text }),
  ...(seen.photo && { photo: [{ file_id: 'p', file_unique_id: 'p', width: 1, height: 1 }] }),
  ...(seen.document && { document: { file_id: 'd', file_unique_id: 'd', file_name: seen.document.name } }),
  ...(seen.keyboard && { reply_markup: { inline_keyboard: seen.keyboard } }),
});

export function chatOf(id: number, person?: Person): object {
  if (id < -1_000_000_000_000) return { id, type: 'supergroup', title: `Group ${id}` };
  return id < 0 ? { id, type: 'group', title: `Group ${id}` } : { id, type: 'private', first_name: person?.name ?? '' };
}
