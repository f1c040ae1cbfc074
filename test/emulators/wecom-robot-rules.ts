import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * What a WeCom group robot takes (developer.work.weixin.qq.com, document 99110). Lengths are UTF-8 bytes. Codes are those
 * of the global list (90455); 40058 for wrong fields and long texts was seen with webhooks; 45001, 40004 and 301019 for
 * pictures are not confirmed.
 */
const refusal = (errcode: number, errmsg: string) => ({ error: errmsg, params: { errcode } });

const content = (field: string, limit: number) =>
  z
    .string()
    .refine((text) => text.trim() !== '', refusal(44004, 'empty content'))
    .refine(
      (text) => Buffer.byteLength(text) <= limit,
      refusal(40058, `${field}.content exceed max length ${limit}. invalid Request Parameter`),
    );

const filled = z.string().min(1);
const text = z.object({
  content: content('text', 2048),
  mentioned_list: z.array(z.string()).optional(),
  mentioned_mobile_list: z.array(z.string()).optional(),
});

const image = z
  .object({ base64: filled, md5: z.string().regex(/^[0-9a-f]{32}$/i) })
  .refine(({ base64 }) => /^[A-Za-z0-9+/]+={0,2}$/.test(base64), refusal(40058, 'image.base64 is not base64'))
  .refine(({ base64 }) => raw(base64).length <= 2 * 1024 * 1024, refusal(45001, 'media size out of limit'))
  .refine(
    ({ base64, md5 }) => createHash('md5').update(raw(base64)).digest('hex') === md5.toLowerCase(),
    refusal(301019, 'image md5 not match'),
  )
  .refine(
    ({ base64 }) => /^(89504e47|ffd8ff)/.test(raw(base64).toString('hex', 0, 4)),
    refusal(40004, 'invalid image'),
  );

function raw(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** Too long titles and descriptions are cut, not refused. */
const cut = (limit: number) => z.string().transform((whole) => truncate(whole, limit));
const article = z.object({
  title: filled.pipe(cut(128)),
  description: cut(512).optional(),
  url: filled,
  picurl: z.string().optional(),
});

function truncate(whole: string, limit: number): string {
  let shown = '';
  for (const character of whole) {
    if (Buffer.byteLength(shown + character) > limit) break;
    shown += character;
  }
  return shown;
}

const cardBase = {
  source: z
    .object({ icon_url: z.string(), desc: z.string(), desc_color: z.int().min(0).max(3) })
    .partial()
    .optional(),
  main_title: z.object({ title: z.string(), desc: z.string() }).partial().optional(),
  quote_area: z.looseObject({ type: z.int().min(0).max(2).optional() }).optional(),
  horizontal_content_list: z
    .array(
      z
        .looseObject({ keyname: filled, value: z.string().optional(), type: z.int().min(1).max(3).optional() })
        .refine(
          (row) =>
            row.type === undefined || filled.safeParse(row[['url', 'media_id', 'userid'][row.type - 1] ?? '']).success,
        ),
    )
    .max(6)
    .optional(),
  jump_list: z
    .array(z.looseObject({ title: filled, type: z.int().min(0).max(2).optional() }))
    .max(3)
    .optional(),
  card_action: z.discriminatedUnion('type', [
    z.object({ type: z.literal(1), url: filled }),
    z.object({ type: z.literal(2), appid: filled, pagepath: z.string().optional() }),
  ]),
};

const card = z.discriminatedUnion('card_type', [
  z
    .object({
      ...cardBase,
      card_type: z.literal('text_notice'),
      emphasis_content: z.object({ title: z.string(), desc: z.string() }).partial().optional(),
      sub_title_text: z.string().optional(),
    })
    .refine(
      (notice) => notice.main_title?.title || notice.sub_title_text,
      'main_title.title or sub_title_text missing',
    ),
  z.object({
    ...cardBase,
    card_type: z.literal('news_notice'),
    card_image: z.object({ url: filled, aspect_ratio: z.number().min(1.3).max(2.25).optional() }),
    image_text_area: z.looseObject({}).optional(),
    vertical_content_list: z
      .array(z.object({ title: filled, desc: z.string().optional() }))
      .max(4)
      .optional(),
  }),
]);

const media = z.object({ media_id: filled });
export const RobotBody = z.discriminatedUnion('msgtype', [
  z.object({ msgtype: z.literal('text'), text }),
  z.object({ msgtype: z.literal('markdown'), markdown: z.object({ content: content('markdown', 4096) }) }),
  z.object({ msgtype: z.literal('markdown_v2'), markdown_v2: z.object({ content: content('markdown_v2', 4096) }) }),
  z.object({ msgtype: z.literal('image'), image }),
  z.object({ msgtype: z.literal('news'), news: z.object({ articles: z.array(article).min(1).max(8) }) }),
  z.object({ msgtype: z.literal('file'), file: media }),
  z.object({ msgtype: z.literal('voice'), voice: media }),
  z.object({ msgtype: z.literal('template_card'), template_card: card }),
]);
export type RobotBody = z.output<typeof RobotBody>;

/** The code and the words of a refusal. */
export class Refused extends Error {
  readonly errcode: number;
  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}

/** @throws Refused */
export function readBody(json: string): RobotBody {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Refused(40008, 'Warning: wrong json format. invalid message type');
  }
  const body = RobotBody.safeParse(value);
  if (body.success) return body.data;
  const issue = body.error.issues[0];
  if (issue?.path.length === 0 || issue?.path.join() === 'msgtype') throw new Refused(40008, 'invalid message type');
  const errcode: unknown = issue?.code === 'custom' ? issue.params?.['errcode'] : undefined;
  if (typeof errcode === 'number') throw new Refused(errcode, issue?.message ?? '');
  throw new Refused(40058, `${issue?.path.join('.')} missing or invalid. invalid Request Parameter`);
}

export interface Upload {
  name: string;
  bytes: Buffer;
}

/**
 * The `media` part of an upload, with the head that WeCom asks for: file name, length and type.
 * @throws Refused
 */
export function readUpload(type: string | null, contentType: string, payload: Buffer): Upload {
  return readMedia(type ?? '', { file: 20, voice: 2 }, contentType, payload);
}

/**
 * As `readUpload`, for other types.
 * @param megabytes what each type may have
 * @throws Refused
 */
export function readMedia(
  type: string,
  megabytes: Readonly<Record<string, number>>,
  contentType: string,
  payload: Buffer,
): Upload {
  const limit = megabytes[type];
  if (limit === undefined) throw new Refused(40004, 'invalid media type');
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const start = boundary === undefined ? -1 : payload.indexOf(`--${boundary}\r\n`);
  const headEnd = payload.indexOf('\r\n\r\n', start);
  const end = payload.indexOf(`\r\n--${boundary}`, headEnd);
  if (start < 0 || headEnd < 0 || end < 0) throw new Refused(44001, 'empty media data');
  const head = payload.toString('utf8', start, headEnd);
  const bytes = payload.subarray(headEnd + 4, end);
  const name = /[; ]filename="([^"]+)"/.exec(head)?.[1];
  const length = /filelength=(\d+)/.exec(head)?.[1];
  if (!/[; ]name="media"/.test(head) || !name || !/content-type:/i.test(head) || Number(length) !== bytes.length) {
    throw new Refused(40058, 'media: name, filename, filelength or content-type missing. invalid Request Parameter');
  }
  if (bytes.length <= 5 || bytes.length > limit * 1024 * 1024) throw new Refused(40006, 'invalid media size');
  if (type === 'voice' && !bytes.toString('latin1', 0, 5).startsWith('#!AMR'))
    throw new Refused(40004, 'invalid media type');
  return { name, bytes };
}
