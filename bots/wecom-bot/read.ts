import type { Address, Inbound } from '../../src/core/platform.ts';

/** Something to download: the address is good for 5 minutes, its bytes are encrypted with a key of their own. */
export interface RemoteFile {
  kind: 'file' | 'image' | 'video';
  url: string;
  aeskey: string | undefined;
}

/** What a callback says. */
export type Heard =
  | { kind: 'message'; reqId: string; inbound: Inbound; files: RemoteFile[] }
  | { kind: 'press'; reqId: string; inbound: Inbound }
  | { kind: 'welcome'; reqId: string; userid: string }
  | { kind: 'ignored'; why: string };

const SCHEME = 'wecom-bot';

/** A person's direct chat: `wecom-bot:@USERID`. */
function personAddress(userid: string): Address {
  return `${SCHEME}:@${userid}`;
}

/** A group: `wecom-bot:CHATID`. */
function groupAddress(chatid: string): Address {
  return `${SCHEME}:${chatid}`;
}

/** As the bot's own send call names a conversation: 1 is a direct chat, 2 a group. */
export interface Chat {
  chatid: string;
  chat_type: 1 | 2;
}

/** @returns undefined where it is no address of this platform */
export function chatOf(address: Address): Chat | undefined {
  const found = /^wecom-bot:(@?)([^\s@:/][^\s:/]*)$/.exec(address);
  if (!found?.[2]) return undefined;
  return { chatid: found[2], chat_type: found[1] ? 1 : 2 };
}

type Json = Readonly<Record<string, unknown>>;

/** A callback frame of the long connection as what happened. Reads what it knows and trusts no field to be there. */
export function read(frame: unknown): Heard {
  const { headers, body } = object(frame);
  const reqId = text(object(headers)['req_id']);
  const said = object(body);
  const userid = text(object(said['from'])['userid']);
  const id = text(said['msgid']);
  if (!reqId || !userid) return { kind: 'ignored', why: 'a callback without req_id or without a person' };
  if (said['msgtype'] === 'event') return readEvent(said, reqId, userid, id);
  if (!id) return { kind: 'ignored', why: 'a message without msgid' };
  const group = said['chattype'] === 'group';
  const words = readWords(said);
  const files = readFiles(said);
  const line = group ? withoutBot(words) : words.trim();
  const inbound = { id, ...place(said, userid), ...((line || files.length === 0) && { text: line }) };
  if (words.trim() === '' && files.length === 0) {
    return { kind: 'ignored', why: `a message of type ${text(said['msgtype']) || '?'} without words` };
  }
  return { kind: 'message', reqId, inbound, files };
}

function readEvent(said: Json, reqId: string, userid: string, id: string): Heard {
  const event = object(said['event']);
  const type = text(event['eventtype']);
  if (type === 'enter_chat') return { kind: 'welcome', reqId, userid };
  if (type !== 'template_card_event') return { kind: 'ignored', why: `event ${type || '?'}` };
  // The documentation nests these, the SDK's types do not.
  const nested = object(event['template_card_event']);
  const ref = text(nested['event_key']) || text(event['event_key']);
  const pressed = text(nested['task_id']) || text(event['task_id']);
  if (!ref) return { kind: 'ignored', why: 'a pressed card without a key' };
  const inbound = { id: id || reqId, ...place(said, userid), ref, ...(pressed && { pressed }) };
  return { kind: 'press', reqId, inbound };
}

function place(said: Json, userid: string): Pick<Inbound, 'room' | 'group' | 'from'> {
  const from = personAddress(userid);
  const chatid = text(said['chatid']);
  const group = said['chattype'] === 'group' && chatid !== '';
  return { room: group ? groupAddress(chatid) : from, group, from };
}

/** The words of a message. What it quotes is not meant for us. */
function readWords(said: Json): string {
  switch (said['msgtype']) {
    case 'text':
      return text(object(said['text'])['content']);
    case 'voice':
      return text(object(said['voice'])['content']);
    case 'mixed':
      return mixedItems(said)
        .map((item) => (item['msgtype'] === 'text' ? text(object(item['text'])['content']) : ''))
        .filter(Boolean)
        .join('\n');
    default:
      return '';
  }
}

/** In a group the bot hears only lines that call it: `@Bot 日报`. */
function withoutBot(words: string): string {
  return words.replace(/^\s*@\S+(?:\s+|$)/, '').trim();
}

function readFiles(said: Json): RemoteFile[] {
  const parts = said['msgtype'] === 'mixed' ? mixedItems(said) : [said];
  return parts.flatMap((part) => {
    const kind = part['msgtype'];
    if (kind !== 'file' && kind !== 'image' && kind !== 'video') return [];
    const { url, aeskey } = object(part[kind]);
    return text(url) ? [{ kind, url: text(url), aeskey: text(aeskey) || undefined }] : [];
  });
}

function mixedItems(said: Json): Json[] {
  const items = object(said['mixed'])['msg_item'];
  return Array.isArray(items) ? items.map(object) : [];
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
