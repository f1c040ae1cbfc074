import { webApi } from '@slack/bolt';
import { deadline } from '../../src/core/deadline.ts';
import { DeliveryError, SetupError, UpstreamError } from '../../src/core/errors.ts';
import { type Address, type InboundFile, restOf, schemeOf } from '../../src/core/platform.ts';
import type { SlackParcel } from './draw.ts';
import { codeOf, judge } from './failure.ts';
import type { SlackLogger } from './logger.ts';
import type { SlackFile } from './read.ts';

export interface WireOptions {
  botToken: string;
  /** Base of all Web API calls. */
  apiUrl: string;
  logger: SlackLogger;
  /** For one call, its answer included. Longer than the 10 s in which `fetch` gives up connecting. */
  timeoutMs?: number | undefined;
}

/** Who the bot is in its workspace. */
export interface Identity {
  userId: string;
  botId: string | undefined;
}

/** The calls of the Web API that we make, one attempt each. All throw DeliveryError. */
export interface Wire {
  whoAmI(signal?: AbortSignal): Promise<Identity>;
  /** @returns the message's `ts`, where Slack says it */
  send(
    to: Address,
    parcel: SlackParcel,
    options: { onlyFor?: Address | undefined; signal?: AbortSignal | undefined },
  ): Promise<string | undefined>;
  /** @returns false where the message is not there any more, or may not be changed */
  update(to: Address, ts: string, parcel: SlackParcel & { type: 'message' }, signal?: AbortSignal): Promise<boolean>;
  /** A file that somebody sent, fetched when it is wanted. */
  file(file: SlackFile): InboundFile;
}

const TIMEOUT_MS = 30_000;
/** A call under way when we are told to stop gets this long to be answered: otherwise its delivery would be doubtful. */
const GRACE_MS = 2000;
const FILE_BYTES = 100 * 1024 * 1024;
const CANNOT_UPDATE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive']);

/** @throws SetupError where `apiUrl` is no address */
export function createWire({ botToken, apiUrl, logger, timeoutMs = TIMEOUT_MS }: WireOptions): Wire {
  if (!URL.canParse(apiUrl)) throw new SetupError(`SLACK_API_URL is not an address: ${apiUrl}`);
  const directChats = new Map<string, Promise<string>>();

  /** One attempt of one call. A client is made for it, since the SDK's calls cannot be aborted one by one. */
  async function call<T>(
    to: Address,
    repeatable: boolean,
    signal: AbortSignal | undefined,
    make: (client: webApi.WebClient, fetch: Fetch) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw new DeliveryError('retry', `${to}: stopped before it was sent`);
    const stop = deadline(timeoutMs, signal, GRACE_MS);
    const stoppable: Fetch = (url, init) =>
      // A kept connection may be closed under a new request; then nobody knows whether that was read.
      fetch(url, { ...init, headers: { ...init.headers, connection: 'close' }, signal: stop.signal });
    try {
      const client = new webApi.WebClient(botToken, {
        slackApiUrl: apiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        allowAbsoluteUrls: false,
        logger,
        fetch: (url, init) => stoppable(String(url), init as RequestInit & { headers: Record<string, string> }),
      });
      return await make(client, stoppable);
    } catch (error) {
      throw judge(to, error, { repeatable });
    } finally {
      stop.release();
    }
  }

  /** The conversation of an address; a person's direct chat is opened once. */
  async function channelOf(to: Address, signal: AbortSignal | undefined): Promise<string> {
    const id = idOf(to);
    if (!/^[UW]/.test(id)) return id;
    const known = directChats.get(id);
    if (known) return known;
    const opened = call(to, true, signal, async (client) => {
      const { channel } = await client.conversations.open({ users: id });
      if (channel?.id) return channel.id;
      throw new DeliveryError('retry', `${to}: conversations.open was answered without a channel`);
    });
    directChats.set(id, opened);
    opened.catch(() => directChats.delete(id));
    return opened;
  }

  async function upload(to: Address, channel: string, file: SlackParcel & { type: 'file' }, signal?: AbortSignal) {
    const id = await call(to, true, signal, async (client, fetch) => {
      const { name: filename, bytes } = file;
      const place = await client.files.getUploadURLExternal({ filename, length: bytes.length });
      if (!place.upload_url || !place.file_id) {
        throw new DeliveryError('retry', `${to}: files.getUploadURLExternal was answered without an address`);
      }
      const body = new FormData();
      body.append('body', new Blob([new Uint8Array(bytes)]), filename);
      const { status } = await fetch(place.upload_url, { method: 'POST', body, headers: {}, redirect: 'error' });
      if (status !== 200) throw new DeliveryError('retry', `${to}: the upload failed (HTTP ${status})`);
      return place.file_id;
    });
    // The message is made later, so that there is no `ts` to give.
    await call(to, false, signal, (client) =>
      client.files.completeUploadExternal({ files: [{ id, title: file.title }], channel_id: channel }),
    );
    return undefined;
  }

  return {
    whoAmI: (signal) =>
      call('auth.test', true, signal, async (client) => {
        const { user_id: userId, bot_id: botId } = await client.auth.test();
        if (!userId) throw new DeliveryError('retry', 'auth.test was answered without a user_id');
        return { userId, botId };
      }),
    async send(to, parcel, { onlyFor, signal }) {
      if (signal?.aborted) throw new DeliveryError('retry', `${to}: stopped before it was sent`);
      const channel = await channelOf(to, signal);
      if (parcel.type === 'file') {
        if (!onlyFor) return upload(to, channel, parcel, signal);
        throw new DeliveryError(
          'refused',
          `${to}: Slack shows files to all of a channel: send it to ${onlyFor} directly`,
        );
      }
      const { text, blocks } = parcel;
      const message = { channel, text, blocks };
      if (onlyFor) {
        const user = idOf(onlyFor);
        const sent = await call(to, false, signal, (client) => client.chat.postEphemeral({ ...message, user }));
        return sent.message_ts;
      }
      const sent = await call(to, false, signal, (client) =>
        client.chat.postMessage({ ...message, unfurl_links: false, unfurl_media: false }),
      );
      return sent.ts;
    },
    async update(to, ts, { text, blocks }, signal) {
      const channel = await channelOf(to, signal);
      // The same change made twice is one change.
      return call(to, true, signal, async (client) => {
        try {
          await client.chat.update({ channel, ts, text, blocks });
          return true;
        } catch (error) {
          if (CANNOT_UPDATE.has(codeOf(error) ?? '')) return false;
          throw error;
        }
      });
    },
    file: (file) => ({ name: file.name, bytes: (signal) => fetchFile(file, signal) }),
  };

  async function fetchFile(file: SlackFile, signal?: AbortSignal): Promise<Uint8Array> {
    const fail = (reason: string) =>
      new UpstreamError(`The file "${file.name}" cannot be fetched from Slack: ${reason}`);
    const url = file.url_private_download ?? file.url_private ?? '';
    // An "external" file may lie anywhere; the token is for Slack alone.
    if (!isSlack(url, apiUrl)) throw fail('it does not lie with Slack; send the file itself');
    if ((file.size ?? 0) > FILE_BYTES) throw fail('it is bigger than 100 MB');
    const stop = deadline(timeoutMs, signal, GRACE_MS);
    try {
      const headers = { authorization: `Bearer ${botToken}` };
      const response = await fetch(url, { headers, redirect: 'error', signal: stop.signal });
      if (!response.ok) throw fail(`HTTP ${response.status}`);
      // Without the permission Slack answers with its sign-in page.
      if (response.headers.get('content-type')?.startsWith('text/html') && !/\.html?$/i.test(file.name)) {
        throw fail('the app lacks the permission files:read');
      }
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw error instanceof UpstreamError ? error : fail('no answer came; try again');
    } finally {
      stop.release();
    }
  }
}

type Fetch = (url: string, init: RequestInit & { headers: Record<string, string> }) => Promise<Response>;

function isSlack(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin } = new URL(url);
  const api = new URL(apiUrl);
  const theirs = hostname === 'files.slack.com' || hostname.endsWith(`.${api.hostname}`);
  return origin === api.origin || (protocol === 'https:' && theirs);
}

function idOf(to: Address): string {
  const id = schemeOf(to) === 'slack' ? restOf(to) : '';
  if (/^[CDGUW][A-Z0-9]+$/.test(id)) return id;
  throw new DeliveryError(
    'refused',
    'not an address of Slack: write slack:ID, with the id of a channel (C…), of a direct chat (D…) or of a person (U…)',
  );
}
