import { readFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/core/errors.ts';
import type { DrawnBlock, DrawnMessage } from '../../src/core/platform.ts';
import { parseHtml } from '../../test/emulators/telegram-html.ts';
import { draw, type TelegramParcel } from './draw.ts';
import { pictureSize } from './picture-size.ts';

const png = (width: number, height: number) => new Uint8Array(createCanvas(width, height).toBuffer('image/png'));
const jpeg = (width: number, height: number) => new Uint8Array(createCanvas(width, height).toBuffer('image/jpeg'));
const message = (...blocks: DrawnBlock[]): DrawnMessage => ({ blocks, lang: 'zh' });
const text = (words: string): DrawnBlock => ({ type: 'text', text: words });
const pictures = (...all: Uint8Array[]): DrawnBlock => ({
  type: 'pictures',
  pictures: all.map((bytes, i) => ({ bytes, mime: 'image/png', alt: `图 ${i + 1}` })),
});
const actions = (...labels: string[]): DrawnBlock => ({
  type: 'actions',
  buttons: labels.map((label) => ({ label, call: { command: 'x', args: {} }, ref: label })),
});
const kinds = (parcels: readonly TelegramParcel[]) => parcels.map(({ kind }) => kind);
const html = (drawn: DrawnMessage) => draw(drawn).map((parcel) => (parcel.kind === 'words' ? parcel.html : ''));
const refusal = (drawn: DrawnMessage): DeliveryError => {
  try {
    draw(drawn);
  } catch (error) {
    if (error instanceof DeliveryError) return error;
  }
  throw new Error('it was drawn');
};

describe('a message drawn for Telegram', () => {
  it.each(
    JSON.parse(readFileSync(new URL('fixtures/drawn.json', import.meta.url), 'utf8')) as {
      name: string;
      message: DrawnMessage;
      parcels: TelegramParcel[];
    }[],
  )('is as recorded: $name', ({ message, parcels }) => {
    expect(draw(message)).toEqual(parcels);
  });

  it('has a single picture and its words in one bubble, with the buttons under it', () => {
    const [photo, ...rest] = draw({ title: 'D-1023 <趋势>', ...message(pictures(png(120, 60)), actions('下一张')) });
    expect(rest).toEqual([]);
    expect(photo).toMatchObject({
      kind: 'photo',
      name: '图 1.png',
      caption: '<b>D-1023 &lt;趋势&gt;</b>',
      keyboard: [[{ text: '下一张', callback_data: '下一张' }]],
    });
    expect(draw(message(pictures(png(9, 9))))[0]).not.toHaveProperty('caption');
  });

  it('has words that are too long for a caption before the picture, and the buttons under the words', () => {
    const parcels = draw(message(text('工单超时。'.repeat(205)), pictures(png(9, 9)), actions('认领')));
    expect(kinds(parcels)).toEqual(['words', 'photo']);
    expect(parcels[0]).toHaveProperty('keyboard');
    expect(parcels[1]).not.toHaveProperty('keyboard');
    expect(kinds(draw(message(text('x'.repeat(1024)), pictures(png(9, 9)))))).toEqual(['photo']);
  });

  it('has pictures in albums of two to ten, and files one by one, in their order', () => {
    const all = Array.from({ length: 11 }, () => png(9, 9));
    const file: DrawnBlock = { type: 'file', name: 'a.csv', bytes: Buffer.from('a') };
    const parcels = draw(message(text('x'), pictures(...all), file, pictures(png(9, 9), png(9, 9))));
    expect(kinds(parcels)).toEqual(['words', 'album', 'photo', 'document', 'album']);
    expect(parcels.map((parcel) => (parcel.kind === 'album' ? parcel.photos.length : 0))).toEqual([0, 10, 0, 0, 2]);
  });

  it('sends as a file what Telegram would not show as a photo', () => {
    const large = new Uint8Array(10 * 1024 * 1024 + 1);
    large.set(png(9, 9));
    for (const bytes of [png(9001, 1000), png(210, 10), large, Buffer.from('GIF89a')]) {
      expect(kinds(draw(message(pictures(bytes))))).toEqual(['document']);
    }
    expect(kinds(draw(message(pictures(png(200, 10)))))).toEqual(['photo']);
  });

  it('puts buttons under something where there are no words', () => {
    expect(draw(message(actions('a', 'b', 'c', 'd')))).toEqual([
      {
        kind: 'words',
        html: '请选择：',
        keyboard: [['a', 'b', 'c'], ['d']].map((row) => row.map((key) => ({ text: key, callback_data: key }))),
      },
    ]);
  });

  it('gives long labels rows of their own', () => {
    const [parcel] = draw(message(actions('趋势 司机 D-1023 近7天', '缺失更新', '今日外呼', '坐席排行')));
    const rows = parcel?.kind === 'words' ? (parcel.keyboard ?? []) : [];
    expect(rows.map((row) => row.map((key) => key.text))).toEqual([
      ['趋势 司机 D-1023 近7天'],
      ['缺失更新', '今日外呼'],
      ['坐席排行'],
    ]);
  });

  it('is never cut inside its own markup, and never longer than 4096 characters', () => {
    const fields = Array.from({ length: 700 }, (_, i) => ({
      label: `司机 <${i}> & co`,
      value: '9'.repeat(i % 90),
      tone: 'bad' as const,
    }));
    const rows = Array.from({ length: 400 }, (_, i) => [`<${i}>`, '98,500.00']);
    const head = ['合同', '金额'].map((label) => ({ label, align: 'right' as const }));
    const parts = html({
      title: '&'.repeat(5000),
      blocks: [
        { type: 'fields', fields },
        { type: 'table', columns: head, rows },
      ],
      age: '数据截至 10:20',
      lang: 'zh',
    });
    expect(parts.length).toBeGreaterThan(8);
    for (const [i, part] of parts.entries()) {
      const read = parseHtml(part);
      expect(read.text.length).toBeLessThanOrEqual(4096);
      expect(read.text.endsWith(`(${i + 1}/${parts.length})`)).toBe(true);
      expect(read.entities.length).toBeGreaterThan(0);
    }
    expect(parts.at(-1)).toMatch(/<i>数据截至 10:20<\/i> \(\d+\/\d+\)$/);
  });

  it('has narrow tables in columns and wide ones as lines', () => {
    const columns = [
      { label: '合同', align: 'left' as const },
      { label: '计入', align: 'right' as const },
    ];
    const table = (...rows: string[][]): DrawnBlock => ({ type: 'table', columns, rows });
    expect(html(message(table(['…0021', '50,000.00'], ['…0034', '0.00'])))).toEqual([
      '<pre>合同        计入\n…0021  50,000.00\n…0034       0.00</pre>',
    ]);
    expect(html(message(table(['北京市朝阳区望京街道阜通东大街', '50,000.00'])))).toEqual([
      '合同 · 计入\n北京市朝阳区望京街道阜通东大街 · 50,000.00',
    ]);
  });

  it('calls people by number and by name, and nobody by typing', () => {
    const mentions = ['telegram:77001', '@lisi_sales', '77001', 'all', 'wecom-app:lisi', 'telegram:<b>'];
    expect(html({ title: '工单', blocks: [text('@lisi_sales a@b.example @@all')], mentions, lang: 'zh' })).toEqual([
      '<b>工单</b>\n<a href="tg://user?id=77001">@77001</a> @lisi_sales\n＠lisi_sales a@b.example @＠all',
    ]);
  });

  it('is refused, with what to do, for what Telegram would not take', () => {
    const file = (bytes: Uint8Array): DrawnBlock => ({ type: 'file', name: 'x.csv', bytes });
    const longRef: DrawnBlock = {
      type: 'actions',
      buttons: [{ label: '认领', call: { command: 'x', args: {} }, ref: 'x'.repeat(65) }],
    };
    for (const [block, words] of [
      [file(new Uint8Array(0)), /"x.csv" is empty/],
      [file(new Uint8Array(50 * 1024 * 1024 + 1)), /takes 50 MB: send less/],
      [longRef, /"认领" has a ref that Telegram does not take/],
    ] as const) {
      const error = refusal(message(block));
      expect(error.kind).toBe('refused');
      expect(error.message).toMatch(words);
    }
  });

  it('writes a file name that cannot leave its header', () => {
    const [parcel] = draw(message({ type: 'file', name: '../a";\r\nX: 1\\十月.csv', bytes: Buffer.from('a') }));
    expect(parcel).toMatchObject({ name: '.._a__ X: 1_十月.csv' });
  });
});

describe('the size of a picture', () => {
  it('is read from its head', () => {
    expect(pictureSize(png(120, 61))).toEqual({ width: 120, height: 61 });
    expect(pictureSize(jpeg(61, 120))).toEqual({ width: 61, height: 120 });
    const padded = new Uint8Array([0, 0, ...png(7, 8)]).subarray(2);
    expect(pictureSize(padded)).toEqual({ width: 7, height: 8 });
    for (const cut of [0, 3, 20]) expect(pictureSize(jpeg(61, 120).subarray(0, cut))).toBeUndefined();
    expect(pictureSize(Buffer.from('GIF89a and more than twenty-four bytes'))).toBeUndefined();
  });
});
