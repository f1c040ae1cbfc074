import type { Address } from '../../src/core/platform.ts';
import type { FastClock } from './clock.ts';
import type { Fault } from './plan.ts';

/** Something that arrived: what people in the conversation saw, in order. */
export interface Arrival {
  address: Address;
  /** Numbered lines (`h1-2-0`) and pictures (`h1-2-picture`) of letters that it holds. */
  pieces: string[];
  /** Says that it may be a repetition. */
  marked: boolean;
  /** When, where that matters. */
  at?: Date;
}

/** A channel as it stands in `channels.yaml`. */
export interface ProofChannel {
  name: string;
  address: Address;
  robots?: readonly Address[];
  digest?: boolean;
  /** `HH:MM` of the house's zone. */
  quiet?: { from: string; to: string };
  /** The same as instants. */
  silent?: { from: Date; to: Date };
}

/** An answer as it goes over the wire. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A platform as the proof sees it: the emulator behind it, and how it talks. */
export interface Destination {
  scheme: string;
  /** Whether it swallows what is sent twice. */
  deduplicates: boolean;
  /** Settings of the service. @param base the address at which the platform is to be called */
  settings(base: string): Record<string, string>;
  /** What must never be in a log. */
  secrets: readonly string[];
  addresses: readonly Address[];
  /** Channels of our own over the platform; `address` and `robots` are theirs alone. */
  channels?: readonly ProofChannel[];
  /** Of a conversation that is not there any more. */
  gone?: Address;
  /** Calls that are the emulator's, and where it is; absent for our own console. */
  serves?: { path: RegExp; url: string };
  /** Calls that can go wrong: those that say something. */
  sends?: RegExp;
  /** Makes the next message go wrong, where it does not pass by the weather: a socket. And ends that. */
  spoil?(fault: Fault): void;
  behave?(): void;
  /** How the platform says "busy" and "too often". */
  busy?: WireAnswer;
  limited?: WireAnswer;
  /** Whether the emulator itself said that a limit was exceeded. */
  isOverLimit?(answer: WireAnswer): boolean;
  /** What people saw, in order, or was dropped because of a limit. */
  arrived(
    pieceOf: (picture: Uint8Array | string) => string | undefined,
  ): Promise<{ arrivals: Arrival[]; dropped: number }>;
  close(): Promise<void>;
}

/** @param conversations how many conversations are wanted */
export type OpenDestination = (options: {
  conversations: number;
  clock: FastClock;
  databaseUrl: string;
}) => Promise<Destination>;

const PIECE = /h\d+-\d+-\d+(?=:)/g;
const REPEAT_MARK = '（重发）';

/** Reads what a text holds. */
export function readText(address: Address, text: string): Arrival {
  return { address, pieces: text.match(PIECE) ?? [], marked: text.includes(REPEAT_MARK) };
}

/** WeCom answers HTTP 200 whatever happens; the errcode decides. */
export function wecomAnswer(errcode: number, errmsg: string): WireAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ errcode, errmsg }),
  };
}
