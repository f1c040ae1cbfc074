import type { Clock } from '../../src/core/time.ts';
import { Bucket, parseJson, Refused, readWords, type SlackBlock } from './slack-rules.ts';

/** A message as people see it now. */
export interface Posted {
  ts: string;
  text: string;
  blocks: SlackBlock[];
  /** Seen by this person alone. */
  onlyFor?: string;
  file?: { name: string; title: string; bytes: Uint8Array };
  edited?: boolean;
}

export interface Answer {
  status: number;
  body: string | Buffer;
  headers?: Record<string, string>;
}

export interface SlackApi {
  /** `member`: whether the bot is in it. */
  addChannel(id: string, options?: { member?: boolean; archived?: boolean }): void;
  posted(channel: string): readonly Posted[];
  /** Calls a method of the Web API. */
  call(method: string, authorization: string | undefined, form: Form): Answer;
  /** Takes the bytes of a file at the address that was given for it. */
  upload(id: string, contentType: string, payload: Buffer): Promise<Answer>;
}

export type Form = Readonly<Record<string, string>>;
interface Channel {
  member: boolean;
  archived: boolean;
  posted: Posted[];
  bucket: Bucket;
}

/** The state of a workspace, and the methods of the Web API that look at it and change it. */
export function slackApi(options: {
  botToken: string;
  appToken: string;
  clock: Pick<Clock, 'now'>;
  base: () => string;
  ticket: () => string;
}): SlackApi {
  const { botToken, appToken, clock, base, ticket } = options;
  const channels = new Map<string, Channel>();
  const people = new Set(['U1', 'U2', 'U024BE7LH']);
  const uploads = new Map<string, { name: string; length: number; bytes?: Uint8Array }>();
  let serial = 0;

  function addChannel(id: string, { member = true, archived = false } = {}): void {
    channels.set(id, { member, archived, posted: [], bucket: new Bucket(clock.now()) });
  }
  addChannel('C1');
  addChannel('C2');

  const newTs = () => `${Math.floor(clock.now().getTime() / 1000)}.${String(++serial).padStart(6, '0')}`;

  function openDirect(user: string): string {
    if (!people.has(user)) throw new Refused('user_not_found');
    const id = `D${user.slice(1)}`;
    if (!channels.has(id)) addChannel(id);
    return id;
  }

  function find(asked = ''): Channel & { id: string } {
    const id = asked.startsWith('U') ? openDirect(asked) : asked;
    const channel = channels.get(id);
    if (!channel) throw new Refused('channel_not_found');
    if (channel.archived) throw new Refused('is_archived');
    if (!channel.member) throw new Refused('not_in_channel');
    return Object.assign(channel, { id });
  }

  function post(channel: Channel, message: Omit<Posted, 'ts'>): Posted {
    if (!channel.bucket.take(clock.now())) throw new Limited();
    const posted = { ts: newTs(), ...message };
    channel.posted.push(posted);
    return posted;
  }

  const methods: Record<string, (form: Form) => object> = {
    'auth.test': () => ({
      url: 'https://t.slack.com/',
      team: 'T',
      user: 'bot',
      team_id: 'T1',
      user_id: 'UBOT',
      bot_id: 'B1',
    }),
    'apps.connections.open': () => ({ url: ticket() }),
    'conversations.open': ({ users = '' }) => ({ channel: { id: openDirect(users) } }),
    'chat.postMessage'(form) {
      const channel = find(form['channel']);
      const message = post(channel, readWords(form));
      return { channel: channel.id, ts: message.ts, message: { type: 'message', bot_id: 'B1', ...message } };
    },
    'chat.postEphemeral'(form) {
      const channel = find(form['channel']);
      const words = readWords(form);
      const onlyFor = form['user'] ?? '';
      if (!people.has(onlyFor)) throw new Refused('user_not_in_channel');
      return { message_ts: post(channel, { ...words, onlyFor }).ts };
    },
    'chat.update'(form) {
      const channel = find(form['channel']);
      const words = readWords(form);
      const message = channel.posted.find(({ ts, onlyFor }) => ts === form['ts'] && onlyFor === undefined);
      if (!message) throw new Refused('message_not_found');
      Object.assign(message, words, { edited: true });
      return { channel: channel.id, ts: message.ts, text: words.text };
    },
    'files.getUploadURLExternal'({ filename, length }) {
      if (!filename || !(Number(length) > 0)) throw new Refused('invalid_arguments');
      const file_id = `F${++serial}`;
      uploads.set(file_id, { name: filename, length: Number(length) });
      return { file_id, upload_url: `${base()}/upload/v1/${file_id}` };
    },
    'files.completeUploadExternal'(form) {
      // Unlike a message, a file is not sent to a person's id.
      if (!/^[CDG]/.test(form['channel_id'] ?? '')) throw new Refused('channel_not_found');
      const channel = find(form['channel_id']);
      const [file] = parseJson(form['files'] ?? '') as { id: string; title?: string }[];
      const upload = uploads.get(file?.id ?? '');
      if (!file || !upload?.bytes) throw new Refused('file_not_found');
      const { name, bytes } = upload;
      post(channel, { text: '', blocks: [], file: { name, title: file.title ?? name, bytes } });
      return { files: [{ id: file.id, title: file.title }] };
    },
  };

  function authorise(method: string, token: string | undefined): void {
    if (!token) throw new Refused('not_authed');
    if (token === (method === 'apps.connections.open' ? appToken : botToken)) return;
    throw new Refused([appToken, botToken].includes(token) ? 'not_allowed_token_type' : 'invalid_auth');
  }

  return {
    addChannel,
    posted: (channel) => [...(channels.get(channel)?.posted ?? [])],
    call(method, authorization, form) {
      try {
        const act = methods[method];
        if (!act) throw new Refused('unknown_method');
        authorise(method, /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? form['token']);
        return json({ ok: true, ...act(form) });
      } catch (error) {
        if (error instanceof Refused) return json({ ok: false, error: error.message });
        if (!(error instanceof Limited)) throw error;
        return { ...json({ ok: false, error: 'ratelimited' }), status: 429, headers: { 'retry-after': '1' } };
      }
    },
    async upload(id, contentType, payload) {
      const place = uploads.get(id);
      if (!place) return { status: 404, body: 'no such upload' };
      const bytes = contentType.startsWith('multipart/') ? await firstFile(contentType, payload) : payload;
      if (bytes.length !== place.length) return { status: 400, body: 'the length differs' };
      place.bytes = bytes;
      return { status: 200, body: `OK - ${bytes.length}` };
    },
  };
}

class Limited extends Error {}

async function firstFile(type: string, payload: Buffer): Promise<Buffer> {
  const form = await new Response(new Uint8Array(payload), { headers: { 'content-type': type } }).formData();
  for (const part of form.values()) if (typeof part !== 'string') return Buffer.from(await part.arrayBuffer());
  return Buffer.alloc(0);
}

export function json(body: object): Answer {
  return { status: 200, body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-8' } };
}
