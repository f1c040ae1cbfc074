import { callRef } from '../core/call-ref.ts';
import { type Block, type Button, type Lang, type Message, type PictureRef, pick } from '../core/message.ts';
import type { Drawable, DrawnBlock, DrawnMessage, Picture } from '../core/platform.ts';
import type { Clock } from '../core/time.ts';
import { ageLine } from './age.ts';
import type { ChartRenderer } from './chart.ts';
import { hintLine, tableLines } from './lines.ts';

/** Where bytes come from. A tool that fails costs the picture or the file, never the message. */
export interface DegradeTools {
  charts: Pick<ChartRenderer, 'draw'>;
  pictures(ref: PictureRef): Promise<Picture>;
  file(name: string): Promise<Uint8Array>;
  /** The age of the data is said relative to now. */
  clock: Clock;
  /** The line that says what a button does; without it the button's label is taken. */
  typed?(button: Button, lang: Lang): string | undefined;
  /** Told of what could not be drawn or fetched. */
  failed?(error: unknown, what: string): void;
}

/**
 * A message as a platform can draw it: charts become pictures, and whatever the platform does not draw becomes text: a
 * picture its description, a table lines, buttons a hint of what to type. Order is kept; nothing is lost in silence.
 */
export async function degrade(
  message: Message,
  draws: ReadonlySet<Drawable>,
  tools: DegradeTools,
): Promise<DrawnMessage> {
  const blocks = await Promise.all(message.blocks.map((block) => drawn(block, message.lang, draws, tools)));
  return {
    title: message.title,
    tone: message.tone,
    blocks: blocks.flat(),
    age: message.asOf && ageLine(message.asOf, message.lang, tools.clock),
    mentions: draws.has('mentions') ? message.mentions : undefined,
    notice: message.notice,
    lang: message.lang,
  };
}

async function drawn(
  block: Block,
  lang: Lang,
  draws: ReadonlySet<Drawable>,
  tools: DegradeTools,
): Promise<DrawnBlock[]> {
  switch (block.type) {
    case 'chart': {
      if (!draws.has('pictures')) return text(block.alt);
      const picture = await attempt(() => tools.charts.draw(block.chart), `chart ${block.chart.title}`, tools);
      return picture ? [{ type: 'pictures', pictures: [{ ...picture, alt: block.alt }] }] : text(block.alt);
    }
    case 'pictures':
      return draws.has('pictures')
        ? fetched(block.pictures, tools)
        : text(block.pictures.map(({ alt }) => alt).join('\n'));
    case 'file': {
      if (!draws.has('file')) return text(`${pick(lang, '附件', 'File')}：${block.name}`);
      const bytes = await attempt(() => tools.file(block.file), `file ${block.name}`, tools);
      if (bytes) return [{ type: 'file', bytes, name: block.name }];
      return text(pick(lang, `附件 ${block.name} 已不在`, `The file ${block.name} is no longer there`));
    }
    case 'table':
      return draws.has('table') ? [block] : text(tableLines(block, lang).join('\n'));
    case 'actions':
      return draws.has('actions')
        ? [{ type: 'actions', buttons: block.buttons.map((button) => ({ ...button, ref: callRef(button.call) })) }]
        : text(hintLine(block.buttons, lang, tools.typed?.bind(tools)) ?? '');
    case 'text':
    case 'fields':
      return [block];
  }
}

/** The pictures that are there, and the descriptions of those that are not. */
async function fetched(refs: readonly PictureRef[], tools: DegradeTools): Promise<DrawnBlock[]> {
  const all = await Promise.all(
    refs.map(async (ref) => ({ ref, picture: await attempt(() => tools.pictures(ref), `picture ${ref.alt}`, tools) })),
  );
  const pictures = all.flatMap(({ ref, picture }) => (picture ? [{ ...picture, alt: ref.alt }] : []));
  const missing = all.flatMap(({ ref, picture }) => (picture ? [] : [ref.alt]));
  return [...(pictures.length > 0 ? [{ type: 'pictures' as const, pictures }] : []), ...text(missing.join('\n'))];
}

async function attempt<T>(work: () => Promise<T>, what: string, tools: DegradeTools): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    tools.failed?.(error, what);
    return null;
  }
}

function text(words: string): DrawnBlock[] {
  return words.trim() === '' ? [] : [{ type: 'text', text: words }];
}
