import { describe, expect, it } from 'vitest';
import { Message } from '../core/message.ts';
import { fixedClock } from '../core/time.ts';
import { plainText } from './plain.ts';
import { columns, cutEms, ems, wrapEms } from './text-width.ts';

const clock = fixedClock('Asia/Shanghai', new Date('2026-11-20T14:20:00+08:00'));

describe('a message as plain text', () => {
  it('has the title first, aligned tables, and the age last', () => {
    const message = Message.parse({
      title: '王师傅 近7天 312 单',
      asOf: { at: '2026-11-20T06:20:00Z', source: 'cache', completeness: 'complete' },
      blocks: [
        {
          type: 'fields',
          fields: [
            { label: '准时率', value: '93.4%' },
            { label: '失败', value: '9' },
          ],
        },
        {
          type: 'table',
          columns: [{ label: '司机' }, { label: '完成', align: 'right' }, { label: 'Note' }],
          rows: [
            ['王师傅', '1,204', 'ok'],
            ['Li', '7', '已退款，见备注'],
            ['司马相如', '-', ''],
          ],
        },
        {
          type: 'chart',
          alt: '趋势上升',
          chart: { title: 't', labels: ['a'], series: [{ name: 's', kind: 'bar', role: 'subject', values: [1] }] },
        },
        {
          type: 'actions',
          buttons: [
            { label: '24小时', call: { command: 'x' } },
            { label: '30天', call: { command: 'x' } },
          ],
        },
      ],
    });
    expect(plainText(message, { clock })).toBe(
      [
        '王师傅 近7天 312 单',
        '准时率 93.4% · 失败 9',
        '司机       完成  Note',
        '王师傅    1,204  ok',
        'Li            7  已退款，见备注',
        '司马相如      -',
        '[图] 趋势上升',
        '[24小时] [30天]',
        '数据截至 14:20 · 缓存 · 完整',
      ].join('\n'),
    );
    expect(plainText(message)).not.toContain('数据截至');
  });

  it('shows a drawn message too, with the line of its age', () => {
    const drawn = {
      title: 'T',
      blocks: [{ type: 'text' as const, text: 'x' }],
      age: 'Data as of 14:20',
      lang: 'en' as const,
    };
    expect(plainText(drawn)).toBe('T\nx\nData as of 14:20');
  });

  it('cannot move the cursor or colour the terminal', () => {
    const text = 'a\u001b[2Jb\u0007\r\nc\u009b31m';
    expect(plainText(Message.parse({ blocks: [{ type: 'text', text }] }))).toBe('a[2Jb\nc31m');
  });
});

describe('the width of text', () => {
  it.each([
    ['abc', 3],
    ['王师傅', 6],
    ['ａ１', 4],
    ['▲8.1%', 5],
    ['😀', 2],
    ['👨‍👩‍👧', 2],
    ['e\u0301', 1],
    ['한국', 4],
    ['', 0],
  ])('of %s in a terminal is %i', (text, width) => {
    expect(columns(text)).toBe(width);
  });

  it('is kept when cutting and wrapping', () => {
    expect(cutEms('上海市浦东新区陆家嘴第三服务站', 10)).toBe('上海市浦东新区陆家…');
    expect(cutEms('李师傅', 10)).toBe('李师傅');
    const lines = wrapEms(
      '王师傅（D-1023）近7天 312 单，日均 44.6，趋势上升（+2.1 单/天），准时率 93.4%，失败 9',
      20,
      2,
    );
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/，$/);
    expect(lines[1]).toMatch(/…$/);
    for (const line of lines) expect(ems(line)).toBeLessThanOrEqual(20);
  });
});
