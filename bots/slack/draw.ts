import type { types } from '@slack/bolt';
import { DeliveryError } from '../../src/core/errors.ts';
import { type Lang, pick } from '../../src/core/message.ts';
import type { DrawnBlock, DrawnButton, DrawnMessage } from '../../src/core/platform.ts';
import { clean, cut, oneLine, SECTION_CHARACTERS, write, writeAll, writePlain, writeTable } from './mrkdwn.ts';

export type SlackBlock = types.HeaderBlock | types.SectionBlock | types.ActionsBlock | types.ContextBlock;

/** One call of Slack: a message of blocks, or a file that is uploaded and shared. */
export type SlackParcel =
  | { type: 'message'; text: string; blocks: SlackBlock[] }
  | { type: 'file'; name: string; title: string; bytes: Uint8Array };

const HEADER_CHARACTERS = 150;
const FIELDS = 10;
const FIELD_CHARACTERS = 2000;
const ELEMENTS = 25;
const LABEL_CHARACTERS = 75;
const VALUE_CHARACTERS = 2000;
const CONFIRM_CHARACTERS = 300;
const CONTEXT_CHARACTERS = 2000;
const NOTIFICATION_CHARACTERS = 1000;
/** One block less than Slack takes: a message of several carries its count. */
const BLOCKS = 49;
/** Characters of all blocks of a message together. Slack refuses somewhere above 13,000. */
const MESSAGE_CHARACTERS = 12_000;

/**
 * A message as calls of Slack: words and buttons in one message where they fit, then each picture and file, since a
 * picture of ours cannot stand between blocks.
 * @throws DeliveryError `refused` for a picture or a file without content
 */
export function draw(message: DrawnMessage): SlackParcel[] {
  const messages = pack(blocksOf(message));
  const text = notification(message);
  return [
    ...messages.map((blocks, i) => ({
      type: 'message' as const,
      text,
      blocks: messages.length > 1 ? [...blocks, context(`(${i + 1}/${messages.length})`)] : blocks,
    })),
    ...message.blocks.flatMap(drawBytes),
  ];
}

/** What a phone shows of the message before it is opened, and a screen reader reads. */
function notification({ title, blocks }: DrawnMessage): string {
  const [first] = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  const labels = blocks.flatMap((block) => (block.type === 'actions' ? block.buttons.map(({ label }) => label) : []));
  const said = [title, first].map((part) => clean(part ?? '').trim()).filter(Boolean);
  const words = (said.length > 0 ? said.join('\n') : labels.join(' · ')) || '…';
  return write(cut(words, NOTIFICATION_CHARACTERS)[0] ?? '');
}

function blocksOf(message: DrawnMessage): SlackBlock[] {
  const called = mentions(message.mentions ?? []);
  return [
    ...titleBlocks(message.title ?? ''),
    ...(called ? [section(called)] : []),
    ...message.blocks.flatMap((block, i) => bodyBlocks(block, i, message)),
    ...writeAll(oneLine(clean(message.age ?? '')), CONTEXT_CHARACTERS).map(context),
  ];
}

function titleBlocks(title: string): SlackBlock[] {
  const text = writePlain(title);
  if (text === '') return [];
  if (text.length <= HEADER_CHARACTERS) return [{ type: 'header', text: { type: 'plain_text', text, emoji: false } }];
  return writeAll(oneLine(clean(title)), SECTION_CHARACTERS - 2).map((part) => section(bold(part)));
}

function bold(markup: string): string {
  return markup.length + 2 <= SECTION_CHARACTERS ? `*${markup}*` : markup;
}

/** Accounts of Slack, bare or as addresses; `all` calls everybody in the channel. Others' accounts are not called. */
function mentions(accounts: readonly string[]): string {
  const called = accounts.flatMap((account) => {
    const id = account.replace(/^slack:/, '');
    if (id === 'all') return ['<!channel>'];
    return /^[UW][A-Z0-9]+$/.test(id) ? [`<@${id}>`] : [];
  });
  return [...new Set(called)].join(' ');
}

function bodyBlocks(block: DrawnBlock, index: number, { lang, notice }: DrawnMessage): SlackBlock[] {
  switch (block.type) {
    case 'text':
      return notice ? writeAll(block.text, CONTEXT_CHARACTERS).map(context) : writeAll(block.text).map(section);
    case 'fields':
      return fieldBlocks(block.fields, lang);
    case 'table':
      return writeTable(block.columns, block.rows).map(section);
    case 'actions':
      return actionBlocks(block.buttons, index, lang);
    default:
      return [];
  }
}

function section(text: string): types.SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function context(text: string): types.ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] };
}

/** Two columns of a bold label above its value; what is too long for a column is a line of its own. */
function fieldBlocks(fields: readonly { label: string; value: string }[], lang: Lang): SlackBlock[] {
  const blocks: SlackBlock[] = [];
  let row: types.MrkdwnElement[] = [];
  const flush = () => {
    if (row.length > 0) blocks.push({ type: 'section', fields: row });
    row = [];
  };
  for (const { label, value } of fields) {
    const [name, said] = [oneLine(clean(label)), oneLine(clean(value))];
    const text = [name && `*${write(name)}*`, write(said)].filter(Boolean).join('\n');
    if (text === '') continue;
    if (text.length > FIELD_CHARACTERS) {
      flush();
      blocks.push(...writeAll(`${name}${pick(lang, '：', ': ')}${said}`).map(section));
      continue;
    }
    const length = row.reduce((sum, field) => sum + field.text.length, text.length);
    if (row.length === FIELDS || length > SECTION_CHARACTERS) flush();
    row.push({ type: 'mrkdwn', text, verbatim: true });
  }
  flush();
  return blocks;
}

function actionBlocks(buttons: readonly DrawnButton[], index: number, lang: Lang): SlackBlock[] {
  const elements = buttons.map((one, i) => button(one, `${lang}.${index}.${i}`, lang));
  return Array.from({ length: Math.ceil(elements.length / ELEMENTS) }, (_, i) => ({
    type: 'actions',
    elements: elements.slice(i * ELEMENTS, (i + 1) * ELEMENTS),
  }));
}

function button({ label, call, confirm, ref }: DrawnButton, action_id: string, lang: Lang): types.Button {
  const value = JSON.stringify({ command: call.command, args: call.args });
  return {
    type: 'button',
    action_id,
    text: plain(label, LABEL_CHARACTERS),
    value: value.length <= VALUE_CHARACTERS ? value : ref,
    ...(confirm && {
      confirm: {
        title: plain(label, LABEL_CHARACTERS),
        text: plain(confirm, CONFIRM_CHARACTERS),
        confirm: plain(pick(lang, '确定', 'Yes'), LABEL_CHARACTERS),
        deny: plain(pick(lang, '取消', 'Cancel'), LABEL_CHARACTERS),
      },
    }),
  };
}

function plain(text: string, limit: number): types.PlainTextElement {
  const written = writePlain(text) || '…';
  const [start = ''] = cut(written, limit - 1);
  return {
    type: 'plain_text',
    text: written.length <= limit ? written : `${start.slice(0, limit - 1)}…`,
    emoji: false,
  };
}

/** As few messages as hold the blocks. */
function pack(blocks: readonly SlackBlock[]): SlackBlock[][] {
  const messages: SlackBlock[][] = [];
  let room = 0;
  for (const block of blocks) {
    const size = sizeOf(block);
    const last = messages.at(-1);
    if (last && last.length < BLOCKS && size <= room) last.push(block);
    else {
      messages.push([block]);
      room = MESSAGE_CHARACTERS;
    }
    room -= size;
  }
  return messages;
}

function sizeOf(block: SlackBlock): number {
  const texts = block.type === 'section' ? [block.text, ...(block.fields ?? [])] : [];
  if (block.type === 'header') texts.push(block.text);
  if (block.type === 'actions' || block.type === 'context') return JSON.stringify(block.elements).length;
  return texts.reduce((sum, one) => sum + (one?.text.length ?? 0), 0);
}

function drawBytes(block: DrawnBlock): SlackParcel[] {
  if (block.type === 'pictures') {
    return block.pictures.map(({ bytes, mime, alt }, i) =>
      file(`${fileName(alt) || i + 1}.${mime === 'image/png' ? 'png' : 'jpg'}`, oneLine(clean(alt)), bytes),
    );
  }
  return block.type === 'file' ? [file(fileName(block.name) || 'file', oneLine(clean(block.name)), block.bytes)] : [];
}

function file(name: string, title: string, bytes: Uint8Array): SlackParcel {
  if (bytes.length > 0) return { type: 'file', name, title: title || name, bytes };
  throw new DeliveryError('refused', `"${name}" is empty: Slack takes no files without content`);
}

function fileName(text: string): string {
  return oneLine(clean(text))
    .replace(/["\\/]/g, '_')
    .slice(0, 120);
}
