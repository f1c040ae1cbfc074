import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/core/errors.ts';
import type { DrawnBlock, DrawnMessage } from '../../src/core/platform.ts';
import { utf8Length } from '../../src/core/split.ts';
import { captionOf, draw } from './draw.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const message = (...blocks: DrawnBlock[]): DrawnMessage => ({ blocks, lang: 'zh' });
const text = (words: string): DrawnBlock => ({ type: 'text', text: words });
const actions = (...labels: string[]): DrawnBlock => ({
  type: 'actions',
  buttons: labels.map((label) => ({ label, ref: `r-${label}`, call: { command: 'x', args: {} } })),
});
const markdowns = (drawn: DrawnMessage) =>
  draw(drawn).map((parcel) => (parcel.msgtype === 'markdown' ? parcel.markdown.content : ''));
const cards = (drawn: DrawnMessage) =>
  draw(drawn).flatMap((parcel) => (parcel.msgtype === 'template_card' ? [parcel.template_card] : []));

describe('a message drawn for the WeCom bot', () => {
  it.each(readdirSync(FIXTURES))('is as in %s', (file) => {
    const fixture = JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8'));
    expect(draw(fixture.message)).toEqual(fixture.parcels);
  });

  it('lets nobody make markup by typing', () => {
    const typed =
      '# a\n> b\n- c\n1. d\n---\n===\n|e|f|\n[x](https://evil.example) ![](y) **g** ~~h~~ `i` <@all> @all \\* &lt; _j_';
    const [content = ''] = markdowns(message(text(typed)));
    expect(content).not.toMatch(/^(?:[#>|]|[-+*=]|\d+\.)/m);
    expect(content).not.toMatch(/\]\(|[*`~<>|\\]|@all|&lt;|_j_/);
    expect(content.normalize('NFKC')).toBe(typed);
  });

  it('keeps what is no markup as it is', () => {
    const plain = 'HX_03 2025-10-17 a-b = c + d 3.14 (1/3) [注] https://example.com/a_b?c=d&e=f';
    expect(markdowns(message(text(plain)))).toEqual([plain.replace(' = ', ' ＝ ').replace(' + ', ' ＋ ')]);
  });

  it('repeats the head of a table that is cut, and is never longer than 20480 bytes', () => {
    const rows = Array.from({ length: 900 }, (_, i) => [`D-${i}`, '王师傅'.repeat(1 + (i % 9)), `${i}`]);
    const columns = ['司机', '姓名', '单'].map((label, i) => ({
      label,
      align: i === 2 ? ('right' as const) : ('left' as const),
    }));
    const parts = markdowns({
      ...message(text('前'.repeat(5600)), { type: 'table', columns, rows }),
      title: '全部司机',
    });
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      expect(utf8Length(part)).toBeLessThanOrEqual(20_480);
      for (const table of part.split('\n\n').filter((one) => one.includes('| D-'))) {
        expect(table).toMatch(/^\| 司机 \| 姓名 \| 单 \|\n\| :--- \| :--- \| ---: \|\n\| D-/);
      }
    }
    const seen = parts.join('\n').match(/D-\d+/g);
    expect(seen).toEqual(rows.map(([id]) => id));
  });

  it('stands on its card where the words are few', () => {
    const drawn = draw({
      title: '要重算十月奖励吗？',
      blocks: [
        text('会更新 12 人'),
        { type: 'fields', fields: [{ label: '合同', value: '39' }] },
        actions('重算', '算了'),
      ],
      age: '数据 14:20',
      lang: 'zh',
    });
    expect(drawn).toEqual([
      {
        msgtype: 'template_card',
        template_card: {
          card_type: 'button_interaction',
          main_title: { title: '要重算十月奖励吗？', desc: '数据 14:20' },
          sub_title_text: '会更新 12 人',
          horizontal_content_list: [{ keyname: '合同', value: '39' }],
          button_list: [
            { text: '重算', style: 1, key: 'r-重算' },
            { text: '算了', style: 2, key: 'r-算了' },
          ],
        },
      },
    ]);
  });

  it.each([
    ['long words', message(text('长'.repeat(113)), actions('a'))],
    ['a long title', { ...message(actions('a')), title: '长'.repeat(27) }],
    ['a table', message({ type: 'table', columns: [{ label: 'a', align: 'left' }], rows: [['1']] }, actions('a'))],
    [
      'words after fields',
      { ...message({ type: 'fields', fields: [{ label: 'a', value: 'b' }] }, text('x'), actions('a')), title: 't' },
    ],
  ] as [string, DrawnMessage][])('has its card below the words where it has %s', (_, drawn) => {
    expect(draw(drawn).map(({ msgtype }) => msgtype)).toEqual(['markdown', 'template_card']);
    expect(cards(drawn)[0]?.main_title).toEqual({ title: '请选择' });
  });

  it('has six buttons on a card, and one that makes the same call once', () => {
    const labels = Array.from({ length: 8 }, (_, i) => `b${i}`);
    const drawn = cards(message(text('选一个'), actions(...labels, 'b0')));
    expect(drawn.map(({ button_list }) => button_list.length)).toEqual([6, 2]);
    expect(drawn.flatMap(({ button_list }) => button_list.map((button) => button.text))).toEqual(labels);
  });

  it('has words, then pictures and files, then cards', () => {
    const pictures: DrawnBlock = { type: 'pictures', pictures: [{ bytes: PNG, mime: 'image/png', alt: '*趋势*' }] };
    const file: DrawnBlock = { type: 'file', name: '../a"\r\nX.csv', bytes: new Uint8Array(6) };
    const drawn = draw(message(actions('下一张'), pictures, file, text('说明')));
    expect(drawn.map(({ msgtype }) => msgtype)).toEqual(['markdown', 'image', 'file', 'template_card']);
    expect(drawn[2]).toMatchObject({ name: '.._a_ X.csv' });
    expect(drawn.map(captionOf)).toEqual(['说明', '＊趋势＊', '../a" X.csv', '请选择']);
  });

  it.each([
    [{ type: 'file', name: 'x.csv', bytes: new Uint8Array(5) }, /more than 5 bytes/],
    [{ type: 'file', name: 'x.csv', bytes: new Uint8Array(50 * 1024 * 1024 + 1) }, /takes 50 MB/],
    [
      { type: 'pictures', pictures: [{ bytes: new Uint8Array(9), mime: 'image/png', alt: 'x' }] },
      /neither PNG nor JPEG/,
    ],
  ] as [DrawnBlock, RegExp][])('is refused, with what to do, where the bot would not take it', (block, words) => {
    expect(() => draw(message(block))).toThrow(DeliveryError);
    expect(() => draw(message(block))).toThrow(words);
  });
});
