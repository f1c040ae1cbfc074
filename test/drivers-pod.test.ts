import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Feed } from '../src/core/source.ts';
import { drivers } from '../src/domains/drivers/index.ts';
import { fetchBytes, isPrivate } from '../src/sources/photos/fetch.ts';
import { openPhotos } from '../src/sources/photos/index.ts';
import { type TestApp, testApp } from './app.ts';

const painted = (width: number, height: number) => {
  const canvas = createCanvas(width, height);
  const paint = canvas.getContext('2d');
  paint.fillStyle = '#1677ff';
  paint.fillRect(0, 0, width, height);
  return canvas;
};

describe('proof of delivery', () => {
  let test: TestApp;
  let server: Server;
  let asked = 0;
  let folder: string;
  const saved = async (dataset: string, rows: Record<string, unknown>[]) => {
    const feed = drivers.feeds.find((one) => one.dataset === dataset) as Feed;
    const { context } = test.app;
    await feed.save(
      context,
      rows.map((values, line) => feed.read({ line, values }, context)),
      { source: 'MySQL' },
    );
  };
  const ask = (what: string) => test.ask({ command: 'drivers.pod', args: { what } });

  beforeAll(async () => {
    const photo = await painted(4000, 3000).encode('jpeg', 70);
    const bomb = Buffer.from(await painted(20, 20).encode('png'));
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    server = createServer((request, response) => {
      asked++;
      const answers: Record<string, () => void> = {
        '/a.jpg': () => response.end(photo),
        '/to-a': () => response.writeHead(302, { location: '/a.jpg' }).end(),
        '/round': () => response.writeHead(302, { location: '/round' }).end(),
        '/to-file': () => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
        '/page': () => response.end('<html>sign in please, this is no picture at all</html>'),
        '/broken.jpg': () => response.end(photo.subarray(0, 400)),
        '/bomb.png': () => response.end(bomb),
        '/huge.jpg': () => response.end(Buffer.alloc(3_000_000, 0xff)),
        '/slow.jpg': () => void response.write(photo.subarray(0, 100)),
      };
      (answers[request.url ?? ''] ?? (() => response.writeHead(404).end()))();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    folder = await mkdtemp(join(tmpdir(), 'fieldbell-pod-'));
    await mkdir(join(folder, 'rules'));
    await mkdir(join(folder, 'pod'));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await writeFile(join(folder, 'rules', 'drivers.yaml'), `pod: { base: "${base}", privateNetworks: true }\n`);
    test = await testApp({ settings: { FIELDBELL_RULES: join(folder, 'rules') } });
    await saved('deliveries', [
      ...['1', '2', '3'].map((n) => ({
        ...{ id: `PO-${n}`, driver_id: 'D-1023', driver_name: '王师傅', order_date: '2026-11-20' },
        ...{ delivered_at: `2026-11-20 1${n}:00:00`, status: 'delivered' },
      })),
      {
        id: 'PO-7',
        driver_id: 'D-2',
        order_date: '2026-11-20',
        delivered_at: '2026-11-20 11:30:00',
        status: 'delivered',
      },
    ]);
    await saved('pictures', [
      {
        id: 'a',
        order_id: 'PO-1',
        url: 'a.jpg',
        taken_at: '2026-11-20 11:00:00',
        taken_by: '王师傅',
        place: '人民路 1 号',
      },
      { id: 'b', order_id: 'PO-1', url: 'missing.jpg', taken_at: '2026-11-20 11:01:00' },
      { id: 'c', order_id: 'PO-1', url: 'to-a' },
      { id: 'd', order_id: 'PO-1', url: 'a.jpg?4', taken_at: '2026-11-20 11:05:00' },
    ]);
  });
  afterAll(async () => {
    await test?.close();
    server?.closeAllConnections();
    server?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  it('shows up to three pictures with who, when and where, and says what is missing', async () => {
    const { message } = await test.ask('签收照片 PO-1');
    expect(message.title).toBe('PO-1 签收照片 4 张 · D-1023 王师傅');
    const text = message.blocks.find((block) => block.type === 'text')?.text ?? '';
    expect(text).toContain('送达 2026-11-20 11:00 · 当天第 1/3 单');
    expect(text).toContain('王师傅 · 2026-11-20 11:00 · 人民路 1 号');
    expect(text).toContain('看不了：图片已不存在');
    expect(text).toContain('时间未知 · 地点未知');
    expect(text).toContain('共 4 张，只放前 3 张');
    const shown = message.blocks.find((block) => block.type === 'pictures')?.pictures ?? [];
    expect(shown).toHaveLength(2);
    const image = await loadImage(Buffer.from(await test.app.pictures.bytes(shown[0]?.file ?? '')));
    expect([image.width, image.height]).toEqual([1280, 960]);
    const before = asked;
    await test.ask('pod po-1');
    // What is there was remembered; what is not is asked for again.
    expect(asked - before).toBe(1);
  });

  it('is turned over in place, order by order', async () => {
    const buttons = async (what: string) =>
      (await ask(what)).message.blocks.flatMap((block) => (block.type === 'actions' ? block.buttons : []));
    expect((await buttons('PO-1')).map(({ call }) => call)).toEqual([
      { command: 'drivers.pod', args: { what: 'PO-2' }, turns: true },
    ]);
    expect((await buttons('PO-2')).map(({ label }) => label)).toEqual(['◀ 上一单', '下一单 ▶']);
    expect((await test.ask('签收照片 今天')).message.data).toMatchObject({
      order: 'PO-1',
      position: { at: 1, of: 4 },
      next: 'PO-7',
    });
    expect(
      (await test.ask({ command: 'drivers.pod', args: { what: 'PO-7', through: 'day' } })).message.data,
    ).toMatchObject({
      ...{ previous: 'PO-1', next: 'PO-2', position: { at: 2, of: 4 } },
    });
    expect((await ask('PO-7')).message.data).toMatchObject({ previous: null, next: null, position: { at: 1, of: 1 } });
    expect(await test.say('pod D-1023 today')).toContain('PO-1: 4 proof-of-delivery pictures');
    expect(await test.say('签收照片 PO-2')).toContain('这一单没有签收照片');
    expect(await test.say('签收照片 D-1023 昨天')).toContain('没有送完的单');
    expect(await test.say('签收照片 昨天')).toContain('没有送完的单');
    expect(await test.say('签收照片 PO-9')).toContain('没有订单或司机「PO-9」');
  });

  const keep = async () => 'kept.jpg';
  const why = async (address: string, place: { folder?: string; base?: string; privateNetworks?: boolean } = {}) => {
    const photos = openPhotos(keep, join(folder, 'sample'), { bytes: 2_000_000, milliseconds: 300 });
    const got = await photos.small(address, { privateNetworks: true, ...place });
    return 'missing' in got ? got.missing.en : got.file;
  };

  it('of what is huge, broken, slow or no picture says so', async () => {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await why('to-a', { base })).toBe('kept.jpg');
    expect(await why('round', { base })).toBe('its address is wrong');
    expect(await why('to-file', { base })).toBe('its address is wrong');
    expect(await why('page', { base })).toBe('it is not a picture');
    expect(await why('broken.jpg', { base })).toMatch(/broken|not a picture/);
    expect(await why('bomb.png', { base })).toBe('it is too large');
    expect(await why('huge.jpg', { base })).toBe('it is too large');
    expect(await why('slow.jpg', { base })).toBe('it took too long to fetch');
    expect(await why('file:///etc/passwd')).toBe('its address is wrong');
  });

  it('is taken from a folder, and from nowhere beside it', async () => {
    await writeFile(join(folder, 'secret.png'), await painted(9, 9).encode('png'));
    await writeFile(join(folder, 'pod', 'ok.png'), await painted(9, 9).encode('png'));
    await symlink(join(folder, 'secret.png'), join(folder, 'pod', 'link.png'));
    const place = { folder: join(folder, 'pod') };
    expect(await why('ok.png', place)).toBe('kept.jpg');
    expect(await why('../secret.png', place)).toBe('its address is wrong');
    expect(await why('link.png', place)).toBe('its address is wrong');
    expect(await why('none.png', place)).toBe('it is not there any more');
  });

  it('never reaches into private networks, by name, by number or by redirect', async () => {
    const { port } = server.address() as AddressInfo;
    const before = asked;
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
      expect(await why(`http://${host}:${port}/a.jpg`, { privateNetworks: false })).toContain('private network');
    }
    expect(asked).toBe(before);
    for (const address of [
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      'fd00::1',
      'fe80::1',
      '::ffff:10.0.0.1',
      '::1',
      '::',
    ]) {
      expect(isPrivate(address), address).toBe(true);
    }
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111']) expect(isPrivate(address), address).toBe(false);
    const limits = { bytes: 10, milliseconds: 500, redirects: 0 };
    await expect(fetchBytes(`http://localhost:${port}/a.jpg`, false, limits)).rejects.toThrow('private');
  });
});
