import type { Logger } from 'pino';
import type { Database } from '../store/db.ts';
import type { Alerts } from './alert.ts';
import type { Guanke } from './guanke.ts';
import type { Call, Lang, Message } from './message.ts';
import type { Metabase } from './metabase.ts';
import type { Mysql } from './mysql.ts';
import type { Operator } from './operator.ts';
import type { Outbox, OutboxStats } from './outbox.ts';
import type { Role } from './people.ts';
import type { Photos } from './photos.ts';
import type { Address } from './platform.ts';
import type { SmartSheets } from './smartsheet.ts';
import type { Clock } from './time.ts';

/** The world that commands, feeds and jobs may look at. Built once per process, or once per worker. */
export interface Context {
  db: Database;
  clock: Clock;
  log: Logger;
  outbox: Outbox;
  /** What is wrong and needs a person. */
  alerts: Alerts;
  /** How the outbox stands; where the dispatcher is. */
  outboxStats?: () => Promise<OutboxStats>;
  /** The upstream systems whose settings are complete. */
  sources: Sources;
  /** What only the process with the platforms and the jobs can do. */
  operator?: Operator;
  rules: Rules;
  words: Words;
  signal: AbortSignal;
  /** Asks as people do; absent where nobody asks. */
  questions?: Questions;
}

/**
 * The upstream systems, each there when its settings are complete. A domain that needs one which is missing throws a
 * SetupError that names the settings.
 */
export interface Sources {
  metabase?: Metabase;
  /** Tables of WeCom; each by the variable of its webhook. */
  sheets?: SmartSheets;
  guanke?: Guanke;
  /** The company's driver database. */
  mysql?: Mysql;
  /** Others' pictures, made small; always there in the program. */
  photos?: Photos;
}

/** Questions that somebody asked before, to be asked again in his name. */
export interface Questions {
  /**
   * What a typed line asks, its arguments checked.
   * @param at words such as 今日 mean this instant's day; default: now
   * @throws AskerError where it is not understood; its example is a line that is
   */
  understand(line: string, lang: Lang, at?: Date): Understood;
  /** What a person is told, with the role and the subjects that he has now. */
  answer(call: Call, as: AskedAs): Promise<Answered>;
}

export interface Understood {
  call: Call;
  /** The least role that may ask. */
  role: Role;
  /** The answer is the asker's alone. */
  private: boolean;
  writes: boolean;
}

export interface AskedAs {
  personId: string;
  lang: Lang;
  /** The group that is to see the answer; null: the person alone. */
  room: Address | null;
  /** Where the clock stands. */
  at: Date;
}

export interface Answered {
  message: Message;
  /** The asker's alone. */
  private: boolean;
  /** `wrong`: the asker's words; `forbidden`: he may not, or is not known any more; `failed`: ours. */
  outcome: 'done' | 'wrong' | 'forbidden' | 'failed';
}

/** The documents under `rules/`, and the sample's own. */
export interface Rules {
  /** Raw documents of a folder, e.g. `rewards`, each with the file it came from. */
  documents(folder: string): Promise<readonly RuleDocument[]>;
  channel(name: string): Channel | undefined;
  channels(): readonly Channel[];
}

export interface RuleDocument {
  file: string;
  text: string;
}

/** A destination with a name: a group robot, a group, a person. */
export interface Channel {
  name: string;
  address: string;
  title?: string | undefined;
  /** The language of what is said there; default: Chinese. */
  lang?: Lang | undefined;
  /** Belongs to the sample workspace. */
  sample?: boolean | undefined;
  /** More robots of the same group: letters are spread over all of them, in the order of their sending. */
  robots?: readonly string[] | undefined;
  /** What it takes in a minute, where that is to be less than the platform's own limit. */
  perMinute?: number | undefined;
  /** Broadcasts that it cannot take in the coming minute may be merged into one. */
  digest?: boolean | undefined;
  /** Nothing is sent between these times of the house's zone (`HH:MM`), also over midnight. */
  quiet?: { from: string; to: string } | undefined;
}

/** The words that the business edits: `templates/<name>.<lang>.md`, filled in. */
export interface Words {
  /**
   * The first line, when it begins with `# `, is the title; the rest is text.
   * @throws SetupError where the template is missing or names a hole that `facts` does not have
   */
  say(name: string, lang: 'zh' | 'en', facts: Record<string, unknown>): { title: string; text: string };
  /** Whether there is such a template. */
  has(name: string): boolean;
}
