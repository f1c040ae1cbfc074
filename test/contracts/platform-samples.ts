import { createCanvas } from '@napi-rs/canvas';
import type { Drawable, DrawnBlock, DrawnMessage, Picture } from '../../src/core/platform.ts';

/** What somebody types who wants to see whether it does something: one piece a word. */
export const TYPED = [
  ...'*_`~<>#[]()!|\\&@-=+.{}"\'$',
  ...'** *** ``` &lt; &#60; <b> </b> <font color="warning"> </font> HX_03 张** 王 👍🏽 ｆｕｌｌ {{x}} :smile: tg://user?id=1'.split(
    ' ',
  ),
  ...'<@all> @all @所有人 <@U024BE7LH> <!channel> @here https://example.com/a_b?c=d&e=f'.split(' '),
  ...'[bank](https://evil.example) ](https://evil.example) ![](https://evil.example/x.png)'.split(' '),
  ...[
    '<https://evil.example|bank>',
    '<a href="https://evil.example">bank</a>',
    ' ',
    '\t',
    '\n',
    '\n# ',
    '\n> ',
    '\n- ',
  ],
];

/** 10,000 Chinese characters, 1,800 emoji, 900 lines. */
export const LONG = [
  Array.from({ length: 10_000 }, (_, i) => (i % 37 === 36 ? '。' : '司机管家坐席工单合同'[i % 10])).join(''),
  '👨‍👩‍👧‍👦👍🏽🇨🇳'.repeat(600),
  Array.from({ length: 900 }, (_, i) => `D-${1000 + i} 王师傅 · 最后 13:02 · 剩 ${i} 单`).join('\n'),
];

export const FILE = '合同,金额\n…0021,98500.00\n';

/** A message of all that a platform says that it draws. */
export function everything(draws: ReadonlySet<Drawable>, account: string): DrawnMessage {
  const blocks: DrawnBlock[] = [
    say('达标奖 200 · 接好运 58'),
    { type: 'fields', fields: [{ label: '计入业绩', value: '12 单' }] },
  ];
  if (draws.has('table')) {
    const columns = [
      { label: '合同', align: 'left' as const },
      { label: '计入', align: 'right' as const },
    ];
    blocks.push({
      type: 'table',
      columns,
      rows: [
        ['…0021', '50,000.00'],
        ['…0034', '0.00'],
      ],
    });
  }
  if (draws.has('pictures')) blocks.push({ type: 'pictures', pictures: [picture(120, 60, 'image/png')] });
  if (draws.has('file')) blocks.push({ type: 'file', name: '十月 合同.csv', bytes: new TextEncoder().encode(FILE) });
  if (draws.has('actions')) {
    const call = { command: 'rewards.why', args: { month: '2025-10' } };
    blocks.push({
      type: 'actions',
      buttons: [
        { label: '为什么', call, ref: 'why-ref-of-22-letters-' },
        { label: '申诉', call, confirm: '确定？', ref: 'dispute-ref-22-letters' },
      ],
    });
  }
  const mentions = draws.has('mentions') ? { mentions: [account] } : {};
  return { title: '十月累计奖励 258 元', tone: 'good', blocks, lang: 'zh', ...mentions };
}

export function say(text: string): DrawnBlock {
  return { type: 'text', text };
}

export function picture(width: number, height: number, mime: Picture['mime']): Picture {
  const canvas = createCanvas(width, height);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#1677ff';
  pen.fillRect(width / 4, height / 4, width / 2, height / 2);
  const bytes = mime === 'image/png' ? canvas.toBuffer('image/png') : canvas.toBuffer('image/jpeg');
  return { bytes: new Uint8Array(bytes), mime, alt: `${width} × ${height}` };
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(Object.freeze(value)).forEach(deepFreeze);
  }
  return value;
}
