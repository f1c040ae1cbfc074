import type { Button, Call, Lang, Tone } from './message.ts';

/** Where a message goes: `scheme:rest`, e.g. `wecom-robot:KEY`, `console:sales-bj`, `telegram:-100123`. */
export type Address = string;

export function schemeOf(address: Address): string {
  const colon = address.indexOf(':');
  return colon < 0 ? '' : address.slice(0, colon);
}

export function restOf(address: Address): string {
  return address.slice(address.indexOf(':') + 1);
}

/** An address for people's eyes: a robot's key is a secret, its last four characters are not. */
export function maskAddress(address: Address): string {
  return schemeOf(address) === 'wecom-robot' ? `wecom-robot:…${restOf(address).slice(-4)}` : address;
}

/** Bytes of a picture or a file, ready to be carried. */
export interface Picture {
  bytes: Uint8Array;
  mime: 'image/png' | 'image/jpeg';
  alt: string;
  /** Where a browser can fetch it, for platforms that show by address. */
  url?: string | undefined;
}

/** What a platform can draw by itself. The rest is degraded for it: chart → picture → text, table → lines. */
export type Drawable = 'table' | 'pictures' | 'actions' | 'file' | 'mentions';

/** A message after degrading: charts are pictures, pictures are bytes, and no block is left that the platform cannot draw. */
export interface DrawnMessage {
  title?: string | undefined;
  tone?: Tone | undefined;
  blocks: DrawnBlock[];
  /** How old and how complete the data is, as a line; drawn last and small. Made by `render/degrade.ts` from `asOf`. */
  age?: string | undefined;
  mentions?: string[] | undefined;
  /** `private`: only says that the answer went to the asker alone; may be drawn quietly. */
  notice?: 'private' | undefined;
  lang: Lang;
}

export type DrawnBlock =
  | { type: 'text'; text: string }
  | { type: 'fields'; fields: { label: string; value: string; tone?: Tone | undefined }[] }
  | { type: 'table'; columns: { label: string; align: 'left' | 'right' }[]; rows: string[][] }
  | { type: 'pictures'; pictures: Picture[] }
  | { type: 'file'; bytes: Uint8Array; name: string }
  | { type: 'actions'; buttons: DrawnButton[] };

/** A button with a short name of its call (at most 24 ASCII characters), for platforms whose buttons hold little. */
export type DrawnButton = Button & { ref: string };

/** Something that a person did on a platform: said a line, or pressed a button. */
export interface Inbound {
  /** The platform's own id of the event; handled once. */
  id: string;
  /** Where it was said; the answer goes here. */
  room: Address;
  group: boolean;
  /** Who said it, as an address to which a private answer can go. */
  from: Address;
  fromName?: string | undefined;
  text?: string | undefined;
  call?: Call | undefined;
  /** Instead of `call`: the `ref` of the pressed button. */
  ref?: string | undefined;
  /** The message whose button was pressed, by the platform's own id. */
  pressed?: string | undefined;
  files?: InboundFile[] | undefined;
  /** The language of the page or app that a button was pressed in; a typed line shows its own. */
  lang?: Lang | undefined;
}

/** A file that a person sent; fetched when it is wanted. */
export interface InboundFile {
  name: string;
  /** @throws UpstreamError */
  bytes(signal?: AbortSignal): Promise<Uint8Array>;
}

export type Receive = (inbound: Inbound) => Promise<void>;

/**
 * A chat product. It carries; it never knows what it carries.
 * `draw` is pure; `send` takes one parcel at a time, so that a retry repeats only what was not delivered.
 */
export interface ChatPlatform<Parcel = unknown> {
  /** Address schemes that it carries. */
  readonly name: string;
  readonly draws: ReadonlySet<Drawable>;
  /** Whether the platform swallows a repeated parcel with the same key; where not, an unanswered send is doubtful. */
  readonly deduplicates: boolean;
  /** How long it knows a repeated parcel, in milliseconds; absent: for ever, if it de-duplicates at all. */
  readonly deduplicatesFor?: number;
  /** What one address takes; the dispatcher keeps to it. */
  limits?(to: Address): readonly Limit[];
  /** What all addresses together take. */
  readonly limitsOfAll?: readonly Limit[];
  /** Whether `send` with `onlyFor` shows a message without pictures and files to one person of a group. */
  readonly whispers?: boolean;
  /** Begins to listen; resolves when it does. Send-only platforms leave it out. Aborted: stops listening. */
  start?(receive: Receive, signal: AbortSignal): Promise<void>;
  /** Ends what `start` opened; resolves when it is closed. */
  stop?(): Promise<void>;
  /**
   * The name of the lease on the one connection by which it sends. The outbox leaves the sending to the process that
   * holds it.
   */
  readonly connectionLease?: string;
  /** `ok`, or what is wrong with the connection; for `/ready`. */
  health?(): string;
  /** Where the platform calls us. The answer must come at once: what takes time is done after it. */
  readonly webhooks?: readonly Webhook[];
  /** A message as the platform's own payloads, in sending order, each within the platform's limits. */
  draw(message: DrawnMessage): Parcel[];
  /**
   * Delivers one parcel.
   * @param options.inReplyTo the event that is answered, for platforms whose replies need it
   * @throws DeliveryError
   */
  send(to: Address, parcel: Parcel, options?: SendOptions): Promise<{ id?: string | undefined }>;
  /**
   * Puts parcels in the place of the message that `inReplyTo.pressed` names.
   * @returns false where that cannot be done (any more): they are then sent anew
   * @throws DeliveryError
   */
  update?(to: Address, parcels: readonly Parcel[], options: SendOptions): Promise<boolean>;
}

/** At most `count` sends in any `ms` milliseconds. */
export interface Limit {
  count: number;
  ms: number;
}

/** An address below our public one at which a platform calls us. */
export interface Webhook {
  method: 'GET' | 'POST';
  /** e.g. `/webhooks/wecom`. */
  path: string;
  handle(request: WebhookRequest): Promise<WebhookAnswer>;
}

export interface WebhookRequest {
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  /** As it came: signatures are over the bytes. */
  body: Uint8Array;
}

export interface WebhookAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface SendOptions {
  inReplyTo?: Inbound | undefined;
  /** The same for every try of the same parcel; platforms that can de-duplicate use it. */
  key?: string | undefined;
  /** Shown to this person alone, on a platform that whispers. */
  onlyFor?: Address | undefined;
  signal?: AbortSignal | undefined;
}
