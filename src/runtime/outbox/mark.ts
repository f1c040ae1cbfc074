import type { Message } from '../../core/message.ts';

const MARK = { zh: '（重发）', en: '（重发）(sent again) ' };

/** The message, saying that it may have come before: its title, or its first text, begins so. */
export function marked(message: Message): Message {
  const mark = MARK[message.lang];
  if (message.title !== undefined) return { ...message, title: mark + message.title };
  const [first, ...rest] = message.blocks;
  if (first?.type === 'text') return { ...message, blocks: [{ ...first, text: mark + first.text }, ...rest] };
  return { ...message, title: mark.trim() };
}
