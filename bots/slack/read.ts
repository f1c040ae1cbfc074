import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Call, type Lang } from '../../src/core/message.ts';
import type { Inbound, InboundFile } from '../../src/core/platform.ts';

/** What is needed to make sense of an event. */
export interface Reading {
  /** The bot's own user id (`U…`), once it is known. */
  self?: string | undefined;
  /** The id that Socket Mode gave to the envelope. */
  envelope?: string | undefined;
  /** A file that a person sent, as something that can be fetched. */
  file(file: SlackFile): InboundFile;
}

const SlackFile = z.object({
  name: z.string().catch('file'),
  url_private: z.string().optional(),
  url_private_download: z.string().optional(),
  size: z.number().optional(),
});
export type SlackFile = z.output<typeof SlackFile>;

const Event = z.object({
  event_id: z.string().min(1),
  authorizations: z.array(z.object({ user_id: z.string().nullish() })).catch([]),
  event: z.object({
    type: z.enum(['app_mention', 'message']),
    subtype: z.literal('file_share').optional(),
    channel: z.string().min(1),
    channel_type: z.string().optional(),
    user: z.string().min(1),
    text: z.string().catch(''),
    bot_id: z.null().optional(),
    edited: z.undefined().optional(),
    hidden: z.literal(false).optional(),
    files: z.array(SlackFile).catch([]),
  }),
});

const SlashCommand = z.object({
  command: z.string().startsWith('/'),
  text: z.string().catch(''),
  user_id: z.string().min(1),
  user_name: z.string().optional(),
  channel_id: z.string().min(1),
  channel_name: z.string().optional(),
  trigger_id: z.string().optional(),
  response_url: z.string().optional(),
});

const Press = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string().min(1), name: z.string().optional(), username: z.string().optional() }),
  channel: z.object({ id: z.string().min(1) }).optional(),
  container: z.object({ channel_id: z.string().optional(), message_ts: z.string().optional() }).optional(),
  message: z.object({ ts: z.string().optional() }).optional(),
  trigger_id: z.string().optional(),
  actions: z
    .array(z.object({ action_id: z.string(), value: z.string().min(1), action_ts: z.string().optional() }))
    .min(1),
});

/**
 * What a body that Slack sent means to us: somebody mentioned the bot, wrote to it directly, gave a slash command or
 * pressed a button. Undefined for all else: other events, what bots say (this one too), and edited messages.
 */
export function read(body: unknown, reading: Reading): Inbound | undefined {
  const event = Event.safeParse(body);
  if (event.success) return readEvent(event.data, reading);
  const command = SlashCommand.safeParse(body);
  if (command.success) return readCommand(command.data, reading);
  const press = Press.safeParse(body);
  return press.success ? readPress(press.data, reading) : undefined;
}

function readEvent({ event, event_id, authorizations }: z.output<typeof Event>, reading: Reading): Inbound | undefined {
  const { channel, user } = event;
  const direct = event.channel_type === 'im' || isDirect(channel);
  const self = reading.self ?? authorizations[0]?.user_id ?? undefined;
  // A mention in a direct chat comes as a message too; a message of a channel that calls the bot comes as a mention too.
  if ((event.type === 'message') !== direct || user === self) return undefined;
  const said = self ? event.text.replaceAll(new RegExp(`<@${self}(?:\\|[^>]*)?>`, 'g'), ' ') : event.text;
  const text = plainWords(said).trim();
  const files = direct ? event.files.map(reading.file) : [];
  return {
    id: event_id,
    room: `slack:${channel}`,
    group: !direct,
    from: `slack:${user}`,
    ...(text || files.length === 0 ? { text: text || 'help' } : {}),
    ...(files.length > 0 && { files }),
  };
}

function readCommand(body: z.output<typeof SlashCommand>, { envelope }: Reading): Inbound {
  const direct = isDirect(body.channel_id) || body.channel_name === 'directmessage';
  const word = body.command.slice(1);
  const line = word.toLowerCase() === 'fieldbell' ? body.text : `${word} ${body.text}`;
  const from = `slack:${body.user_id}` as const;
  const known = [body.trigger_id, body.response_url, body.command, body.text, body.user_id, body.channel_id];
  return {
    id: body.trigger_id ? `command:${digest(known)}` : `command:${envelope ?? digest(known)}`,
    // A direct chat may be one of two people, where the bot cannot post: the answer goes to its own with the asker.
    room: direct ? from : `slack:${body.channel_id}`,
    group: !direct,
    from,
    ...(body.user_name && { fromName: body.user_name }),
    text: plainWords(line).trim() || 'help',
  };
}

/** Whether an event was a slash command, which can be given in a channel that the bot is not in. */
export function isCommand({ id }: Pick<Inbound, 'id'>): boolean {
  return id.startsWith('command:');
}

function readPress(body: z.output<typeof Press>, { envelope }: Reading): Inbound | undefined {
  const [action] = body.actions;
  const channel = body.channel?.id ?? body.container?.channel_id;
  if (!action || !channel) return undefined;
  const pressed = body.container?.message_ts ?? body.message?.ts;
  const known = [body.trigger_id, action.action_ts, action.action_id, pressed, body.user.id, channel];
  const name = body.user.name ?? body.user.username;
  const lang = languageOf(action.action_id);
  return {
    id: `press:${body.trigger_id || action.action_ts ? digest(known) : (envelope ?? digest(known))}`,
    room: `slack:${channel}`,
    group: !isDirect(channel),
    from: `slack:${body.user.id}`,
    ...(name && { fromName: name }),
    ...(pressed && { pressed }),
    ...(lang && { lang }),
    ...readValue(action.value),
  };
}

/** A button holds its call as JSON, or the call's short name where that is too long. */
function readValue(value: string): { call: Call } | { ref: string } {
  try {
    const call = Call.safeParse(JSON.parse(value));
    if (call.success) return { call: call.data };
  } catch {
    // Not JSON: a short name.
  }
  return { ref: value };
}

/** The language that a button was drawn in stands at the beginning of its action id. */
function languageOf(actionId: string): Lang | undefined {
  const [lang] = actionId.split('.');
  return lang === 'zh' || lang === 'en' ? lang : undefined;
}

function isDirect(channel: string): boolean {
  return channel.startsWith('D');
}

/** Slack's ids of commands and presses are of any length, and only together surely unlike. */
function digest(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/**
 * What a person typed, of what Slack made of it: `<https://a.example|a.example>` is `a.example` again, `<@U1|li>` is
 * `@li`, `<!here>` is `@here`, `&lt;` is `<`.
 */
export function plainWords(text: string): string {
  return text
    .replace(/<([@#!]?)([^<>|\s][^<>|]*)(?:\|([^<>]*))?>/g, (_, kind: string, target: string, label?: string) => {
      if (kind === '!') return label ?? `@${target.replace(/\^.*$/, '')}`;
      if (kind === '@' || kind === '#') return `${kind}${label || target}`;
      return label || target.replace(/^mailto:/, '');
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
