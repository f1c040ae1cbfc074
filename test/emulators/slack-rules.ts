import { z } from 'zod';

/** An answer `{"ok":false,"error":…}` with HTTP 200. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

const plain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() });
const anyText = (max: number) =>
  z.discriminatedUnion('type', [
    plain(max),
    z.strictObject({
      type: z.literal('mrkdwn'),
      text: z.string().min(1).max(max),
      verbatim: z.boolean().optional(),
    }),
  ]);
const block_id = z.string().max(255).optional();

const Button = z.strictObject({
  type: z.literal('button'),
  action_id: z.string().min(1).max(255),
  text: plain(75),
  value: z.string().max(2000).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: z.strictObject({ title: plain(100), text: anyText(300), confirm: plain(30), deny: plain(30) }).optional(),
});

const Block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), block_id, text: plain(150) }),
  z
    .strictObject({
      type: z.literal('section'),
      block_id,
      text: anyText(3000).optional(),
      fields: z.array(anyText(2000)).min(1).max(10).optional(),
    })
    .refine(({ text, fields }) => text || fields),
  z.strictObject({ type: z.literal('actions'), block_id, elements: z.array(Button).min(1).max(25) }),
  z.strictObject({ type: z.literal('context'), block_id, elements: z.array(anyText(3000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('divider'), block_id }),
]);
export type SlackBlock = z.output<typeof Block>;

const TEXT_CHARACTERS = 40_000;
const ALL_BLOCKS_CHARACTERS = 13_200;

/**
 * The words of a message as Slack would take them.
 * @throws Refused
 */
export function readWords(form: Readonly<Record<string, string>>): { text: string; blocks: SlackBlock[] } {
  const text = (form['text'] ?? '').slice(0, TEXT_CHARACTERS);
  if (form['blocks'] === undefined) {
    if (text === '') throw new Refused('no_text');
    return { text, blocks: [] };
  }
  const blocks = z.array(Block).max(50).safeParse(parseJson(form['blocks']));
  if (!blocks.success) throw new Refused('invalid_blocks');
  if (blocks.data.length === 0 && text === '') throw new Refused('no_text');
  const ids = blocks.data.flatMap((block) =>
    block.type === 'actions' ? block.elements.map(({ action_id }) => action_id) : [],
  );
  if (new Set(ids).size !== ids.length) throw new Refused('invalid_blocks');
  const length = blocks.data.flatMap(textsOf).reduce((sum, one) => sum + one.length, 0);
  if (length > ALL_BLOCKS_CHARACTERS) throw new Refused('msg_blocks_too_long');
  return { text, blocks: blocks.data };
}

/** All texts of a block, in reading order, as they were sent. */
function textsOf(block: SlackBlock): string[] {
  switch (block.type) {
    case 'header':
      return [block.text.text];
    case 'section':
      return [...(block.text ? [block.text] : []), ...(block.fields ?? [])].map(({ text }) => text);
    case 'actions':
      return block.elements.map(({ text }) => text.text);
    case 'context':
      return block.elements.map(({ text }) => text);
    case 'divider':
      return [];
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused('invalid_json');
  }
}

/** Short bursts are let through: four at once, then one a second. */
const BURST = 4;

/** How many messages a channel takes at the moment. */
export class Bucket {
  #left = BURST;
  #at: number;
  constructor(now: Date) {
    this.#at = now.getTime();
  }
  take(now: Date): boolean {
    this.#left = Math.min(BURST, this.#left + (now.getTime() - this.#at) / 1000);
    this.#at = now.getTime();
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
