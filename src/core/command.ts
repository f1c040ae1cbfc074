import type { z } from 'zod';
import type { Db } from '../store/db.ts';
import type { Context } from './context.ts';
import type { Lang, MessageDraft } from './message.ts';
import type { Asker, Role } from './people.ts';
import type { Address } from './platform.ts';
import type { Reader } from './reader.ts';

/**
 * Words that name a command. Parts parted by a blank may stand in any order with arguments between them:
 * `司机 趋势` matches 「司机 D-1023 近7天趋势」 and 「趋势 司机 D-1023」. English parts match whole words.
 */
export interface Alias {
  words: string;
  /** Arguments that these words imply: 昨日外呼 implies the day. */
  args?: Record<string, string>;
  /** Where it begins the line it is meant, whatever other commands' words follow: `help trend`. */
  leads?: boolean;
}

/** Somebody asks: who, where, in which language, and the world that the answer may look at. */
export interface Ask {
  asker: Asker;
  lang: Lang;
  /** Asked in a group: personal answers then go to the asker alone. */
  group: boolean;
  /** Where it was asked; null over HTTP and on the command line. */
  room: Address | null;
  context: Context;
  /** Writes down what was changed, for the audit; within `db`, the transaction of the change. */
  record(change: Change, db?: Db): Promise<void>;
}

/** What somebody has changed: values as JSON, without secrets. `before` absent: new; `after` absent: gone. */
export interface Change {
  /** What was changed, e.g. `channel:lobby`. */
  subject: string;
  before?: unknown;
  after?: unknown;
}

/**
 * A command: declared once, it answers typed text, a pressed button, HTTP and the terminal.
 * `run` reads, decides and shows; it returns what is to be said and sends nothing itself.
 */
export interface Command<A extends z.ZodObject = z.ZodObject> {
  /** `domain.verb`, also its HTTP name. */
  name: string;
  /** One line for help, in both languages. */
  summary: Record<Lang, string>;
  /** Empty: it is not for typing; pages, programs and buttons call it by its name. */
  aliases: readonly Alias[];
  /** Arguments as JSON: strings, numbers, booleans, ISO dates. Each field has a `.describe()`. */
  args: A;
  /** How typed words become arguments, in the order in which they are looked for. */
  reads?: Readonly<Record<string, Reader>>;
  /** Lines that work, per language; the first is shown with an error. */
  examples: Record<Lang, readonly string[]>;
  /** The least role that may ask. */
  role: Role;
  /** It changes something: every call that succeeds is in the audit, with its changes where it records them. */
  writes?: boolean;
  /** `asker`: asked in a group, answered to the asker alone. */
  audience?: 'asker' | 'room';
  run(ask: Ask, args: z.output<A>): Promise<MessageDraft>;
}

/** Declares a command with its argument types inferred. */
export function command<A extends z.ZodObject>(declared: Command<A>): Command {
  return declared as unknown as Command;
}
