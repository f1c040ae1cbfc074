import { DeliveryError } from '../../src/core/errors.ts';
import { type Answer, answerOf, exchange, happy, jsonAnswer } from '../../src/core/wecom/call.ts';

export interface DownloadTools {
  base: string;
  secret: string;
  /** Runs a call with the token, and once more with a new one where that has ended. */
  withToken(call: (token: string) => Promise<Answer>): Promise<Answer>;
  fetch?: typeof fetch | undefined;
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

const TOO_LARGE = 830002;
const SLICE_BYTES = 4 * 1024 * 1024;
/** Of a video; WeCom lets members send no more. */
const LARGEST_BYTES = 100 * 1024 * 1024;
const MEANINGS = {
  remedies: { 40007: 'WeCom keeps what people send for three days; this is not there any more' },
  gone: new Set<number>(),
};

/**
 * What a member sent, by its media id: at once, or in slices where WeCom says that it is too large for that.
 * @throws DeliveryError
 */
export async function download(mediaId: string, tools: DownloadTools): Promise<Uint8Array> {
  const whole = await get(mediaId, tools);
  if (whole) return whole.bytes;
  const slices: Buffer[] = [];
  for (let at = 0, total = 1; at < total && at < LARGEST_BYTES; ) {
    const slice = await get(mediaId, tools, `bytes=${at}-${at + SLICE_BYTES - 1}`);
    if (!slice || slice.bytes.length === 0) throw new DeliveryError('retry', 'wecom-app: a part of a file is missing');
    slices.push(slice.bytes);
    at += slice.bytes.length;
    total = slice.total ?? at;
  }
  return Buffer.concat(slices);
}

/** @returns undefined where it is too large to be had at once */
async function get(
  mediaId: string,
  { base, secret, withToken, fetch, timeoutMs, signal }: DownloadTools,
  range?: string,
): Promise<{ bytes: Buffer; total: number | undefined } | undefined> {
  let got: { bytes: Buffer; total: number | undefined } | undefined;
  const fail = (kind: DeliveryError['kind'], reason: string) =>
    new DeliveryError(kind, `wecom-app: a file cannot be fetched: ${reason.replaceAll(secret, '…')}`);
  const answer = await withToken(async (token) => {
    const query = new URLSearchParams({ access_token: token, media_id: mediaId });
    const { response, bytes } = await exchange({
      url: `${base}/cgi-bin/media/get?${query}`,
      init: range ? { headers: { range } } : {},
      fail: (kind, reason) => fail(kind, reason.replaceAll(token, '…')),
      fetch,
      timeoutMs,
      signal,
    });
    const file = response.ok && response.headers.has('content-disposition');
    if (!file) return jsonAnswer(bytes) ?? answerOf(response, bytes, fail);
    const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
    got = { bytes, total: total === undefined ? undefined : Number(total) };
    return { errcode: 0 };
  });
  if (answer.errcode === TOO_LARGE && !range) return undefined;
  happy(answer, fail, MEANINGS);
  return got;
}
