import { describe, expect, it } from 'vitest';
import { Message, type MessageDraft } from '../core/message.ts';
import type { Drawable, DrawnMessage, Picture } from '../core/platform.ts';
import { fixedClock } from '../core/time.ts';
import { degrade } from './degrade.ts';

const PICTURE: Picture = { bytes: new Uint8Array([1]), mime: 'image/png', alt: 'from the tool' };
const clock = fixedClock('Asia/Shanghai', new Date('2026-11-20T14:20:00+08:00'));
const chart = {
  type: 'chart' as const,
  alt: '按小时：高峰 10–11 时',
  chart: {
    title: '今日外呼',
    labels: ['9时'],
    series: [{ name: '今日', kind: 'bar' as const, role: 'subject' as const, values: [1] }],
  },
};

describe('a message that a platform cannot draw whole', () => {
  it('has its chart as a picture, with the words for those who do not see it', async () => {
    const drawn = await drawFor(['pictures'], [chart]);
    expect(drawn.blocks).toEqual([{ type: 'pictures', pictures: [{ ...PICTURE, alt: chart.alt }] }]);
  });

  it('has those words alone where there are no pictures, or drawing fails', async () => {
    expect((await drawFor([], [chart])).blocks).toEqual([{ type: 'text', text: chart.alt }]);
    const failed: string[] = [];
    const broken = {
      charts: { draw: () => Promise.reject(new Error('no canvas')) },
      failed: (_: unknown, what: string) => void failed.push(what),
    };
    expect((await drawFor(['pictures'], [chart], broken)).blocks).toEqual([{ type: 'text', text: chart.alt }]);
    expect(failed).toEqual(['chart 今日外呼']);
  });

  it('has a table as lines that read well, cut after twenty', async () => {
    const row = (day: string, done: string, failed: string, note: string) => [day, done, failed, note];
    const table = {
      type: 'table' as const,
      columns: [
        { label: '日期' },
        { label: '单', align: 'right' as const },
        { label: '失败', align: 'right' as const },
        { label: '说明' },
      ],
      rows: [
        row('10-17 周五', '12', '3', ''),
        row('10-18 周六', '', '0', '节假日\n顺延'),
        ...Array(29).fill(row('…', '1', '0', '')),
      ],
    };
    const [block] = (await drawFor([], [table])).blocks;
    const lines = block?.type === 'text' ? block.text.split('\n') : [];
    expect(lines.slice(0, 2)).toEqual(['10-17 周五  12 单 · 失败 3', '10-18 周六  失败 0 · 节假日 顺延']);
    expect(lines).toHaveLength(21);
    expect(lines[20]).toBe('…共 31 行');
    expect((await drawFor(['table'], [table])).blocks).toEqual([Message.parse({ blocks: [table] }).blocks[0]]);
  });

  it('says what to type in place of buttons, and leaves out those that no words stand for', async () => {
    const call = { command: 'drivers.trend' };
    const actions = {
      type: 'actions' as const,
      buttons: [
        { label: '24小时', call },
        { label: '转给…', call },
        { label: '删除', call, confirm: '确定？' },
        { label: '30天', call },
      ],
    };
    expect((await drawFor([], [actions])).blocks).toEqual([{ type: 'text', text: '可继续问：24小时 · 30天' }]);
    const typed = {
      typed: ({ label }: { label: string }) => (label === '30天' ? '司机 D-1023 近30天趋势' : undefined),
    };
    expect((await drawFor([], [actions], typed)).blocks).toEqual([
      { type: 'text', text: '可继续问：司机 D-1023 近30天趋势' },
    ]);
    const asking = { type: 'actions' as const, buttons: [{ label: '转给…', call }] };
    expect((await drawFor([], [asking])).blocks).toEqual([]);
  });

  it('keeps the pictures that are there and describes those that are not', async () => {
    const pictures = {
      type: 'pictures' as const,
      pictures: [
        { file: 'a.png', alt: '签收照片 1' },
        { file: 'gone', alt: '签收照片 2' },
      ],
    };
    expect((await drawFor(['pictures'], [pictures])).blocks).toEqual([
      { type: 'pictures', pictures: [{ ...PICTURE, alt: '签收照片 1' }] },
      { type: 'text', text: '签收照片 2' },
    ]);
    expect((await drawFor([], [pictures])).blocks).toEqual([{ type: 'text', text: '签收照片 1\n签收照片 2' }]);
  });

  it('names a file that it cannot send', async () => {
    const file = { type: 'file' as const, file: 'x', name: '十月.xlsx' };
    expect((await drawFor(['file'], [file])).blocks).toEqual([
      { type: 'file', bytes: new Uint8Array([2]), name: '十月.xlsx' },
    ]);
    expect((await drawFor([], [file])).blocks).toEqual([{ type: 'text', text: '附件：十月.xlsx' }]);
    const gone = { file: () => Promise.reject(new Error('gone')) };
    expect((await drawFor(['file'], [file], gone)).blocks).toEqual([{ type: 'text', text: '附件 十月.xlsx 已不在' }]);
  });

  it('carries title, tone and language, the age as a line, and names people only where the platform can', async () => {
    const message = Message.parse({
      title: '今日外呼 15,305 通',
      tone: 'warn',
      mentions: ['all'],
      asOf: { at: '2026-11-20T06:20:00Z', source: 'cache', completeness: 'complete' },
      blocks: [{ type: 'text', text: '较昨日 +3' }],
    });
    const drawn = await degrade(message, new Set(), tools);
    expect(drawn).toEqual({
      title: '今日外呼 15,305 通',
      tone: 'warn',
      blocks: [{ type: 'text', text: '较昨日 +3' }],
      age: '数据截至 14:20 · 缓存 · 完整',
      mentions: undefined,
      lang: 'zh',
    });
    expect((await degrade(message, new Set<Drawable>(['mentions']), tools)).mentions).toEqual(['all']);
  });
});

const tools = {
  charts: { draw: () => Promise.resolve(PICTURE) },
  pictures: ({ file }: { file?: string | undefined }) =>
    file === 'gone' ? Promise.reject(new Error('gone')) : Promise.resolve(PICTURE),
  file: () => Promise.resolve(new Uint8Array([2])),
  clock,
};

function drawFor(draws: Drawable[], blocks: MessageDraft['blocks'], others: object = {}): Promise<DrawnMessage> {
  return degrade(Message.parse({ blocks }), new Set(draws), { ...tools, ...others });
}
