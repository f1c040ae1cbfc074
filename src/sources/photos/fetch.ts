import { lookup as resolveName } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { NoPhoto } from './no-photo.ts';

export interface FetchLimits {
  bytes: number;
  milliseconds: number;
  redirects: number;
}

/** Networks that are nobody's business from outside: loopback, private, link-local (cloud metadata), shared, multicast. */
const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(net, bits, 'ipv6');
}

/** An IPv4 address in IPv6 clothes counts as what it is. */
export function isPrivate(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return isPrivate(mapped);
  if (/^::ffff:/i.test(address)) return true;
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Resolves a name and refuses private addresses: the connection goes to the very address that was looked at. */
const publicLookup: LookupFunction = (host, options, done) => {
  resolveName(host, { ...options, all: true }, (error, found) => {
    const addresses = found ?? [];
    const first = addresses[0];
    if (error || !first) return done(error ?? new Error('no address'), '', 4);
    if (addresses.some(({ address }) => isPrivate(address))) return done(new NoPhoto('private'), '', 4);
    return options.all ? done(null, addresses) : done(null, first.address, first.family);
  });
};

/**
 * Fetches an address, also over redirects, within limits of size, time and reach.
 * @throws NoPhoto
 */
export async function fetchBytes(address: string, allowPrivate: boolean, limits: FetchLimits): Promise<Buffer> {
  const signal = AbortSignal.timeout(limits.milliseconds);
  let url = new URL(address);
  for (let hop = 0; hop <= limits.redirects; hop++) {
    if (!/^https?:$/.test(url.protocol)) throw new NoPhoto('address');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (!allowPrivate && isIP(host) && isPrivate(host)) throw new NoPhoto('private');
    const answer = await get(url, allowPrivate, limits, signal).catch((error: unknown) => {
      if (error instanceof NoPhoto) throw error;
      throw new NoPhoto(signal.aborted ? 'slow' : 'unreachable');
    });
    if ('bytes' in answer) return answer.bytes;
    url = new URL(answer.to, url);
  }
  throw new NoPhoto('address');
}

function get(url: URL, allowPrivate: boolean, limits: FetchLimits, signal: AbortSignal) {
  return new Promise<{ bytes: Buffer } | { to: string }>((resolve, reject) => {
    const client = url.protocol === 'https:' ? https : http;
    const options = { signal, agent: false as const, ...(!allowPrivate && { lookup: publicLookup }) };
    const request = client.get(url, options, (answer) => {
      const status = answer.statusCode ?? 0;
      const { location } = answer.headers;
      const fail = (why: NoPhoto) => {
        request.destroy();
        reject(why);
      };
      if (status >= 300 && status < 400 && location) {
        answer.resume();
        return resolve({ to: location });
      }
      if (status === 404 || status === 410) return fail(new NoPhoto('gone'));
      if (status !== 200) return fail(new NoPhoto('unreachable'));
      if (Number(answer.headers['content-length'] ?? 0) > limits.bytes) return fail(new NoPhoto('large'));
      const parts: Buffer[] = [];
      let size = 0;
      answer.on('data', (part: Buffer) => {
        size += part.length;
        if (size > limits.bytes) fail(new NoPhoto('large'));
        else parts.push(part);
      });
      answer.on('error', reject);
      answer.on('end', () =>
        answer.complete ? resolve({ bytes: Buffer.concat(parts) }) : reject(new NoPhoto('broken')),
      );
    });
    request.on('error', reject);
  });
}
