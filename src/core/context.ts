import type { Logger } from 'pino';
import type { Database } from '../store/db.ts';
import type { Outbox } from './outbox.ts';
import type { Clock } from './time.ts';

/** The world that commands, feeds and jobs may look at. Built once per process, or once per worker. */
export interface Context {
  db: Database;
  clock: Clock;
  log: Logger;
  outbox: Outbox;
  rules: Rules;
  words: Words;
  signal: AbortSignal;
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
  /** Belongs to the sample workspace. */
  sample?: boolean | undefined;
}

/** The words that the business edits: `templates/<name>.<lang>.md`, filled in. */
export interface Words {
  /**
   * The first line, when it begins with `# `, is the title; the rest is text.
   * @throws SetupError where the template is missing or names a hole that `facts` does not have
   */
  say(name: string, lang: 'zh' | 'en', facts: Record<string, unknown>): { title: string; text: string };
}
