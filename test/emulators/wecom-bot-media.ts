import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../../src/core/time.ts';
import { checked, Refused } from './wecom-bot-rules.ts';

export interface Media {
  type: 'image' | 'file';
  name: string;
  bytes: Buffer;
}

/** What the bot uploads in chunks, and what people send to it: encrypted, at an address that is good for 5 minutes. */
export interface MediaStore {
  init(body: unknown): { upload_id: string };
  chunk(body: unknown): void;
  finish(body: unknown): { type: string; media_id: string; created_at: string };
  /** @throws Refused 40007 */
  find(id: string, type: string): Media;
  /** Offers bytes for download. @returns path and key */
  offer(name: string, bytes: Uint8Array): { path: string; aeskey: string };
  serve(request: IncomingMessage, response: ServerResponse): void;
  /** Media uploaded so far. */
  readonly uploads: number;
}

const CHUNK_BYTES = 512 * 1024;
const MINUTE_MS = 60_000;
const begin = z.strictObject({
  type: z.enum(['image', 'file']),
  filename: z.string().min(1),
  total_size: z.int().min(6),
  total_chunks: z.int().min(1).max(100),
  md5: z.string().regex(/^[0-9a-f]{32}$/),
});
const part = z.strictObject({ upload_id: z.string(), chunk_index: z.int().min(0).max(100), base64_data: z.base64() });
const end = z.strictObject({ upload_id: z.string() });

export function createMediaStore(clock: Pick<Clock, 'now'>): MediaStore {
  const sessions = new Map<string, { at: number; head: z.output<typeof begin>; chunks: Map<number, Buffer> }>();
  const kept = new Map<string, Media & { at: number }>();
  const offered = new Map<string, { at: number; name: string; bytes: Buffer }>();
  const now = () => clock.now().getTime();

  function session(id: string) {
    const one = sessions.get(id);
    if (!one || now() - one.at > 30 * MINUTE_MS) throw new Refused(40007, 'invalid upload_id');
    return one;
  }

  return {
    init(body) {
      const upload_id = `UP${crypto.randomUUID()}`;
      sessions.set(upload_id, { at: now(), head: checked(begin, body), chunks: new Map() });
      return { upload_id };
    },
    chunk(body) {
      const { upload_id, chunk_index, base64_data } = checked(part, body);
      const bytes = Buffer.from(base64_data, 'base64');
      if (bytes.length > CHUNK_BYTES) throw new Refused(45001, 'chunk too big');
      session(upload_id).chunks.set(chunk_index, bytes);
    },
    finish(body) {
      const { upload_id } = checked(end, body);
      const { head, chunks } = session(upload_id);
      // The documentation counts chunks from 1, the SDK from 0.
      const bytes = Buffer.concat([...chunks].sort(([a], [b]) => a - b).map(([, chunk]) => chunk));
      const whole = chunks.size === head.total_chunks && bytes.length === head.total_size;
      if (!whole || createHash('md5').update(bytes).digest('hex') !== head.md5) {
        throw new Refused(40058, 'chunks are missing or damaged');
      }
      const media_id = `MID${crypto.randomUUID()}`;
      kept.set(media_id, { type: head.type, name: head.filename, bytes, at: now() });
      return { type: head.type, media_id, created_at: String(Math.floor(now() / 1000)) };
    },
    find(id, type) {
      const one = kept.get(id);
      if (one?.type !== type || now() - one.at > 3 * 24 * 60 * MINUTE_MS) throw new Refused(40007, 'invalid media_id');
      return one;
    },
    offer(name, bytes) {
      const key = randomBytes(32);
      const pad = 32 - (bytes.length % 32);
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
      const secret = Buffer.concat([cipher.update(Buffer.concat([bytes, Buffer.alloc(pad, pad)])), cipher.final()]);
      const path = `/media/${crypto.randomUUID()}`;
      offered.set(path, { at: now(), name, bytes: secret });
      return { path, aeskey: key.toString('base64') };
    },
    serve(request, response) {
      const one = offered.get(request.url ?? '');
      if (!one || now() - one.at > 5 * MINUTE_MS) return void response.writeHead(403).end('expired');
      const disposition = `attachment; filename="file"; filename*=UTF-8''${encodeURIComponent(one.name)}`;
      response.writeHead(200, { 'content-disposition': disposition }).end(one.bytes);
    },
    get uploads() {
      return kept.size;
    },
  };
}
