import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { PhotoPlace, Photos } from '../../core/photos.ts';
import { type FetchLimits, fetchBytes } from './fetch.ts';
import { NoPhoto } from './no-photo.ts';
import { sizeOf } from './size.ts';

const LIMITS: FetchLimits = { bytes: 15 * 1024 * 1024, milliseconds: 5_000, redirects: 3 };
/** Larger than this it would fill the memory when it is unpacked. */
const MAX_PIXELS = 60_000_000;
/** Of the longer side. */
const SMALL = 1280;
const REMEMBERED_BYTES = 32 * 1024 * 1024;

/** Keeps a picture and gives its file name. */
export type KeepPicture = (bytes: Uint8Array, mime: 'image/jpeg') => Promise<string>;

/**
 * Opens what makes others' pictures small; each is fetched once while it is remembered.
 * @param sample the folder where the sample's own pictures are, addressed as `sample:NAME`
 */
export function openPhotos(keep: KeepPicture, sample: string, limits: Partial<FetchLimits> = {}): Photos {
  const known = new Map<string, Uint8Array>();
  let held = 0;
  const underWay = new Map<string, Promise<Uint8Array>>();

  /** The newest are kept, up to a number of bytes. */
  function remember(key: string, bytes: Uint8Array): void {
    held -= known.get(key)?.length ?? 0;
    known.delete(key);
    known.set(key, bytes);
    held += bytes.length;
    for (const [oldest, { length }] of known) {
      if (held <= REMEMBERED_BYTES) break;
      known.delete(oldest);
      held -= length;
    }
  }

  /** Who asks for what is being fetched waits for that. */
  function once(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const same = underWay.get(key);
    if (same) return same;
    const made = make().finally(() => underWay.delete(key));
    underWay.set(key, made);
    return made;
  }

  return {
    async small(address, place) {
      const key = JSON.stringify([address, place]);
      try {
        const bytes =
          known.get(key) ?? (await once(key, () => made(address, { ...place, sample }, { ...LIMITS, ...limits })));
        remember(key, bytes);
        // Kept again: its file may have been removed because of its age.
        return { file: await keep(bytes, 'image/jpeg') };
      } catch (error) {
        if (error instanceof NoPhoto) return { missing: error.words };
        throw error;
      }
    },
  };
}

type Place = PhotoPlace & { sample: string };

async function made(address: string, place: Place, limits: FetchLimits): Promise<Uint8Array> {
  const bytes = await bytesAt(address.trim(), place, limits);
  const size = sizeOf(bytes);
  if (!size) throw new NoPhoto('type');
  if (size.width * size.height > MAX_PIXELS) throw new NoPhoto('large');
  const done = unpacking.then(() => small(bytes));
  unpacking = done.then(
    () => {},
    () => {},
  );
  return done;
}

/** One picture is unpacked at a time: a large one takes hundreds of megabytes. */
let unpacking: Promise<void> = Promise.resolve();

async function small(bytes: Buffer): Promise<Uint8Array> {
  // Loaded with the first picture: most of what runs never draws one.
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const image = await loadImage(bytes).catch(() => {
    throw new NoPhoto('broken');
  });
  if (image.width === 0 || image.height === 0) throw new NoPhoto('broken');
  const scale = Math.min(1, SMALL / Math.max(image.width, image.height));
  const [width, height] = [Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale))];
  const canvas = createCanvas(width, height);
  const paint = canvas.getContext('2d');
  // Chat products show what is transparent as black.
  paint.fillStyle = '#ffffff';
  paint.fillRect(0, 0, width, height);
  paint.drawImage(image, 0, 0, width, height);
  return canvas.encode('jpeg', 82);
}

function bytesAt(
  address: string,
  { base, folder, privateNetworks, sample }: Place,
  limits: FetchLimits,
): Promise<Buffer> {
  if (address.startsWith('sample:')) return fileIn(sample, address.slice(7), limits.bytes);
  const url = URL.canParse(address)
    ? address
    : base && URL.canParse(address, base)
      ? new URL(address, base).href
      : null;
  if (url && /^https?:/i.test(url)) return fetchBytes(url, privateNetworks, limits);
  if (folder && !/^[a-z][a-z0-9+.-]+:/i.test(address)) return fileIn(folder, address, limits.bytes);
  throw new NoPhoto('address');
}

/** A file below the folder; neither `..` nor a link leads out of it. */
async function fileIn(folder: string, name: string, maxBytes: number): Promise<Buffer> {
  try {
    const root = await realpath(resolve(folder));
    const path = await realpath(join(root, name));
    if (!path.startsWith(root + sep)) throw new NoPhoto('address');
    const known = await stat(path);
    if (!known.isFile()) throw new NoPhoto('gone');
    if (known.size > maxBytes) throw new NoPhoto('large');
    return await readFile(path);
  } catch (error) {
    throw error instanceof NoPhoto ? error : new NoPhoto('gone');
  }
}
