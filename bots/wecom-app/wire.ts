import { createHash, randomUUID } from 'node:crypto';
import { DeliveryError, UpstreamError } from '../../src/core/errors.ts';
import { type Address, restOf, schemeOf } from '../../src/core/platform.ts';
import type { Clock } from '../../src/core/time.ts';
import { type Answer, callWecom, type Fail, happy, unseen, wecomBase } from '../../src/core/wecom/call.ts';
import { mediaBody } from '../../src/core/wecom/media.ts';
import { type Card, taskId } from './card.ts';
import { download } from './download.ts';
import { type AppParcel, type BytesParcel, numbered } from './draw.ts';
import { createToken } from './token.ts';

export interface WireOptions {
  corpId: string;
  secret: string;
  agentId: number;
  /** Base of all `/cgi-bin/…` calls. */
  apiBase: string;
  clock: Pick<Clock, 'now'>;
  fetch?: typeof fetch | undefined;
  /** For one call, its answer included; 30 s by default. */
  timeoutMs?: number | undefined;
  /** Remembers uploads; only for as long as the process lives, unless another is given. */
  uploads?: Uploads | undefined;
}

/** What was uploaded as what, so that a retry sends the same `media_id` and is recognised. */
export interface Uploads {
  find(id: string): Promise<string | undefined>;
  keep(id: string, mediaId: string, until: Date): Promise<void>;
}

/** The calls of an app. */
export interface AppWire {
  /**
   * @param key names the letter's parcel: then WeCom swallows a repetition within `DUPLICATE_SECONDS`
   * @returns the message's id
   * @throws DeliveryError
   */
  send(to: Address, parcel: AppParcel, key?: string, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Puts a card in the place of one whose button was pressed.
   * @param responseCode of the press; good once, for 72 h
   * @returns false where WeCom does not do it
   * @throws DeliveryError where it may do it later, or did
   */
  replace(to: Address, card: Card, responseCode: string, signal?: AbortSignal): Promise<boolean>;
  /** @throws UpstreamError */
  download(mediaId: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** Fetches a token, so that what is wrong with the settings shows at once. */
  connect(): Promise<void>;
  health(): string;
}

/** The most that WeCom takes. */
export const DUPLICATE_SECONDS = 4 * 3600;
/** A media id is good for three days; a retry within the hours in which it would be swallowed has the same. */
const UPLOAD_MS = 3 * 24 * 3600_000 - DUPLICATE_SECONDS * 1000;

const SCOPE =
  'the member is unknown, has left or is outside the visible range of the app: see the app’s range in WeCom';
const SETTINGS =
  'the settings of the app do not belong together: see WECOM_CORP_ID, WECOM_APP_SECRET, WECOM_APP_AGENT_ID';
const BUG = 'report this as a bug';
const REMEDIES: Record<number, string> = {
  40007: 'the uploaded picture or file is not known any more',
  40008: `it does not know this type of message: ${BUG}`,
  40013: SETTINGS,
  40035: `a parameter is wrong: ${BUG}`,
  40056: SETTINGS,
  40058: `a field is missing or too long: ${BUG}`,
  44004: 'the message is empty: give it words',
  45001: 'the picture or the file is too big: send a smaller one',
  45002: 'the text is too long: send less',
  48002: 'the app may not use this call: give it the permission in the WeCom admin console',
  60011: SCOPE,
  60020:
    'the address of this machine is not trusted: add it to the trusted IPs (企业可信IP) of the app in the WeCom admin console',
  60021: SCOPE,
  60111: SCOPE,
  81013: SCOPE,
  301002: SETTINGS,
};
const MEANINGS = { remedies: REMEDIES, gone: new Set([60011, 60021, 60111, 81013]) };
/** Nothing arrives anywhere until somebody changes a setting. */
const SETUP = new Set([40013, 40056, 48002, 60020, 301002]);
const TOKEN_ENDED = new Set([40014, 42001]);
const MEDIA_UNKNOWN = 40007;

/** @throws SetupError where `apiBase` is no address */
export function createWire(options: WireOptions): AppWire {
  const { corpId, secret, agentId, clock, fetch, timeoutMs, uploads = rememberedUploads(clock) } = options;
  const base = wecomBase(options.apiBase);
  const tokens = createToken({ corpId, secret, base, clock, fetch, timeoutMs });
  let wrong: string | undefined;

  /** Runs a call with the token, and once more with a new one where that has ended. */
  async function withToken(call: (token: string) => Promise<Answer>): Promise<Answer> {
    const token = await tokens.get();
    const answer = await call(token);
    if (!TOKEN_ENDED.has(answer.errcode)) return answer;
    tokens.drop(token);
    const again = await call(await tokens.get());
    if (!TOKEN_ENDED.has(again.errcode)) return again;
    throw new DeliveryError('retry', `wecom-app: WeCom does not take the token that it just gave`);
  }

  async function post(path: string, init: RequestInit, who: string, signal?: AbortSignal): Promise<Answer> {
    const answer = await withToken((token) =>
      callWecom({
        url: `${base}/cgi-bin/${path}access_token=${encodeURIComponent(token)}`,
        init: { ...init, method: 'POST' },
        fail: failure(who, [secret, token]),
        fetch,
        timeoutMs,
        signal,
      }),
    );
    const remedy = SETUP.has(answer.errcode) ? REMEDIES[answer.errcode] : undefined;
    wrong = remedy && `wecom-app: ${remedy} (errcode ${answer.errcode})`;
    return answer;
  }

  function postJson(path: string, body: object, who: string, signal?: AbortSignal): Promise<Answer> {
    const init = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return post(path, init, who, signal);
  }

  /** The part of the request that names its type; texts and ids in it depend on the parcel and its key alone. */
  async function content(to: Address, parcel: AppParcel, key?: string, signal?: AbortSignal): Promise<object> {
    switch (parcel.msgtype) {
      case 'text':
      case 'markdown':
        return { content: key === undefined ? parcel.content : numbered(parcel, key) };
      case 'template_card':
        return { ...parcel.card, task_id: taskId(key === undefined ? randomUUID() : `${to} ${key}`) };
      default:
        return { media_id: await upload(to, parcel, key, signal) };
    }
  }

  /** Under each key an upload of its own, so that two letters with the same picture differ and a retry does not. */
  async function upload(to: Address, file: BytesParcel, key?: string, signal?: AbortSignal): Promise<string> {
    const id = uploadId(file, key);
    const known = await uploads.find(id);
    if (known) return known;
    const path = `media/upload?type=${file.msgtype}&`;
    const answer = await unseen(() => post(path, mediaBody(file.name, file.bytes), to, signal));
    const { media_id: mediaId } = happy(answer, failure(to, [secret]), MEANINGS);
    if (typeof mediaId !== 'string') throw failure(to, [])('retry', 'the upload was answered without a media_id');
    await uploads.keep(id, mediaId, new Date(clock.now().getTime() + UPLOAD_MS));
    return mediaId;
  }

  return {
    async send(to, parcel, key, signal) {
      const user = userOf(to);
      if (signal?.aborted) throw failure(to, [])('retry', 'stopped before it was sent');
      const body = {
        touser: user,
        msgtype: parcel.msgtype,
        agentid: agentId,
        [parcel.msgtype]: await content(to, parcel, key, signal),
        ...(key !== undefined && { enable_duplicate_check: 1, duplicate_check_interval: DUPLICATE_SECONDS }),
      };
      const answer = await postJson('message/send?', body, to, signal);
      const fail = failure(to, [secret]);
      if (answer.errcode === MEDIA_UNKNOWN && 'bytes' in parcel) {
        await uploads.keep(uploadId(parcel, key), '', new Date(0));
        throw fail('retry', `${REMEDIES[MEDIA_UNKNOWN]}: it is uploaded again`);
      }
      const { invaliduser, unlicenseduser, msgid } = happy(answer, fail, MEANINGS);
      if (names(invaliduser, user)) throw fail('refused', `${SCOPE} (invaliduser)`, undefined, { gone: true });
      if (names(unlicenseduser, user)) {
        const reason = 'the member has no licence for this app: give one in the WeCom admin console (unlicenseduser)';
        throw fail('refused', reason, undefined, { gone: true });
      }
      return typeof msgid === 'string' ? msgid : undefined;
    },
    async replace(to, card, responseCode, signal) {
      const head = { userids: [userOf(to)], agentid: agentId, response_code: responseCode };
      const body = { ...head, template_card: { ...card, task_id: taskId(responseCode) } };
      const answer = await postJson('message/update_template_card?', body, to, signal);
      try {
        happy(answer, failure(to, [secret]), MEANINGS);
        return true;
      } catch (error) {
        if (error instanceof DeliveryError && error.kind === 'refused') return false;
        throw error;
      }
    },
    async download(mediaId, signal) {
      try {
        return await download(mediaId, { base, secret, withToken, fetch, timeoutMs, signal });
      } catch (error) {
        throw error instanceof DeliveryError ? new UpstreamError(error.message) : error;
      }
    },
    async connect() {
      await tokens.get();
    },
    health: () => tokens.problem() ?? wrong ?? 'ok',
  };
}

function uploadId({ msgtype, name, bytes }: BytesParcel, key = ''): string {
  return createHash('sha256').update(`${msgtype}\n${name}\n${key}\n`).update(bytes).digest('base64url');
}

function rememberedUploads(clock: Pick<Clock, 'now'>): Uploads {
  const known = new Map<string, { mediaId: string; until: Date }>();
  return {
    async find(id) {
      const upload = known.get(id);
      return upload && upload.until > clock.now() ? upload.mediaId : undefined;
    },
    async keep(id, mediaId, until) {
      for (const [old, upload] of known) if (upload.until <= clock.now()) known.delete(old);
      known.set(id, { mediaId, until });
    },
  };
}

/** The member of an address. `@all` and `a|b` would be many at once, of whom one failure could not be told. */
function userOf(to: Address): string {
  const user = schemeOf(to) === 'wecom-app' ? restOf(to) : '';
  if (/^[A-Za-z0-9][\w@.-]{0,63}$/.test(user)) return user;
  throw new DeliveryError('refused', 'not the address of a WeCom member: write wecom-app:USERID, as in the directory');
}

/** Whether a list of an answer, `u1|u2` in lower case, names the member. */
function names(list: unknown, user: string): boolean {
  return typeof list === 'string' && list.toLowerCase().split('|').includes(user.toLowerCase());
}

function failure(who: string, secrets: readonly string[]): Fail {
  return (kind, reason, retryAfterMs, more) => {
    const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), reason);
    return new DeliveryError(kind, `${who}: ${clean}`, retryAfterMs, more);
  };
}
