import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/core/errors.ts';
import type { DrawnBlock, DrawnMessage } from '../../src/core/platform.ts';
import { utf8Length } from '../../src/core/split.ts';
import { RobotBody } from '../../test/emulators/wecom-robot-rules.ts';
import { draw } from './draw.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);

const message = (...blocks: DrawnBlock[]): DrawnMessage => ({ blocks, lang: 'zh' });
const text = (words: string): DrawnBlock => ({ type: 'text', text: words });
const pictures = (...all: Uint8Array[]): DrawnBlock => ({
  type: 'pictures',
  pictures: all.map((bytes, i) => ({ bytes, mime: 'image/png', alt: `图 ${i + 1}` })),
});
const markdowns = (drawn: DrawnMessage) =>
  draw(drawn).map((parcel) => (parcel.msgtype === 'markdown' ? parcel.markdown.content : ''));
const refusal = (drawn: DrawnMessage): DeliveryError => {
  try {
    draw(drawn);
  } catch (error) {
    if (error instanceof DeliveryError) return error;
  }
  throw new Error('it was drawn');
};

describe('a message drawn for the group robot', () => {
  it.each(readdirSync(FIXTURES))('is as in %s', (file) => {
    const fixture = JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8'));
    expect(draw(fixture.message)).toEqual(fixture.parcels);
  });

  it('is a card where a title has few facts and there is a page to open', () => {
    const fields: DrawnBlock = { type: 'fields', fields: [{ label: '合同', value: 'YHWX-BJ-001' }] };
    const news = { ...message(text('张三签约成功'), fields, pictures(PNG)), title: '喜报', age: '数据截至 10:20' };
    const page = 'https://bell.example.com';
    const [card, picture] = draw(news, page);
    expect(card).toEqual({
      msgtype: 'template_card',
      template_card: {
        card_type: 'text_notice',
        main_title: { title: '喜报', desc: '数据截至 10:20' },
        sub_title_text: '张三签约成功',
        horizontal_content_list: [{ keyname: '合同', value: 'YHWX-BJ-001' }],
        card_action: { type: 1, url: page },
      },
    });
    expect(RobotBody.safeParse(card).success).toBe(true);
    expect(picture?.msgtype).toBe('image');
    const kinds = (drawn: DrawnMessage, opens?: string) => draw(drawn, opens).map(({ msgtype }) => msgtype);
    expect(kinds(news)).toEqual(['markdown', 'image']);
    expect(kinds({ ...news, mentions: ['all'] }, page)).toEqual(['text', 'image']);
    expect(kinds({ ...news, title: '很长的标题'.repeat(10) }, page)).toEqual(['markdown', 'image']);
    expect(kinds({ title: '日报', ...message(text('一切正常')) }, page)).toEqual(['markdown']);
  });

  it('has its words first, in one bubble, then pictures and files in their order', () => {
    const drawn = draw({
      title: '今日外呼',
      blocks: [
        pictures(PNG, JPEG),
        text('高峰 10–11 时'),
        { type: 'file', name: '明细.csv', bytes: Buffer.from('a,b\n1,2\n') },
      ],
      lang: 'zh',
    });
    expect(drawn.map(({ msgtype }) => msgtype)).toEqual(['markdown', 'image', 'image', 'file']);
    expect(drawn[0]).toEqual({ msgtype: 'markdown', markdown: { content: '**今日外呼**\n高峰 10–11 时' } });
    expect(drawn[1]).toEqual({
      msgtype: 'image',
      image: { base64: Buffer.from(PNG).toString('base64'), md5: createHash('md5').update(PNG).digest('hex') },
    });
    expect(draw(message(pictures(PNG))).map(({ msgtype }) => msgtype)).toEqual(['image']);
  });

  describe('with a table', () => {
    const table = (rows: string[][]): DrawnBlock => ({
      type: 'table',
      columns: [
        { label: '合同', align: 'left' },
        { label: '计入', align: 'right' },
      ],
      rows,
    });

    it('is markdown of the second dialect, in which cells stay cells', () => {
      const drawn = draw({
        title: '十月 *合同*',
        tone: 'good',
        blocks: [text('- 一\n1. 二\n合计 3'), table([['…0021', '50,000.00'], ['a|b\n~~c~~'], ['\\', '---', '多']])],
        age: '数据截至 14:20',
        lang: 'zh',
      });
      expect(drawn).toEqual([
        {
          msgtype: 'markdown_v2',
          markdown_v2: {
            content:
              '**十月 ＊合同＊**\n\n－ 一  \n1． 二  \n合计 3\n\n' +
              '| 合同 | 计入 |\n| :--- | ---: |\n| …0021 | 50,000.00 |\n| a｜b ～～c～～ |  |\n| ＼ | －-- |\n\n数据截至 14:20',
          },
        },
      ]);
    });

    it('has it as lines beside mentions, and where it does not fit into one bubble', () => {
      const rows = [['…0021', '50,000.00']];
      expect(draw({ ...message(table(rows)), mentions: ['lisi'] })).toEqual([
        { msgtype: 'text', text: { content: '合同 · 计入\n…0021 · 50,000.00', mentioned_list: ['lisi'] } },
      ]);
      const long = draw(message(table(Array.from({ length: 250 }, (_, i) => [`合同 ${i}`, `${i}.00`]))));
      expect(long.map(({ msgtype }) => msgtype)).toEqual(['markdown', 'markdown']);
    });
  });

  it('is never cut inside its own markup, and never longer than 4096 bytes', () => {
    const fields = Array.from({ length: 300 }, (_, i) => ({
      label: `司机 ${i}`,
      value: '9'.repeat(i % 90),
      tone: 'bad' as const,
    }));
    const parts = markdowns({
      title: '三百名司机',
      tone: 'bad',
      blocks: [{ type: 'fields', fields: [...fields, { label: '长', value: '单'.repeat(3000), tone: 'good' }] }],
      lang: 'zh',
    });
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) {
      expect(utf8Length(part)).toBeLessThanOrEqual(4096);
      expect(part.match(/<font color="\w+">/g)?.length ?? 0).toBe(part.match(/<\/font>/g)?.length ?? 0);
      expect((part.match(/\*\*/g)?.length ?? 0) % 2).toBe(0);
    }
  });

  it('calls people once, in the first of its parts, each within 2048 bytes', () => {
    const parts = draw({ ...message(text('工单超时。'.repeat(1000))), mentions: ['zhangsan'] });
    const texts = parts.map((part) => (part.msgtype === 'text' ? part.text : { content: '' }));
    expect(texts.length).toBeGreaterThan(7);
    for (const part of texts) expect(utf8Length(part.content)).toBeLessThanOrEqual(2048);
    expect(texts.map((part) => 'mentioned_list' in part && part.mentioned_list)).toEqual([
      ['zhangsan'],
      ...texts.slice(1).map(() => false),
    ]);
  });

  it('calls people beside a picture without words by the name of the picture', () => {
    expect(draw({ ...message(pictures(PNG)), mentions: ['all'] })[0]).toEqual({
      msgtype: 'text',
      text: { content: '图 1', mentioned_list: ['@all'] },
    });
  });

  it('lets nobody call people by typing, in a plain text either', () => {
    const [parcel] = draw({ title: '<@lisi> @ALL', ...message(text('@所有人 <@all>')), mentions: ['zhangsan'] });
    expect(parcel).toEqual({
      msgtype: 'text',
      text: { content: '＜@lisi> ＠ALL\n＠所有人 ＜＠all>', mentioned_list: ['zhangsan'] },
    });
  });

  it('is refused, with what to do, for a picture or a file that the robot would not take', () => {
    const big = new Uint8Array(2 * 1024 * 1024 + 1);
    big.set(PNG);
    expect(draw(message(pictures(big.subarray(0, 2 * 1024 * 1024))))).toHaveLength(1);
    const file = (bytes: Uint8Array): DrawnBlock => ({ type: 'file', name: 'x.csv', bytes });
    for (const [block, words] of [
      [pictures(big), /"图 1" has 2\.0 MB; the robot takes 2 MB: draw it smaller/],
      [pictures(new TextEncoder().encode('GIF89a')), /neither PNG nor JPEG/],
      [file(new Uint8Array(5)), /more than 5 bytes/],
      [file(new Uint8Array(20 * 1024 * 1024 + 1)), /takes 20 MB/],
    ] as const) {
      const error = refusal(message(block));
      expect(error.kind).toBe('refused');
      expect(error.message).toMatch(words);
    }
  });

  it('writes a file name that cannot leave its header', () => {
    const bytes = new Uint8Array(6);
    expect(draw(message({ type: 'file', name: '../a"\r\nX: 1\\十月.csv', bytes }))).toEqual([
      { msgtype: 'file', name: '.._a_ X: 1_十月.csv', bytes },
    ]);
  });
});
