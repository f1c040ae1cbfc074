import { randomUUID } from 'node:crypto';
import { Refused, readMedia, type Upload } from './wecom-robot-rules.ts';
import { type Answer, json, type WecomRequest } from './wecom-server.ts';

const MEDIA_MS = 3 * 24 * 3600_000;
/** What is larger is had in parts only. */
const RANGE_BYTES = 2 * 1024 * 1024;
/** Megabytes of each type of media. */
const MEGABYTES = { image: 10, voice: 2, video: 10, file: 20 };

/** Pictures and files of a corp, good for three days. */
export interface MediaStore {
  upload(request: WecomRequest): Answer;
  download(request: WecomRequest): Answer;
  /** @returns the media id */
  keep(type: string, file: Upload): string;
  /** @throws Refused */
  find(type: string, id: string): Upload;
  forget(): void;
}

/** @param now milliseconds */
export function createMediaStore(now: () => number): MediaStore {
  const media = new Map<string, Upload & { at: number; type: string }>();

  function keep(type: string, file: Upload): string {
    const id = `3${randomUUID().replaceAll('-', '')}`;
    media.set(id, { ...file, type, at: now() });
    return id;
  }

  function known(id: string, type?: string): Upload {
    const file = media.get(id);
    if (!file || now() - file.at >= MEDIA_MS || (type !== undefined && file.type !== type)) {
      throw new Refused(40007, 'invalid media_id');
    }
    return { name: file.name, bytes: file.bytes };
  }

  return {
    keep,
    find: (type, id) => known(id, type),
    forget: () => media.clear(),
    upload({ url, headers, payload }) {
      const type = url.searchParams.get('type') ?? '';
      const file = readMedia(type, MEGABYTES, headers['content-type'] ?? '', payload);
      if (type === 'image' && !/^(89504e47|ffd8ff)/.test(file.bytes.toString('hex', 0, 4))) {
        throw new Refused(40004, 'invalid media type');
      }
      const created_at = String(Math.floor(now() / 1000));
      return json({ errcode: 0, errmsg: '', type, media_id: keep(type, file), created_at });
    },
    download({ url, headers }) {
      const { name, bytes } = known(url.searchParams.get('media_id') ?? '');
      const head = {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${encodeURIComponent(name)}"`,
      };
      const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
      if (!range) {
        if (bytes.length > RANGE_BYTES) throw new Refused(830002, 'file too large, use Range');
        return { status: 200, body: bytes, headers: head };
      }
      const start = Number(range[1]);
      const part = bytes.subarray(start, Number(range[2]) + 1);
      const where = `bytes ${start}-${start + part.length - 1}/${bytes.length}`;
      return { status: 206, body: part, headers: { ...head, 'content-range': where } };
    },
  };
}
