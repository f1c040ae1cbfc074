import { DeliveryError } from '../errors.ts';
import type { Picture } from '../platform.ts';
import { cleanText, oneLine } from './markdown.ts';

/** What WeCom takes of pictures and files. */

const MEGABYTE = 1024 * 1024;
const FILE_MEGABYTES = 20;

/**
 * A picture that WeCom shows: PNG or JPEG.
 * @param megabytes the most that it may have
 * @param taker who takes it, for the error
 * @throws DeliveryError `refused`
 */
export function checkedPicture({ bytes, alt }: Picture, megabytes: number, taker: string): Uint8Array {
  if (bytes.length > megabytes * MEGABYTE) {
    throw new DeliveryError(
      'refused',
      `the picture "${alt}" has ${sizeOf(bytes)}; ${taker} takes ${megabytes} MB: draw it smaller`,
    );
  }
  if (pictureEnding(bytes) === undefined) {
    throw new DeliveryError(
      'refused',
      `the picture "${alt}" is neither PNG nor JPEG, which are all that ${taker} shows`,
    );
  }
  return bytes;
}

/** By its first bytes; undefined where it is neither. */
export function pictureEnding(bytes: Uint8Array): 'png' | 'jpg' | undefined {
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '\u0089PNG') return 'png';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'jpg' : undefined;
}

/**
 * A file that WeCom takes, under a name that cannot leave its header.
 * @throws DeliveryError `refused`
 */
export function checkedFile(name: string, bytes: Uint8Array, taker: string): { name: string; bytes: Uint8Array } {
  if (bytes.length <= 5)
    throw new DeliveryError('refused', `the file "${name}" is empty: WeCom takes more than 5 bytes`);
  if (bytes.length > FILE_MEGABYTES * MEGABYTE) {
    throw new DeliveryError(
      'refused',
      `the file "${name}" has ${sizeOf(bytes)}; ${taker} takes ${FILE_MEGABYTES} MB: send less`,
    );
  }
  return { name: oneLine(cleanText(name)).replace(/["\\/]/g, '_'), bytes };
}

function sizeOf(bytes: Uint8Array): string {
  return `${(bytes.length / MEGABYTE).toFixed(1)} MB`;
}

/** A body with one part, `media`. By hand, because WeCom wants `filelength` in its head, which FormData does not write. */
export function mediaBody(name: string, bytes: Uint8Array): RequestInit {
  const boundary = `fieldbell-${crypto.randomUUID()}`;
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="media"; filename="${name}"; filelength=${bytes.length}`,
    'Content-Type: application/octet-stream',
  ].join('\r\n');
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
