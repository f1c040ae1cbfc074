import { type Block, type Message, pick } from '../core/message.ts';
import type { DrawnBlock, DrawnMessage } from '../core/platform.ts';
import type { Clock } from '../core/time.ts';
import { ageLine } from './age.ts';
import { fieldsLine, tableColumns } from './lines.ts';

export interface PlainOptions {
  /** The age of a message's data is said relative to now; without a clock it is left out. */
  clock?: Clock;
}

/**
 * A message as plain text for a terminal or a log: the title first, tables aligned, the age of the data last. Control
 * characters are taken out, so that no text can move the cursor or colour the screen.
 */
export function plainText(message: Message | DrawnMessage, options: PlainOptions = {}): string {
  return [message.title ?? '', ...message.blocks.map((block) => lineOf(block, message.lang)), ageOf(message, options)]
    .map(printable)
    .filter((part) => part !== '')
    .join('\n');
}

function ageOf(message: Message | DrawnMessage, { clock }: PlainOptions): string {
  if ('age' in message) return message.age ?? '';
  return 'asOf' in message && message.asOf && clock ? ageLine(message.asOf, message.lang, clock) : '';
}

function lineOf(block: Block | DrawnBlock, lang: Message['lang']): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'fields':
      return fieldsLine(block.fields);
    case 'table':
      return tableColumns(block).join('\n');
    case 'chart':
      return `[${pick(lang, '图', 'chart')}] ${block.alt}`;
    case 'pictures':
      return block.pictures.map(({ alt }) => `[${pick(lang, '图', 'picture')}] ${alt}`).join('\n');
    case 'file':
      return `[${pick(lang, '附件', 'file')}] ${block.name}`;
    case 'actions':
      return block.buttons.map(({ label }) => `[${label}]`).join(' ');
  }
}

function printable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
}
