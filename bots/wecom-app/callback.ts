import { timingSafeEqual } from 'node:crypto';
import { WecomCrypto } from '@wecom/aibot-node-sdk';
import { XMLParser } from 'fast-xml-parser';
import type { Logger } from 'pino';
import { messageOf, SetupError } from '../../src/core/errors.ts';
import type { Webhook, WebhookAnswer, WebhookRequest } from '../../src/core/platform.ts';
import type { Clock } from '../../src/core/time.ts';

/** A decrypted message or event, by the names of its elements. All values are text, ids too. */
export type CallbackEvent = Readonly<Record<string, string>>;

export interface CallbackOptions {
  corpId: string;
  token: string;
  aesKey: string;
  clock: Pick<Clock, 'now'>;
  log: Logger;
  /** Takes an event and comes back at once; undefined while nobody listens. */
  take(): ((event: CallbackEvent) => void) | undefined;
}

const PATH = '/webhooks/wecom';
/** WeCom's own bodies have a few kB. */
const BODY_BYTES = 256 * 1024;
/** How far a call's time may be from ours. A copied call is refused afterwards; before, its event's id is known. */
const STALE_MS = 10 * 60_000;
/** How an event begins: perhaps with a declaration, never with a document type. */
const XML = /^\s*(<\?xml[^>]*\?>\s*)?<xml\s*>/;
const EMPTY: WebhookAnswer = { status: 200, body: '' };

/**
 * The address at which WeCom tells what members do. It is verified before it is read, and answered at once: WeCom waits
 * 5 s, then calls again.
 * @throws SetupError where token or key cannot be right
 */
export function createCallback({ corpId, token, aesKey, clock, log, take }: CallbackOptions): Webhook[] {
  const crypto = cryptoOf(token, aesKey, corpId);
  // As text and untouched: by default ids become numbers, spaces are cut and entities are expanded.
  const parser = new XMLParser({ parseTagValue: false, trimValues: false, processEntities: false });

  function refuse(status: 400 | 401, why: string): WebhookAnswer {
    log.warn({ why }, 'a call of /webhooks/wecom was refused');
    return { status, body: why };
  }

  /** Why a call is not WeCom's; undefined if it is. */
  function unsigned({ query }: WebhookRequest, encrypted: string): string | undefined {
    const { msg_signature: given = '', timestamp = '', nonce = '' } = query;
    const expected = Buffer.from(crypto.computeSignature(timestamp, nonce, encrypted));
    const signature = Buffer.from(given);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return 'the signature is wrong';
    const age = Math.abs(clock.now().getTime() - Number(timestamp) * 1000);
    return age <= STALE_MS ? undefined : 'the timestamp is not of now: see the clock of this machine';
  }

  function decrypt(encrypted: string): string | undefined {
    try {
      return crypto.decrypt(encrypted);
    } catch (error) {
      log.warn({ why: messageOf(error) }, 'a signed call of /webhooks/wecom could not be decrypted');
      return undefined;
    }
  }

  function elements(xml: string): CallbackEvent | undefined {
    try {
      const root: unknown = (parser.parse(xml) as Record<string, unknown>)['xml'];
      if (typeof root !== 'object' || root === null) return undefined;
      const texts = Object.entries(root).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
      return Object.fromEntries(texts);
    } catch {
      return undefined;
    }
  }

  /** WeCom asks whether it is us: the decrypted `echostr` is the answer. */
  async function verify(request: WebhookRequest): Promise<WebhookAnswer> {
    // A `+` that was not escaped in the address came as a space; base64 has none.
    const echo = (request.query['echostr'] ?? '').replaceAll(' ', '+');
    const why = unsigned(request, echo);
    if (why) return refuse(401, why);
    const body = decrypt(echo);
    if (body === undefined) return refuse(400, 'it cannot be decrypted');
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
  }

  async function receive(request: WebhookRequest): Promise<WebhookAnswer> {
    if (request.body.length > BODY_BYTES) return refuse(400, 'the body is too large');
    const xml = Buffer.from(request.body).toString();
    if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return refuse(400, 'a document type is not taken');
    const encrypted = elements(xml)?.['Encrypt']?.trim();
    if (!encrypted) return refuse(400, 'the body is not <xml> with <Encrypt>');
    const why = unsigned(request, encrypted);
    if (why) return refuse(401, why);
    const inner = decrypt(encrypted);
    // A document type cannot stand after the root has begun; in what a member writes it is text.
    const event = inner && XML.test(inner) ? elements(inner) : undefined;
    if (!event) return refuse(400, 'it cannot be decrypted, or is not an event');
    const handle = take();
    if (!handle) return { status: 503, body: 'not listening yet' };
    handle(event);
    return EMPTY;
  }

  return [
    { method: 'GET', path: PATH, handle: verify },
    { method: 'POST', path: PATH, handle: receive },
  ];
}

function cryptoOf(token: string, aesKey: string, corpId: string): WecomCrypto {
  if (!/^[A-Za-z0-9+/]{43}$/.test(aesKey)) {
    throw new SetupError('WECOM_CALLBACK_AES_KEY must be the 43 letters and digits of the EncodingAESKey');
  }
  if (!token || !corpId) throw new SetupError('WECOM_CALLBACK_TOKEN and WECOM_CORP_ID must not be empty');
  return new WecomCrypto(token, aesKey, corpId);
}
