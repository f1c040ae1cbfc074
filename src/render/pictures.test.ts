import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UpstreamError } from '../core/errors.ts';
import { NoPictureError, openPictures, type Pictures } from './pictures.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 1]);
let folder: string;
let pictures: Pictures;
let server: Server | undefined;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'pictures-')), 'deep');
  pictures = openPictures(folder);
});
afterEach(async () => {
  server?.close();
  await rm(join(folder, '..'), { recursive: true });
});

describe('kept pictures', () => {
  it('are read by the name under which they are kept; the same picture is kept once', async () => {
    const name = await pictures.keep(PNG, 'image/png');
    expect(name).toMatch(/^[0-9a-f]{40}\.png$/);
    expect(await Promise.all([pictures.keep(PNG, 'image/png'), pictures.keep(PNG, 'image/png')])).toEqual([name, name]);
    expect(await readdir(folder)).toEqual([name]);
    expect(await pictures.read(name)).toEqual({ bytes: PNG, mime: 'image/png', alt: '' });
    expect(await pictures.read(await pictures.keep(JPEG, 'image/jpeg'))).toMatchObject({ mime: 'image/jpeg' });
    expect(await pictures.picture({ file: name, alt: '签收' })).toEqual({ bytes: PNG, mime: 'image/png', alt: '签收' });
    expect(await pictures.bytes(name)).toEqual(PNG);
  });

  it('are not other files', async () => {
    await pictures.keep(PNG, 'image/png');
    await writeFile(join(folder, '..', 'secret.png'), 'x');
    for (const name of ['../secret.png', '..%2fsecret.png', 'secret.png', `${'a'.repeat(40)}.png`, '', '\u0000']) {
      await expect(pictures.read(name)).rejects.toThrow(NoPictureError);
    }
  });

  it('go when they are old, with what was left unfinished', async () => {
    expect(await pictures.prune(new Date(9e12))).toBe(0);
    const old = await pictures.keep(PNG, 'image/png');
    const young = await pictures.keep(JPEG, 'image/jpeg');
    await writeFile(join(folder, 'half.tmp'), 'x');
    await writeFile(join(folder, 'notes.txt'), 'x');
    for (const name of [old, 'half.tmp', 'notes.txt']) await utimes(join(folder, name), 1_000, 1_000);
    expect(await pictures.prune(new Date(2_000_000))).toBe(2);
    expect((await readdir(folder)).sort()).toEqual([young, 'notes.txt'].sort());
  });
});

describe('a picture at an address', () => {
  it('is fetched, whatever its server calls it', async () => {
    const url = await serve(JPEG);
    expect(await pictures.picture({ url, alt: '门头' })).toEqual({ bytes: JPEG, mime: 'image/jpeg', alt: '门头', url });
  });

  it.each([
    ['no picture', Buffer.from('<html>'), /neither a PNG nor a JPEG/],
    ['too large', Buffer.alloc(11 * 1024 * 1024), /more than 10485760 bytes/],
  ])('is refused when it is %s, without its address in the error', async (_, body, reason) => {
    const url = await serve(body);
    const error = await pictures
      .picture({ url: `${url}?token=secret`, alt: '' })
      .catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(UpstreamError);
    expect((error as Error).message).toMatch(reason);
    expect((error as Error).message).not.toContain('secret');
  });
});

async function serve(body: Buffer): Promise<string> {
  server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(body));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/p`;
}
