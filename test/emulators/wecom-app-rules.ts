import { z } from 'zod';
import { Refused } from './wecom-robot-rules.ts';

/**
 * What a WeCom self-built app may send (developer.work.weixin.qq.com, documents 90236 and 94888). Lengths are UTF-8 bytes.
 * The code for a wrong `task_id` is from the global list; which of 42014–42019 it is, is not confirmed.
 */
const refusal = (errcode: number, errmsg: string) => ({ error: errmsg, params: { errcode } });

const filled = z.string().min(1);
const content = z.string().refine((text) => text.trim() !== '', refusal(44004, 'empty content'));
const bytes = (text: string) => Buffer.byteLength(text);

const button = z.looseObject({
  text: filled,
  style: z.int().min(1).max(4).optional(),
  key: filled.refine((key) => bytes(key) <= 1024, refusal(42019, 'button key too long')),
});

/** Of the five card types, the one with buttons; the others are not sent by any caller of this emulator yet. */
const card = z.looseObject({
  card_type: z.literal('button_interaction'),
  main_title: z.looseObject({ title: filled, desc: z.string().optional() }),
  sub_title_text: z.string().optional(),
  horizontal_content_list: z
    .array(z.looseObject({ keyname: filled, value: z.string().optional() }))
    .max(6)
    .optional(),
  task_id: z.string().refine((id) => /^[0-9A-Za-z_\-@]{1,128}$/.test(id), refusal(42014, 'invalid task_id')),
  button_list: z
    .array(button)
    .min(1)
    .max(6)
    .refine(
      (buttons) => new Set(buttons.map(({ key }) => key)).size === buttons.length,
      refusal(42019, 'button key repeated'),
    ),
  replace_text: z.string().optional(),
});
export type AppCard = z.output<typeof card>;

const media = z.object({ media_id: filled });
const head = {
  touser: filled,
  agentid: z.int(),
  safe: z.int().min(0).max(1).optional(),
  enable_id_trans: z.int().min(0).max(1).optional(),
  enable_duplicate_check: z.int().min(0).max(1).optional(),
  duplicate_check_interval: z
    .int()
    .min(1)
    .max(4 * 3600)
    .optional(),
};

const AppBody = z.discriminatedUnion('msgtype', [
  // A longer text is cut, not refused.
  z.object({ ...head, msgtype: z.literal('text'), text: z.object({ content: content.transform((all) => cut(all)) }) }),
  z.object({
    ...head,
    msgtype: z.literal('markdown'),
    markdown: z.object({
      content: content.refine((text) => bytes(text) <= 2048, refusal(45002, 'content size out of limit')),
    }),
  }),
  z.object({ ...head, msgtype: z.literal('image'), image: media }),
  z.object({ ...head, msgtype: z.literal('file'), file: media }),
  z.object({ ...head, msgtype: z.literal('template_card'), template_card: card }),
]);
export type AppBody = z.output<typeof AppBody>;

const Update = z.object({
  userids: z.array(filled).min(1).max(1000),
  agentid: z.int(),
  response_code: filled,
  template_card: card,
});
export type Update = z.output<typeof Update>;

function cut(whole: string): string {
  const kept = Buffer.from(whole).subarray(0, 2048).toString();
  return kept.replace(/\ufffd+$/, '');
}

/** @throws Refused */
export function readAppBody(json: string): AppBody {
  return read(AppBody, json);
}

/** @throws Refused */
export function readUpdate(json: string): Update {
  return read(Update, json);
}

function read<T>(schema: z.ZodType<T>, json: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Refused(40008, 'Warning: wrong json format. invalid message type');
  }
  const body = schema.safeParse(value);
  if (body.success) return body.data;
  const issue = body.error.issues[0];
  if (issue?.path.join() === 'touser') throw new Refused(82001, 'user & party & tag all empty');
  if (issue?.path.join() === 'msgtype') throw new Refused(40008, 'invalid message type');
  const errcode: unknown = issue?.code === 'custom' ? issue.params?.['errcode'] : undefined;
  if (typeof errcode === 'number') throw new Refused(errcode, issue?.message ?? '');
  throw new Refused(40058, `${issue?.path.join('.')} missing or invalid. invalid Request Parameter`);
}
