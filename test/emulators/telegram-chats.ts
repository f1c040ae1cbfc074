import { Refused } from './telegram-refused.ts';
import type { Content } from './telegram-rules.ts';

/** One message of the bot, as people see it now. */
export interface Seen extends Content {
  id: number;
  chat: number;
  at: Date;
  /** How often it was edited. */
  edits: number;
}

export interface Person {
  id: number;
  name?: string;
  language?: string;
}

interface Chat {
  messages: Seen[];
  sent: number[];
  /** Why nothing can be sent there. */
  closed?: Refused;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** The chats that the bot may write to, what it wrote there, and how fast it may. */
export function createChats(now: () => Date) {
  const chats = new Map<number, Chat>();
  let sentToAll: number[] = [];
  let lastId = 100;

  function find(value: unknown): [number, Chat] {
    const chat = chats.get(Number(value));
    if (!chat) throw new Refused(400, 'Bad Request: chat not found');
    if (chat.closed) throw chat.closed;
    return [Number(value), chat];
  }

  /** Sliding windows: the documentation does not say which they are. */
  function pace(id: number, chat: Chat): void {
    const at = now().getTime();
    const within = (times: readonly number[], ms: number) => times.filter((time) => at - time < ms);
    chat.sent = within(chat.sent, MINUTE_MS);
    sentToAll = within(sentToAll, SECOND_MS);
    const windows: [readonly number[], number, number][] = [
      [sentToAll, 30, SECOND_MS],
      [within(chat.sent, SECOND_MS), 1, SECOND_MS],
      ...(id < 0 ? [[chat.sent, 20, MINUTE_MS] as [number[], number, number]] : []),
    ];
    for (const [times, count, ms] of windows) {
      const first = times.at(-count);
      if (times.length < count || first === undefined) continue;
      const retry_after = Math.max(1, Math.ceil((first + ms - at) / 1000));
      throw new Refused(429, `Too Many Requests: retry after ${retry_after}`, { retry_after });
    }
    chat.sent.push(at);
    sentToAll.push(at);
  }

  return {
    join(id: number): void {
      if (!chats.has(id)) chats.set(id, { messages: [], sent: [] });
    },
    close(id: number, why: Refused): void {
      const chat = chats.get(id) ?? { messages: [], sent: [] };
      chats.set(id, { ...chat, closed: why });
    },
    open(id: number): void {
      const chat = chats.get(id);
      if (chat) delete chat.closed;
    },
    nextId: () => ++lastId,
    received: (id: number): readonly Seen[] => chats.get(id)?.messages ?? [],
    /** Checks whether the chat takes messages now, before their content is read. */
    admit(value: unknown): number {
      const [id, chat] = find(value);
      pace(id, chat);
      return id;
    },
    post(id: number, contents: readonly Content[]): Seen[] {
      const posted = contents.map((content) => ({ ...content, id: ++lastId, chat: id, at: now(), edits: 0 }));
      chats.get(id)?.messages.push(...posted);
      return posted;
    },
    edit(value: unknown, messageId: unknown, change: (message: Seen) => Content): Seen {
      const [, chat] = find(value);
      const message = chat.messages.find(({ id }) => id === Number(messageId));
      if (!message) throw new Refused(400, 'Bad Request: message to edit not found');
      const content = change(message);
      const before = JSON.stringify(contentOf(message));
      if (JSON.stringify(contentOf(content)) === before) {
        throw new Refused(
          400,
          'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
        );
      }
      const edited = { ...content, id: message.id, chat: message.chat, at: message.at, edits: message.edits + 1 };
      chat.messages[chat.messages.indexOf(message)] = edited;
      return edited;
    },
  };
}

function contentOf({ text, entities, keyboard, photo, document }: Content): unknown[] {
  return [text, entities, keyboard ?? [], photo?.bytes.toString('base64'), document?.bytes.toString('base64')];
}
