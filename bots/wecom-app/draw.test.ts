import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/core/errors.ts';
import type { DrawnBlock, DrawnMessage } from '../../src/core/platform.ts';
import { utf8Length } from '../../src/core/split.ts';
import { pressed, taskId } from './card.ts';
import { draw, numbered } from './draw.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);

const message = (...blocks: DrawnBlock[]): DrawnMessage => ({ blocks, lang: 'zh' });
const text = (words: string): DrawnBlock => ({ type: 'text', text: words });
const pictures = (...all: Uint8Array[]): DrawnBlock => ({
  type: 'pictures',
  pictures: all.map((bytes, i) => ({ bytes, mime: 'image/png', alt: `图 ${i + 1}` })),
});
const actions = (...labels: string[]): DrawnBlock => ({
  type: 'actions',
  buttons: labels.map((label, i) => ({ label, call: { command: 'help', args: {} }, ref: `ref-${i}` })),
});
const cards = (drawn: DrawnMessage) =>
  draw(drawn).flatMap((parcel) => (parcel.msgtype === 'template_card' ? [parcel.card] : []));
const types = (drawn: DrawnMessage) => draw(drawn).map(({ msgtype }) => msgtype);

describe('a message drawn for the WeCom app', () => {
  it.each(readdirSync(FIXTURES))('is as in %s', (file) => {
    const fixture = JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8'));
    expect(draw(fixture.message)).toEqual(fixture.parcels);
  });

  it('has its words, then pictures and files, then buttons', () => {
    const long = text('高峰 10–11 时。'.repeat(30));
    const file: DrawnBlock = { type: 'file', name: '明细.csv', bytes: Buffer.from('a,b\n1,2\n') };
    const drawn = { ...message(actions('为什么'), pictures(PNG, JPEG), long, file), title: '今日外呼' };
    expect(types(drawn)).toEqual(['markdown', 'image', 'image', 'file', 'template_card']);
    expect(draw(drawn).map((parcel) => ('name' in parcel ? parcel.name : ''))).toEqual([
      '',
      'picture.png',
      'picture.jpg',
      '明细.csv',
      '',
    ]);
    expect(cards(drawn)[0]?.main_title.title).toBe('请选择');
  });

  it('is text where it needs no markup: the WeChat side shows no markdown', () => {
    expect(types(message(text('*22:00* 维护')))).toEqual(['text']);
    expect(types({ ...message(text('维护')), age: '数据截至 14:20' })).toEqual(['markdown']);
    expect(types({ ...message(), title: '维护' })).toEqual(['markdown']);
  });

  it.each([
    ['a', '单'.repeat(5000)],
    ['T', '单'.repeat(5000)],
  ])('is never longer than 2048 bytes, with its number', (title, words) => {
    for (const drawn of [message(text(words)), { ...message(text(words)), title }]) {
      const parts = draw(drawn).flatMap((parcel) => ('content' in parcel ? [parcel] : []));
      expect(parts.length).toBeGreaterThan(7);
      for (const part of parts) expect(utf8Length(numbered(part, 'letter#3'))).toBeLessThanOrEqual(2048);
    }
  });

  it('has the same number on all its parts and tries, and another letter another', () => {
    const [parcel] = draw(message(text('维护')));
    if (!parcel || !('content' in parcel)) throw new Error('no words');
    expect(numbered(parcel, 'a#0')).toBe(numbered(parcel, 'a#1'));
    expect(numbered(parcel, 'a#0')).not.toBe(numbered(parcel, 'b#0'));
    expect(taskId('渠道/1 💡')).toMatch(/^[0-9A-Za-z_\-@]{1,128}$/);
  });

  it('has six buttons on a card, and as many cards as that needs', () => {
    const drawn = cards({ ...message(actions(...'123456789')), title: '选一个' });
    expect(drawn.map(({ main_title, button_list }) => [main_title.title, button_list.length])).toEqual([
      ['选一个', 6],
      ['请选择', 3],
    ]);
  });

  it('stands on its card where that shows it whole and in order, else before it', () => {
    const fields = (n: number): DrawnBlock => ({
      type: 'fields',
      fields: Array.from({ length: n }, (_, i) => ({ label: `行 ${i}`, value: '12 单' })),
    });
    const onCard = (drawn: DrawnMessage) => types(drawn).join() === 'template_card';
    expect(onCard(message(text('没看懂。'), actions('帮助')))).toBe(true);
    expect(onCard(message(text('一'), fields(6), actions('帮助')))).toBe(true);
    expect(onCard(message(text('一'), fields(7), actions('帮助')))).toBe(false);
    expect(onCard(message(fields(1), text('后'), actions('帮助')))).toBe(false);
    expect(onCard({ ...message(actions('帮助')), title: '长'.repeat(37) })).toBe(false);
    expect(onCard(message(text('长'.repeat(161)), actions('帮助')))).toBe(false);
  });

  it('carries what is asked before a call in its button, whatever it says', () => {
    const confirm = '确定？"\n'.repeat(100);
    const button = { label: '申诉', call: { command: 'help', args: {} }, ref: 'ref-of-at-most-24-letters', confirm };
    const [card] = cards({ ...message({ type: 'actions', buttons: [button] }), title: '奖励' });
    const key = card?.button_list[0]?.key ?? '';
    expect(utf8Length(key)).toBeLessThanOrEqual(1024);
    const asked = pressed(key);
    if (!('card' in asked)) throw new Error('not asked');
    expect(asked.card.sub_title_text).toMatch(/^确定？".*…$/s);
    expect(asked.card.button_list.map((one) => one.text)).toEqual(['申诉', '取消']);
    expect(pressed(asked.card.button_list[0]?.key ?? '')).toEqual({ ref: 'ref-of-at-most-24-letters' });
    for (const strange of ['', '{', '{}', '[]', 'null']) expect(() => pressed(strange)).not.toThrow();
  });

  it('is refused, with what to do, for a picture or a file that WeCom would not take', () => {
    const big = new Uint8Array(10 * 1024 * 1024 + 1);
    big.set(PNG);
    expect(types(message(pictures(big.subarray(0, 10 * 1024 * 1024))))).toEqual(['image']);
    expect(() => draw(message(pictures(big)))).toThrow(/the app takes 10 MB: draw it smaller/);
    expect(() => draw(message(pictures(new TextEncoder().encode('GIF89a'))))).toThrow(DeliveryError);
    expect(() => draw(message({ type: 'file', name: 'x', bytes: new Uint8Array(5) }))).toThrow(/more than 5 bytes/);
  });
});
