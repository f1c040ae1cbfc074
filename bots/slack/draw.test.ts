import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/core/errors.ts';
import type { DrawnBlock, DrawnButton, DrawnMessage } from '../../src/core/platform.ts';
import { readWords } from '../../test/emulators/slack-rules.ts';
import { draw, type SlackParcel } from './draw.ts';
import { writeTable } from './mrkdwn.ts';

const FIXTURES = new URL('fixtures/draw/', import.meta.url);
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);

const message = (...blocks: DrawnBlock[]): DrawnMessage => ({ blocks, lang: 'zh' });
const text = (words: string): DrawnBlock => ({ type: 'text', text: words });
const button = (label: string, note = '', confirm?: string): DrawnButton => ({
  label,
  call: { command: 'rewards.why', args: { note } },
  ref: 'why-ref-of-22-letters-',
  confirm,
});
/** Messages of blocks, as Slack would take them. */
const taken = (parcels: readonly SlackParcel[]) =>
  parcels.map((parcel) => {
    if (parcel.type !== 'message') throw new Error('a file');
    return readWords({ text: parcel.text, blocks: JSON.stringify(parcel.blocks) });
  });

describe('a message drawn for Slack', () => {
  it.each(readdirSync(FIXTURES))('is as in %s', (name) => {
    const fixture = JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8'));
    expect(draw(fixture.message)).toEqual(fixture.parcels);
    taken(draw(fixture.message));
  });

  it('has words and buttons in one message, then pictures and files in their order', () => {
    const parcels = draw({
      title: '今日外呼',
      blocks: [
        { type: 'pictures', pictures: [{ bytes: PNG, mime: 'image/png', alt: '今日 / 外呼' }] },
        { type: 'file', name: '../明细"\r\n.csv', bytes: Buffer.from('a') },
        { type: 'actions', buttons: [button('为什么')] },
      ],
      lang: 'zh',
    });
    expect(
      parcels.map((parcel) => (parcel.type === 'file' ? parcel.name : parcel.blocks.map(({ type }) => type))),
    ).toEqual([['header', 'actions'], '今日 _ 外呼.png', '.._明细_ .csv']);
  });

  it('has a long title as bold sections, and the beginning of it in the notification', () => {
    const title = '标题'.repeat(80);
    const [first] = taken(draw({ title, ...message(text('x')) }));
    expect(first?.blocks[0]).toMatchObject({ type: 'section', text: { text: `*${title}*` } });
    expect(first?.text).toBe(`${title}\nx`);
    taken(draw({ title: '&'.repeat(9000), ...message() }));
  });

  it('keeps to every limit of Slack, whatever comes', () => {
    const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
    const parts = taken(
      draw({
        title: 'T'.repeat(151),
        blocks: [
          text('<&>'.repeat(4000)),
          { type: 'fields', fields: many(35, (i) => ({ label: `L${i}`, value: '&'.repeat(i * 20) })) },
          { type: 'table', columns: [{ label: 'a', align: 'left' }], rows: many(900, (i) => [`<${i}>`]) },
          {
            type: 'actions',
            buttons: many(30, (i) => button(`按钮${i}`.repeat(30), 'x'.repeat(i * 100), '确定？'.repeat(200))),
          },
          ...many(60, (i) => text(`${i}`)),
        ],
        age: '数据截至 11:40',
        lang: 'zh',
      }),
    );
    expect(parts.length).toBeGreaterThan(2);
    for (const [i, { blocks }] of parts.entries()) {
      expect(blocks.at(-1)).toMatchObject({ type: 'context', elements: [{ text: `(${i + 1}/${parts.length})` }] });
    }
  });

  it('has in a button its call, or its short name where the call is too long', () => {
    const [parcel] = taken(draw(message({ type: 'actions', buttons: [button('a'), button('b', 'x'.repeat(2000))] })));
    const block = parcel?.blocks[0];
    expect(block?.type === 'actions' && block.elements.map(({ value }) => value)).toEqual([
      '{"command":"rewards.why","args":{"note":""}}',
      'why-ref-of-22-letters-',
    ]);
  });

  it('calls people and everybody of Slack, and nobody of elsewhere', () => {
    const [parcel] = taken(
      draw({ ...message(text('x')), mentions: ['all', 'U1', 'slack:U1', 'wecom-app:li', '<!here>'] }),
    );
    expect(parcel?.blocks[0]).toMatchObject({ text: { text: '<!channel> <@U1>' } });
    expect(parcel?.text).toBe('x');
  });

  it('is refused for a file without content', () => {
    expect(() => draw(message({ type: 'file', name: 'a.csv', bytes: new Uint8Array() }))).toThrow(DeliveryError);
  });

  it('is nothing where there is nothing to say', () => {
    expect(draw(message(text(' \n'), { type: 'fields', fields: [{ label: '', value: '' }] }))).toEqual([]);
  });
});

describe('a table', () => {
  const columns = [
    { label: '司机', align: 'left' as const },
    { label: 'Orders', align: 'right' as const },
  ];

  it('is aligned by the width that people see', () => {
    expect(
      writeTable(columns, [
        ['王师傅 👍🏽', '7'],
        ['D`1', '1,024'],
      ]),
    ).toEqual(['```\n司机       Orders\n王师傅 👍🏽       7\nD｀1        1,024\n```']);
  });

  it('is in pieces under its head where it is long, and lines where it is wide', () => {
    const pieces = writeTable(
      columns,
      Array.from({ length: 300 }, (_, i) => [`D-${i}`, String(i)]),
    );
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) expect(piece).toMatch(/^```\n司机 .*Orders\n[\s\S]+\n```$/);
    expect(writeTable(columns, [['长'.repeat(40), '7']])).toEqual([`司机 · Orders\n${'长'.repeat(40)} · 7`]);
  });
});
