import { createCipheriv, createHash, randomBytes, randomInt } from 'node:crypto';

/** What WeCom needs to call the address of an app. */
export interface CallbackSecrets {
  corpId: string;
  token: string;
  /** 43 characters. */
  aesKey: string;
  agentId: number;
}

export interface SignedCall {
  /** With `msg_signature`, `timestamp` and `nonce`. */
  query: string;
  body: string;
  contentType: 'text/xml';
}

const BLOCK = 32;

/** Encrypts as WeCom does: random, length, message, receiver, padded to 32 bytes; AES-256-CBC. */
export function encrypt(message: string, { aesKey, corpId }: CallbackSecrets, random = randomBytes(16)): string {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(message));
  const plain = Buffer.concat([random, length, Buffer.from(message), Buffer.from(corpId)]);
  const pad = BLOCK - (plain.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString(
    'base64',
  );
}

export function sign(token: string, timestamp: string, nonce: string, encrypted: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex');
}

/** An event as a call of the app's address. */
export function signedCall(xml: string, secrets: CallbackSecrets, now: Date): SignedCall {
  const encrypted = encrypt(xml, secrets);
  return {
    query: signedQuery(encrypted, secrets, now).toString(),
    body: `<xml><ToUserName><![CDATA[${secrets.corpId}]]></ToUserName><AgentID><![CDATA[${secrets.agentId}]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
    contentType: 'text/xml',
  };
}

/** The question whether an address is the app's; the answer is `echo`. */
export function verification(echo: string, secrets: CallbackSecrets, now: Date): string {
  const encrypted = encrypt(echo, secrets);
  const query = signedQuery(encrypted, secrets, now);
  query.set('echostr', encrypted);
  return query.toString();
}

function signedQuery(encrypted: string, { token }: CallbackSecrets, now: Date): URLSearchParams {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const nonce = String(randomInt(1e9));
  return new URLSearchParams({ msg_signature: sign(token, timestamp, nonce, encrypted), timestamp, nonce });
}

/** The elements of an event: texts in CDATA, numbers bare, an object as elements below. */
export function eventXml(elements: Record<string, string | number>): string {
  const written = Object.entries(elements).map(([name, value]) =>
    typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`,
  );
  return `<xml>${written.join('')}</xml>`;
}

/**
 * Posts as WeCom does: no answer within the time, and it calls again, three times in all after the first.
 * @returns the statuses; 0 is no answer
 */
export async function postCallback(address: string, call: SignedCall, waitMs = 5000): Promise<number[]> {
  const statuses: number[] = [];
  while (statuses.length < 4 && !statuses.some((status) => status > 0)) {
    try {
      const response = await fetch(`${address}?${call.query}`, {
        method: 'POST',
        headers: { 'content-type': call.contentType },
        body: call.body,
        signal: AbortSignal.timeout(waitMs),
      });
      await response.arrayBuffer();
      statuses.push(response.status);
    } catch {
      statuses.push(0);
    }
  }
  return statuses;
}
