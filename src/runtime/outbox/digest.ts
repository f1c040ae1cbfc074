import type { Block, Message } from '../../core/message.ts';
import { pick } from '../../core/message.ts';
import type { Counted } from './pace.ts';

const MINUTE = 60_000;
/** Characters of a first line; the rest is in the letter itself, which the outbox keeps. */
const LINE = 120;
/** Letters in one digest at most: what one can read at a sitting. */
export const MAX_MERGED = 100;

/**
 * Several broadcasts as one: the title and the first line of each, and their pictures and files. The letters themselves
 * stay in the outbox.
 */
export function digestOf(messages: readonly Message[]): Message {
  const lang = messages[0]?.lang ?? 'zh';
  const title = pick(lang, `汇总：${messages.length} 条消息`, `Digest of ${messages.length} messages`);
  const lines = messages.map((message, at) => `${at + 1}. ${firstLine(message)}`);
  const carried = messages.flatMap(({ blocks }) =>
    blocks.filter((block): block is Block => block.type === 'pictures' || block.type === 'file'),
  );
  const mentions = [...new Set(messages.flatMap((message) => message.mentions ?? []))];
  return {
    title,
    blocks: [{ type: 'text', text: lines.join('\n') }, ...carried],
    lang,
    ...(mentions.length > 0 && { mentions }),
  };
}

function firstLine({ title, blocks }: Message): string {
  const texts = blocks.map((block) => {
    if (block.type === 'text') return block.text.trim().split('\n', 1)[0] ?? '';
    if (block.type === 'chart') return block.alt.trim().split('\n', 1)[0] ?? '';
    if (block.type === 'fields') return block.fields.map(({ label, value }) => `${label} ${value}`).join(' ');
    return '';
  });
  const line = [title, texts.find((text) => text !== '')].filter((text) => text).join(' — ') || '…';
  return line.length > LINE ? `${line.slice(0, LINE - 1)}…` : line;
}

/**
 * How many parcels may leave within the coming minute.
 * @param left instants at which parcels left for a key, in epoch milliseconds
 */
export function takesInMinute(counted: readonly Counted[], left: (key: string) => number[], now: number): number {
  const rooms = counted.flatMap(({ key, limits }) =>
    limits.map(({ count, ms }) => {
      if (ms < MINUTE) return Math.floor(MINUTE / ms) * count;
      return count - left(key).filter((at) => at > now + MINUTE - ms).length;
    }),
  );
  return Math.max(0, Math.min(...rooms));
}
