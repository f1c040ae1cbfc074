import { z } from 'zod';

/**
 * A message is a value: what is to be said, not how a platform shows it. It is plain JSON, so that it can wait in the
 * outbox. Texts are plain text: a platform escapes them when it draws.
 */

/** A command that was not run yet: what a button holds. */
export const Call = z.object({
  command: z.string(),
  args: z.record(z.string(), z.json()).default({}),
  /** Turns a page: the answer takes the place of the message that the button stands on, where the platform can. */
  turns: z.boolean().optional(),
});
export type Call = z.output<typeof Call>;

export const Tone = z.enum(['info', 'good', 'warn', 'bad']);
export type Tone = z.output<typeof Tone>;

export const Button = z.object({
  label: z.string().min(1),
  call: Call,
  /** Asked before the call is made. */
  confirm: z.string().optional(),
});
export type Button = z.output<typeof Button>;

export const Series = z.object({
  name: z.string(),
  kind: z.enum(['bar', 'line']),
  /** null is a gap: not known. */
  values: z.array(z.number().nullable()),
  /** What is written in the squares of a heat map in place of the values. */
  texts: z.array(z.string()).optional(),
  /** What the series is to the reader; decides its colour. At most one `subject`. */
  role: z.enum(['subject', 'subject-2', 'comparison', 'trend', 'target', 'good', 'warn', 'bad']),
  /** `right`: its own axis on the right, e.g. a rate in % over counts. */
  axis: z.enum(['left', 'right']).default('left'),
  unit: z.string().default(''),
  dashed: z.boolean().default(false),
});
export type Series = z.output<typeof Series>;

/** A chart as values. `render/` turns it into a picture, in the process or by a QuickChart server. */
export const Chart = z.object({
  title: z.string(),
  /** Labels along the x axis (horizontal bars: along the y axis), one per value. */
  labels: z.array(z.string()),
  /** At most five; the rows of a heat map may be seven. */
  series: z.array(Series).min(1).max(7),
  /** Unit of the left axis, written on it: 单, 元, 通. */
  unit: z.string().default(''),
  rightUnit: z.string().default(''),
  /** `ranking`: horizontal bars, longest first as given. `heatmap`: series are rows, labels columns, values shades. */
  shape: z.enum(['columns', 'ranking', 'heatmap']).default('columns'),
  /** A stretch of the left axis behind the lines, place by place: where values usually are. */
  band: z
    .object({ name: z.string(), low: z.array(z.number().nullable()), high: z.array(z.number().nullable()) })
    .optional(),
  /** Source and data time, small in the corner. */
  footnote: z.string().default(''),
});
export type Chart = z.output<typeof Chart>;

/** A picture kept by Fieldbell (`file`, a name below the data folder's `pictures/`) or to be had at an address. */
export const PictureRef = z.object({
  file: z.string().optional(),
  url: z.string().optional(),
  alt: z.string(),
});
export type PictureRef = z.output<typeof PictureRef>;

export const Block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('fields'),
    fields: z.array(z.object({ label: z.string(), value: z.string(), tone: Tone.optional() })),
  }),
  z.object({
    type: z.literal('table'),
    columns: z.array(z.object({ label: z.string(), align: z.enum(['left', 'right']).default('left') })),
    rows: z.array(z.array(z.string())),
  }),
  z.object({
    type: z.literal('chart'),
    chart: Chart,
    /** What the chart says, where it cannot be shown. */
    alt: z.string(),
    /** Where the drawn picture is, in answers over HTTP. */
    url: z.string().optional(),
  }),
  z.object({ type: z.literal('pictures'), pictures: z.array(PictureRef).min(1) }),
  z.object({ type: z.literal('file'), file: z.string(), name: z.string() }),
  z.object({ type: z.literal('actions'), buttons: z.array(Button).min(1) }),
]);
export type Block = z.output<typeof Block>;

/** How old the data is, where it came from and whether it is complete. Stands on every answer that shows data. */
export const DataAge = z.object({
  at: z.iso.datetime(),
  source: z.string(),
  completeness: z.enum(['complete', 'partial', 'late', 'unknown']),
  note: z.string().optional(),
  sample: z.boolean().default(false),
});
export type DataAge = z.output<typeof DataAge>;

export const Message = z.object({
  /** The answer itself: the first line. */
  title: z.string().optional(),
  tone: Tone.optional(),
  blocks: z.array(Block).default([]),
  asOf: DataAge.optional(),
  /** Accounts or `all` to be called by name, where the platform can. */
  mentions: z.array(z.string()).optional(),
  /** Goes to the asker alone, although the command is not private as such. */
  private: z.boolean().optional(),
  /** Takes the place of the message whose button was pressed, where the platform can; else it is posted anew. */
  replaces: z.boolean().optional(),
  /** Says in a group that the answer went to the asker alone. */
  notice: z.literal('private').optional(),
  /** The answer as values, for programs and for our own pages; its shape is the command's. Platforms do not show it. */
  data: z.json().optional(),
  lang: z.enum(['zh', 'en']).default('zh'),
});
export type Message = z.output<typeof Message>;
/** What one writes: defaults may be left out. */
export type MessageDraft = z.input<typeof Message>;
/** A message, or how it is said in the language of whoever reads it. */
export type Worded = MessageDraft | ((lang: Lang) => MessageDraft);

/** A message of one line of text. */
export function textMessage(text: string, lang: Lang = 'zh'): Message {
  return Message.parse({ blocks: [{ type: 'text', text }], lang });
}

/** A value as JSON for `data`: instants as text, without what is undefined. */
export function asData(value: unknown): Message['data'] {
  return JSON.parse(JSON.stringify(value)) as Message['data'];
}

export type Lang = 'zh' | 'en';

/** The words of the reader's language. */
export function pick(lang: Lang, zh: string, en: string): string {
  return lang === 'zh' ? zh : en;
}
