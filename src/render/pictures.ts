import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UpstreamError } from '../core/errors.ts';
import type { PictureRef } from '../core/message.ts';
import type { Picture } from '../core/platform.ts';

/** Pictures on disk, each under the hash of its bytes: the same picture is kept once, and a name cannot be guessed. */
export interface Pictures {
  /** Writes a picture and returns its file name. */
  keep(bytes: Uint8Array, mime: Picture['mime']): Promise<string>;
  /** @throws NoPictureError where there is none of that name */
  read(name: string): Promise<Picture>;
  /** What a message refers to: a kept picture, or one to be fetched. @throws NoPictureError, UpstreamError */
  picture(ref: PictureRef): Promise<Picture>;
  /** The bytes of a kept file. @throws NoPictureError where there is none of that name */
  bytes(name: string): Promise<Uint8Array>;
  /** Removes what was last kept before an instant, and says how many. */
  prune(olderThan: Date): Promise<number>;
}

export class NoPictureError extends Error {
  override readonly name = 'NoPictureError';
}

const ENDINGS = { 'image/png': 'png', 'image/jpeg': 'jpg' } as const;
/** Also keeps paths out: no slash, no dot but the one before the ending. */
const NAME = /^[0-9a-f]{40}\.(png|jpg)$/;
const UNFINISHED = /\.tmp$/;

/** What is fetched from an address. */
const FETCHED = { bytes: 10 * 1024 * 1024, milliseconds: 10_000 } as const;

/** Opens the folder; it is made when the first picture is kept. */
export function openPictures(folder: string): Pictures {
  const pictures: Pictures = {
    async keep(bytes, mime) {
      const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 40)}.${ENDINGS[mime]}`;
      await mkdir(folder, { recursive: true });
      // Written beside and renamed, so that nobody reads half a picture; again each time, so that its age is that of its last use.
      const unfinished = join(folder, `${randomUUID()}.tmp`);
      await writeFile(unfinished, bytes);
      await rename(unfinished, join(folder, name));
      return name;
    },
    async read(name) {
      if (!NAME.test(name)) throw new NoPictureError(`there is no picture named ${JSON.stringify(name.slice(0, 60))}`);
      try {
        const bytes = await readFile(join(folder, name));
        return { bytes, mime: name.endsWith('png') ? 'image/png' : 'image/jpeg', alt: '' };
      } catch (error) {
        if (!isAbsent(error)) throw error;
        throw new NoPictureError(`there is no picture named ${name}: it may have been removed because of its age`);
      }
    },
    async picture({ file, url, alt }) {
      if (file) return { ...(await pictures.read(file)), alt };
      if (!url) throw new NoPictureError('a picture needs a file or an address');
      return { ...(await fetched(url)), alt, url };
    },
    bytes: async (name) => (await pictures.read(name)).bytes,
    async prune(olderThan) {
      let removed = 0;
      for (const name of await namesIn(folder)) {
        const path = join(folder, name);
        const known = await stat(path).catch(() => null);
        if (!known || known.mtime >= olderThan) continue;
        await rm(path, { force: true });
        removed++;
      }
      return removed;
    },
  };
  return pictures;
}

async function fetched(url: string): Promise<Omit<Picture, 'alt'>> {
  const host = URL.canParse(url) ? new URL(url).host : 'nowhere';
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(FETCHED.milliseconds) });
    if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of answer.body) {
      size += part.length;
      if (size > FETCHED.bytes) throw new Error(`more than ${FETCHED.bytes} bytes`);
      parts.push(part);
    }
    const bytes = Buffer.concat(parts);
    return { bytes, mime: mimeOf(bytes) };
  } catch (error) {
    // The address may carry a key; its host is enough.
    throw new UpstreamError(`the picture at ${host} cannot be had: ${messageOf(error)}`);
  }
}

/** By the first bytes: what a server calls its answer is not reliable. */
function mimeOf(bytes: Buffer): Picture['mime'] {
  if (bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return 'image/png';
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  throw new Error('it is neither a PNG nor a JPEG');
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => NAME.test(name) || UNFINISHED.test(name));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
