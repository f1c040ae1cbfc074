import { DeliveryError } from '../../src/core/errors.ts';
import { type Address, maskAddress, restOf, schemeOf } from '../../src/core/platform.ts';
import { type Answer, callWecom, type Fail, happy, unseen, wecomBase } from '../../src/core/wecom/call.ts';
import { mediaBody } from '../../src/core/wecom/media.ts';

export interface WireOptions {
  /** Base of all `/cgi-bin/…` calls. */
  apiBase: string;
  fetch?: typeof fetch | undefined;
  /** For one call, its answer included; 30 s by default. */
  timeoutMs?: number | undefined;
}

/** The two calls of a group robot. Both throw DeliveryError. */
export interface Wire {
  send(to: Address, body: object, signal?: AbortSignal): Promise<void>;
  /** @returns media id, good for 3 days and for this robot only */
  upload(to: Address, name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<string>;
}

const REMEDIES = {
  93000: 'the key is wrong, or the robot was removed from its group: add a robot and put its key into the channel',
  93004: 'the robot is disabled: enable it in the group, or put the key of another one into the channel',
  93008: 'the robot is not in the group any more: add it again and put its key into the channel',
  40008: 'it does not know this type of message: report this as a bug',
  40035: 'a parameter is wrong, or the text is too long: report this as a bug',
  40058: 'a field is missing, or the text is too long: report this as a bug',
  44004: 'the message is empty: give it words',
  45001: 'the picture or the file is too big: send a smaller one',
  45002: 'the text is too long: send less',
};
const MEANINGS = { remedies: REMEDIES, gone: new Set([93000, 93004, 93008]) };

/**
 * The robot's two calls. The robot does not know a repeated message: what was sent and not answered is doubtful.
 * @throws SetupError where `apiBase` is no address
 */
export function createWire({ apiBase, fetch, timeoutMs }: WireOptions): Wire {
  const base = wecomBase(apiBase);

  async function post(to: Address, path: string, init: RequestInit, signal?: AbortSignal): Promise<Answer> {
    const key = keyOf(to);
    const fail: Fail = (kind, reason, retryAfterMs, more) =>
      new DeliveryError(kind, `${maskAddress(to)}: ${scrub(reason, key)}`, retryAfterMs, more);
    const url = `${base}/cgi-bin/webhook/${path}key=${encodeURIComponent(key)}`;
    const answer = await callWecom({ url, init: { ...init, method: 'POST' }, fail, fetch, timeoutMs, signal });
    return happy(answer, fail, MEANINGS);
  }

  return {
    async send(to, body, signal) {
      const init = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      await post(to, 'send?', init, signal);
    },
    async upload(to, name, bytes, signal) {
      const answer = await unseen(() => post(to, 'upload_media?type=file&', mediaBody(name, bytes), signal));
      if (typeof answer['media_id'] === 'string') return answer['media_id'];
      throw new DeliveryError('retry', `${maskAddress(to)}: the upload was answered without a media_id`);
    },
  };
}

function keyOf(to: Address): string {
  const key = schemeOf(to) === 'wecom-robot' ? restOf(to) : '';
  if (/^[\w-]+$/.test(key)) return key;
  throw new DeliveryError(
    'refused',
    'not the address of a group robot: write wecom-robot:KEY, with the key= of its webhook',
  );
}

function scrub(text: string, key: string): string {
  return text.replaceAll(key, `…${key.slice(-4)}`);
}
