import { type Lang, pick, type Tone } from '../message.ts';
import type { DrawnBlock, DrawnMessage } from '../platform.ts';
import { utf8Length } from '../split.ts';

/** The words of a message in WeCom's dialects, for its group robot and its self-built app. What people typed stays text. */

/** Longer lines carry no markup of ours, so that a long message is never cut between a tag and its end. */
const MARKED_LINE_BYTES = 512;

/** How words become content of one message type. */
interface Style {
  write(text: string): string;
  title(text: string, tone: Tone | undefined): string;
  field(line: { label: string; value: string; tone: Tone | undefined }, lang: Lang): string;
  table(block: Table): string;
  /** The last line: how old the data is. */
  age(text: string): string;
}

type Table = Extract<DrawnBlock, { type: 'table' }>;

const PLAIN: Style = {
  write: wecomPlainText,
  title: (text) => wecomPlainText(oneLine(text)),
  field: ({ label, value }, lang) => wecomPlainText(`${oneLine(label)}${pick(lang, '：', ': ')}${oneLine(value)}`),
  table: (block) => tableLines(block, wecomPlainText),
  age: (text) => wecomPlainText(oneLine(text)),
};

const MARKDOWN: Style = {
  write: escapeMarkdown,
  title(text, tone) {
    const title = escapeMarkdown(oneLine(text));
    return title && short(title) ? coloured(`**${title}**`, tone) : title;
  },
  field({ label, value, tone }, lang) {
    const head = `> ${escapeMarkdown(oneLine(label))}${pick(lang, '：', ': ')}`;
    const text = escapeMarkdown(oneLine(value));
    return short(head + text) ? head + coloured(text, tone) : head + text;
  },
  table: (block) => tableLines(block, escapeMarkdown),
  age(text) {
    const line = escapeMarkdown(oneLine(text));
    return line && short(line) ? wecomSmall(line) : line;
  },
};

/** The second dialect has tables, but neither colours nor mentions. A line end in it is two spaces and a line end. */
const MARKDOWN_V2: Style = {
  write: (text) => escapeMarkdownV2(text).replace(/(?<=\S)\n(?=\S)/g, '  \n'),
  title(text) {
    const title = escapeMarkdownV2(oneLine(text));
    return title && `**${title}**\n`;
  },
  field({ label, value }, lang) {
    return `> ${escapeMarkdownV2(oneLine(label))}${pick(lang, '：', ': ')}${escapeMarkdownV2(oneLine(value))}  `;
  },
  table({ columns, rows }) {
    const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    const cells = (texts: readonly string[]) => columns.map((_, i) => escapeMarkdownV2(oneLine(texts[i] ?? '')));
    const aligned = columns.map(({ align }) => (align === 'right' ? '---:' : ':---'));
    return [
      row(cells(columns.map(({ label }) => label))),
      row(aligned),
      ...rows.map((texts) => row(cells(texts))),
    ].join('\n');
  },
  age: (text) => escapeMarkdownV2(oneLine(text)),
};

/** The words of a message as `markdown`: h1–h6, bold, links, quotes, three colours, mentions. Pictures, files and buttons are left out. */
export function wecomMarkdown(message: DrawnMessage): string {
  return compose(message, MARKDOWN);
}

/** As `markdown_v2`, which has tables. */
export function wecomMarkdownV2(message: DrawnMessage): string {
  return compose(message, MARKDOWN_V2);
}

/** As `text`, in which only `<…>` has a meaning. */
export function wecomPlain(message: DrawnMessage): string {
  return compose(message, PLAIN);
}

/** One text for a `text` message: nobody calls people and nothing is a link by typing it. */
export function wecomPlainText(text: string): string {
  return cleanText(text).replaceAll('<', '＜').replace(CALL, '＠');
}

/** A line in grey, of `markdown`. */
export function wecomSmall(line: string): string {
  return `<font color="comment">${line}</font>`;
}

function compose(message: DrawnMessage, style: Style): string {
  const sections = message.blocks.map((block) => section(block, style, message.lang)).filter((text) => text !== '');
  // A blank line ends the quote that fields are drawn as, and is where a long message is cut first.
  const body = [...sections, style.age(message.age ?? '')].filter(Boolean).join('\n\n');
  return [style.title(message.title ?? '', message.tone), body].filter(Boolean).join('\n');
}

function section(block: DrawnBlock, style: Style, lang: Lang): string {
  switch (block.type) {
    case 'text':
      return style.write(block.text).replace(/^\s*\n|\s+$/g, '');
    case 'fields':
      return block.fields.map(({ label, value, tone }) => style.field({ label, value, tone }, lang)).join('\n');
    case 'table':
      return style.table(block);
    default:
      return '';
  }
}

function tableLines({ columns, rows }: Table, write: (text: string) => string): string {
  return [columns.map(({ label }) => label), ...rows].map((cells) => write(cells.map(oneLine).join(' · '))).join('\n');
}

/** WeCom's three colours: info is green, warning orange, comment grey. */
const COLOURS = { info: undefined, good: 'info', warn: 'warning', bad: 'warning' } as const;

function coloured(markup: string, tone: Tone | undefined): string {
  const colour = tone && COLOURS[tone];
  return colour && markup ? `<font color="${colour}">${markup}</font>` : markup;
}

function short(line: string): boolean {
  return utf8Length(line) <= MARKED_LINE_BYTES - utf8Length(coloured('****', 'bad'));
}

/** `@all`, which some clients call everybody by. */
const CALL = /@(?=all|所有人)/gi;
/**
 * What WeCom's markdown gives a meaning: bold, italic, code, tags and `<@mentions>`, headings, quotes, the middle of
 * a link, entities. An underscore inside a word is part of an id and stays.
 */
const MARKUP = /[*`<>#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|\](?=\s*[([:])|&(?=#?\w+;)/gu;
/** Besides, in the second dialect: cells, strike-through, escapes, lists, rules. */
const MARKUP_V2 = /[|~\\]|(?<=^[ \t]*)[-+=](?=[ \t]|[-+=]|$)|(?<=^[ \t]*\d+)[.)](?=\s|$)/gmu;
/** From a printable ASCII character to its full-width twin. */
const FULL_WIDTH = 0xfee0;

/**
 * What people typed, as plain text. The robot's markdown has no escape character, and an invisible character beside a `*`
 * would leave `*x*` italic. So characters that could be markup are written full-width: people read `＊` as `*`, no client
 * gives it a meaning, every phone can show it, and copied back into a command it becomes `*` again (NFKC). Nearly all are
 * replaced wherever they stand, not only where they begin a line, so that text stays harmless wherever it is cut.
 */
function escapeMarkdown(text: string): string {
  return cleanText(text).replace(MARKUP, widened).replace(CALL, '＠');
}

function escapeMarkdownV2(text: string): string {
  return escapeMarkdown(text).replace(MARKUP_V2, widened);
}

function widened(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) + FULL_WIDTH);
}

/** Without control characters and halves of surrogate pairs, which WeCom's JSON reader may refuse. */
export function cleanText(text: string): string {
  return Buffer.from(text)
    .toString()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '');
}

export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\t]\s*/g, ' ').trim();
}
