import type { Button, Call, Lang, Tone } from '../core/message.ts';
import type { Role } from '../core/people.ts';

/**
 * What the web chat and the server say to each other under `/api/console`, as JSON. Types alone: the browser reads this
 * file too. Every request that is not a GET carries the header `x-fieldbell: 1`; errors are a `ConsoleError` with 4xx
 * or 5xx. `accept-language` is the language that the page is shown in.
 */

export interface ConsolePerson {
  id: string;
  name: string;
  role: Role;
}

/** A person of the sample workspace, whom one may choose to be. */
export interface SamplePerson extends ConsolePerson {
  note: string;
}

export interface ConsoleRoom {
  id: string;
  name: string;
  kind: 'group' | 'direct';
  hint?: string | undefined;
  /** The newest line, for the list of rooms. `at` is an ISO instant. */
  last?: { text: string; at: string } | undefined;
}

/** `GET /api/console/session` */
export interface ConsoleSession {
  me: ConsolePerson | null;
  /** The data are invented. */
  sample: boolean;
  /** Whom one may choose to be; empty unless this is the sample workspace on loopback. */
  people: SamplePerson[];
  rooms: ConsoleRoom[];
  /** Lines that work, offered to whoever has said nothing yet. */
  tries: string[];
  /** The house's time zone, e.g. `Asia/Shanghai`. */
  zone: string;
  /** Nobody is signed in, and one has to. */
  signIn: boolean;
  /** The newest message when this was answered: the stream of events is asked for what comes after it. */
  seq: number;
}

/** `POST /api/console/sign-in` */
export type ConsoleSignIn = { person?: string; password: string } | { code: string };

/** `GET /api/console/rooms/:room/messages?before=SEQ`, oldest first. */
export interface ConsolePage {
  messages: ConsoleMessage[];
  /** There are older ones. */
  more: boolean;
}

/**
 * `POST /api/console/rooms/:room/messages`. The page chooses `id` once per line and sends the same again when it does
 * not know whether the line arrived: the server takes it once and answers with what it stored.
 */
export type ConsoleLine = { id: string } & LineContent;
/** `on`: the number of the message whose button was pressed. */
export type LineContent = { text: string } | { call: Call; on?: number };

/** 202: one's own line as stored; none where a button turns a page. The answer comes by the stream. */
export interface ConsoleSent {
  message?: ConsoleMessage | undefined;
}

/**
 * `GET /api/console/events?after=SEQ`, server-sent: `message` (its `id` is the seq; one that changed
 * comes again under its seq, without `id`) and `typing`. The header
 * `Last-Event-ID`, which the browser sends when it connects again by itself, wins over `after`.
 */
export interface ConsoleEvents {
  message: ConsoleMessage;
  typing: { room: string };
}

export interface ConsoleMessage {
  /** Ascending over all rooms. */
  seq: number;
  room: string;
  /** ISO instant. */
  at: string;
  from: { kind: 'person' | 'bot'; id?: string | undefined; name: string };
  text?: string | undefined;
  message?: DrawnJson | undefined;
  /** A line in a group saying that the answer went to the asker alone. */
  notice?: 'private' | undefined;
}

export interface ConsoleError {
  error: { message: string };
}

/** A drawn message as JSON: pictures and files by address, the age of the data as a ready line. */
export interface DrawnJson {
  title?: string | undefined;
  tone?: Tone | undefined;
  lang: Lang;
  blocks: DrawnJsonBlock[];
  age?: string | undefined;
}

export type DrawnJsonBlock =
  | { type: 'text'; text: string }
  | { type: 'fields'; fields: FieldJson[] }
  | { type: 'table'; columns: ColumnJson[]; rows: string[][] }
  | { type: 'pictures'; pictures: PictureJson[] }
  | { type: 'file'; url: string; name: string }
  | { type: 'actions'; buttons: Button[] };

export interface FieldJson {
  label: string;
  value: string;
  tone?: Tone | undefined;
}

export interface ColumnJson {
  label: string;
  align: 'left' | 'right';
}

/** `width` and `height` in pixels of the file: the page keeps the room before the picture is there. */
export interface PictureJson {
  url: string;
  alt: string;
  width: number;
  height: number;
}
