import type { InlineKeyboardButton } from 'grammy/types';
import { DeliveryError } from '../../src/core/errors.ts';
import { pick } from '../../src/core/message.ts';
import type { DrawnBlock, DrawnButton } from '../../src/core/platform.ts';
import { clean, columns, oneLine } from './markup.ts';

/** Rows of buttons under a message. */
export type Keyboard = Key[][];
export interface Key {
  text: string;
  callback_data: string;
}

const DATA_BYTES = 64;
const KEYS_A_ROW = 3;
/** What a phone shows of one row without cutting labels. */
const ROW_COLUMNS = 26;
/** Before the `ref` of a button that asks back first; `no` takes the question away. Never part of a `ref`. */
const ASKS = '?';
const NO = '!';

/**
 * The buttons of all action blocks, two or three a row.
 * @throws DeliveryError `refused` for a `ref` that Telegram would not take
 */
export function drawKeyboard(blocks: readonly DrawnBlock[]): Keyboard | undefined {
  const rows = blocks.flatMap((block) => (block.type === 'actions' ? inRows(block.buttons.map(drawKey)) : []));
  return rows.length > 0 ? rows : undefined;
}

function drawKey({ label, ref, confirm }: DrawnButton): Key {
  const callback_data = confirm === undefined ? ref : ASKS + ref;
  if (ref === '' || Buffer.byteLength(callback_data) > DATA_BYTES) {
    throw new DeliveryError('refused', `the button "${label}" has a ref that Telegram does not take: 1 to 63 bytes`);
  }
  return { text: oneLine(clean(label)) || '…', callback_data };
}

function inRows(keys: readonly Key[]): Keyboard {
  const rows: Keyboard = [];
  for (const key of keys) {
    const row = rows.at(-1);
    const taken = row?.reduce((sum, { text }) => sum + columns(text) + 2, 0) ?? 0;
    if (row && row.length < KEYS_A_ROW && taken + columns(key.text) <= ROW_COLUMNS) row.push(key);
    else rows.push([key]);
  }
  return rows;
}

/** What a press of a button means: a call, or another keyboard because the button asks back first. */
export type Press = { ref: string } | { keyboard: Keyboard };

/**
 * Telegram cannot ask before a button acts. So the first press of such a button puts "sure" and "cancel" in its place;
 * all that is needed stands in the keyboard itself, and nothing is remembered.
 * @param under the keyboard of the pressed message, as Telegram gives it back
 */
export function readPress(data: string, under: readonly (readonly InlineKeyboardButton[])[]): Press {
  const rows = under.map((row) => row.flatMap((key) => ('callback_data' in key ? [key] : [])));
  if (data.startsWith(ASKS)) return { keyboard: replaceRow(rows, data, asked) };
  if (data.startsWith(NO)) return { keyboard: replaceRow(rows, data, unasked) };
  return { ref: data };
}

function asked(row: readonly Key[], data: string): Keyboard {
  const pressed = row.find(({ callback_data }) => callback_data === data);
  const label = pressed?.text ?? '';
  const lang = /\p{Script=Han}/u.test(label) ? 'zh' : 'en';
  const question = [
    { text: `${pick(lang, '确定', 'Sure')}：${label}`, callback_data: data.slice(ASKS.length) },
    { text: pick(lang, '取消', 'Cancel'), callback_data: NO + data.slice(ASKS.length) },
  ];
  const others = row.filter((key) => key !== pressed);
  return others.length > 0 ? [question, others] : [question];
}

function unasked(row: readonly Key[], data: string): Keyboard {
  const ref = data.slice(NO.length);
  const sure = row.find(({ callback_data }) => callback_data === ref);
  return sure ? [[{ text: sure.text.replace(/^.*?：/, ''), callback_data: ASKS + ref }]] : [];
}

function replaceRow(rows: Keyboard, data: string, change: (row: readonly Key[], data: string) => Keyboard): Keyboard {
  return rows.flatMap((row) => (row.some((key) => key.callback_data === data) ? change(row, data) : [row]));
}
