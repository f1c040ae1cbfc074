import type { Db } from '../store/db.ts';
import type { MessageDraft, Worded } from './message.ts';
import type { Letter } from './outbox.ts';

/**
 * Something that is wrong with a subject and needs a person. It is opened once under a key that names the event, tells one
 * step after the other until somebody takes it, and is closed when it is over.
 */
export interface AlertDraft {
  /** Names the event, e.g. `sla/first-contact/GD2025…`; one alert per key, for ever. */
  key: string;
  /** `domain.event`: `sla.violation`, `sla.warning`, `drivers.missing`. */
  kind: string;
  /** What it is about, e.g. `order:GD2025…`; people name it by what stands after the colon. */
  subject: string;
  /** What is said first. Buttons to take it, to hand it over and to call for help are added. */
  message: Worded;
  /** Who is told when, in order of time. A repetition is a step like any other. */
  steps: readonly AlertStep[];
  /** Minutes for which being taken keeps it quiet; then the steps go on. Default: until it is closed. */
  quietFor?: number;
  /** Default `notice`: said again where it may not have arrived. */
  class?: Letter['class'];
  sample?: boolean;
}

export interface AlertStep {
  /** Minutes after the opening. */
  after: number;
  /** As a letter's `to`: `channel:…`, `person:…`, `housekeeper:…`. */
  to: readonly string[];
  /** Said in place of the alert's message, e.g. because it names a time. */
  message?: MessageDraft;
  /** After this instant it is no longer worth saying. */
  expires?: Date;
  /** How it is said where several are due to the same destinations at once and nobody has taken them: in one message. */
  gather?: Gathering;
}

/** An alert's place in a message that says several. */
export interface Gathering {
  /** The template of the message: `count`, `waited`, and `groups` with `by`, `count` and `items`. */
  template: string;
  /** What it stands under, e.g. its provider. */
  by: string;
  /** What people call it by, e.g. its order's number. */
  item: string;
}

/** What somebody does about an alert. */
export type AlertAct = 'take' | 'help' | 'handled';

export interface Alerts {
  /** Opens those whose key is new and tells their first step, within `db`, the transaction of the cause. Returns how many were new. */
  open(drafts: readonly AlertDraft[], db?: Db): Promise<number>;
  /**
   * It is over: nobody is told any more. Those who were told hear of it, where there is a `recovery`.
   * @returns false where it is not known or was closed before
   */
  close(key: string, recovery?: Worded, db?: Db): Promise<boolean>;
  /** Closes many at once. Returns how many were not closed before. */
  closeAll(over: readonly { key: string; recovery?: Worded }[], db?: Db): Promise<number>;
  /**
   * What it is about has changed: later steps say the new message. Those who were told hear `news`; once somebody has
   * taken it, he alone.
   * @returns false where it is not known or over
   */
  amend(key: string, message: Worded, news?: Worded, db?: Db): Promise<boolean>;
  /** How alerts stand, by key. */
  standing(keys: readonly string[]): Promise<ReadonlyMap<string, AlertStanding>>;
  /** Tells the steps whose time has come. Two processes never tell one twice. */
  escalate(): Promise<{ due: number; said: number }>;
}

/** `open`: nobody has taken it; `taken`; `handled`: somebody says it is done; `closed`: it is over. */
export type AlertState = 'open' | 'taken' | 'handled' | 'closed';

export interface AlertStanding {
  /** The number by which people call it. */
  id: number;
  state: AlertState;
  /** Who has it. */
  owner: string | null;
  /** Since when it stands so. */
  since: Date;
}
