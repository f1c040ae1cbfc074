import { decryptFile } from '@wecom/aibot-node-sdk';
import { deadline } from '../../src/core/deadline.ts';
import { messageOf, UpstreamError } from '../../src/core/errors.ts';
import type { RemoteFile } from './read.ts';

export interface Downloaded {
  name: string;
  bytes: Uint8Array;
}

const TIMEOUT_MS = 60_000;
const NAMES = { file: '文件', image: '图片.jpg', video: '视频.mp4' } as const;

/**
 * Fetches and decrypts what a person sent (AES-256-CBC with a key of its own, padding of 32). Its name stands in
 * `Content-Disposition`.
 * @throws UpstreamError where it cannot be had any more
 */
export async function download({ kind, url, aeskey }: RemoteFile, signal?: AbortSignal): Promise<Downloaded> {
  const stop = deadline(TIMEOUT_MS, signal);
  try {
    const response = await fetch(url, { signal: stop.signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const raw = Buffer.from(await response.arrayBuffer());
    const name = nameIn(response.headers.get('content-disposition') ?? '') || NAMES[kind];
    return { name, bytes: aeskey === undefined ? raw : decryptFile(raw, aeskey) };
  } catch (error) {
    throw new UpstreamError(
      `the file could not be fetched from WeCom (${messageOf(error)}); its address is good for 5 minutes: send it again`,
    );
  } finally {
    stop.release();
  }
}

/** The file name of a `Content-Disposition`: `filename*=UTF-8''…` first, then `filename="…"`; never a path. */
export function nameIn(disposition: string): string {
  const encoded = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  const name = decoded(encoded ?? rawUtf8(plain?.[1] ?? plain?.[2] ?? ''));
  return name
    .replace(/^.*[\\/]/s, '')
    .replace(/\p{Cc}/gu, '')
    .trim();
}

/** Headers are read as Latin-1; some servers write UTF-8 into them all the same. */
function rawUtf8(name: string): string {
  const read = Buffer.from(name, 'latin1').toString('utf8');
  return read.includes('\ufffd') ? name : read;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
