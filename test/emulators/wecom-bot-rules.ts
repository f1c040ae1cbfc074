import { z } from 'zod';

/**
 * What a WeCom AI bot takes on its long connection (developer.work.weixin.qq.com, documents 101463 and 101032). Lengths
 * are UTF-8 bytes. Codes of this channel were seen by its users; only 93006 for an unknown conversation and 40058 for
 * missing fields are sure, and `SILENT` is ours: nobody has written down what WeCom says to who has not been written to.
 */
export const SILENT = 846610;

/** A frame is answered with this code, and nothing happens. */
export class Refused extends Error {
  readonly errcode: number;
  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}

const refusal = (errcode: number, errmsg: string) => ({ error: errmsg, params: { errcode } });
const filled = z.string().min(1);
const content = z
  .string()
  .refine((text) => text.trim() !== '', refusal(44004, 'empty content'))
  .refine((text) => Buffer.byteLength(text) <= 20_480, refusal(45002, 'content too long'));

const button = z.strictObject({
  text: filled,
  style: z.int().min(1).max(4).optional(),
  key: filled.refine((key) => Buffer.byteLength(key) <= 1024, refusal(42019, 'button key too long')),
});

const card = z.strictObject({
  card_type: z.literal('button_interaction'),
  main_title: z.strictObject({ title: filled, desc: z.string().optional() }),
  sub_title_text: z.string().optional(),
  horizontal_content_list: z
    .array(z.strictObject({ keyname: filled, value: z.string().optional() }))
    .max(6)
    .optional(),
  button_list: z
    .array(button)
    .min(1)
    .max(6)
    .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, refusal(42019, 'button key repeated')),
  task_id: z.string().regex(/^[\w\-@]{1,128}$/),
});
export type Card = z.output<typeof card>;

const media = z.strictObject({ media_id: filled });
const bodies = {
  markdown: z.strictObject({ msgtype: z.literal('markdown'), markdown: z.strictObject({ content }) }),
  template_card: z.strictObject({ msgtype: z.literal('template_card'), template_card: card }),
  image: z.strictObject({ msgtype: z.literal('image'), image: media }),
  file: z.strictObject({ msgtype: z.literal('file'), file: media }),
};
const stream = z.strictObject({
  msgtype: z.literal('stream'),
  stream: z.strictObject({ id: filled, finish: z.boolean().optional(), content }),
});
const welcome = z.strictObject({ msgtype: z.literal('text'), text: z.strictObject({ content }) });
const update = z.strictObject({
  response_type: z.literal('update_template_card'),
  userids: z.array(z.string()).optional(),
  template_card: card,
});
const target = z.strictObject({ chatid: filled, chat_type: z.int().min(0).max(2).optional() });

export type Sent = z.output<(typeof bodies)[keyof typeof bodies]>;
export type Streamed = z.output<typeof stream>;

export function readSent(body: Record<string, unknown>): Sent {
  const type = String(body['msgtype'] ?? '');
  if (!type) throw new Refused(40058, 'body.msgtype missing');
  const shape = Object.hasOwn(bodies, type) ? bodies[type as keyof typeof bodies] : undefined;
  // `text` is for a welcome alone.
  if (!shape) throw new Refused(40008, 'invalid message type');
  return checked<Sent>(shape, body);
}

export function readStream(body: Record<string, unknown>): Streamed {
  return checked(stream, body);
}

export function readWelcome(body: Record<string, unknown>): string {
  return checked(welcome, body).text.content;
}

export function readUpdate(body: Record<string, unknown>): Card {
  return checked(update, body).template_card;
}

export function readTarget({ chatid, chat_type }: Record<string, unknown>): z.output<typeof target> {
  return checked(target, { chatid, chat_type });
}

/** @throws Refused with the code of the first rule that does not hold; 40058 where it is about a field's shape */
export function checked<T>(shape: z.ZodType<T>, value: unknown): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const errcode = issue?.code === 'custom' ? Number(issue.params?.['errcode'] ?? 40058) : 40058;
  throw new Refused(errcode, `${issue?.path.join('.')}: ${issue?.message}. invalid Request Parameter`);
}
