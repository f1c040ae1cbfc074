import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../core/time.ts';
import type { PictureFormat } from '../render/canvas.ts';
import type { ChartRenderer } from '../render/chart.ts';
import { DrawingError } from '../render/chart-input.ts';
import { NoPictureError, type Pictures } from '../render/pictures.ts';
import { readQuickChart } from '../render/quickchart.ts';
import { signPath, verifySigned } from './signed.ts';

export interface ChartRouteTools {
  charts: Pick<ChartRenderer, 'drawConfig'>;
  pictures: Pick<Pictures, 'keep' | 'read'>;
  /** Signs the addresses of pictures. */
  key: string;
  clock: Clock;
  tokenOk(token: string): boolean;
  /** Without it `/chart/create` answers with the address that it was asked at. */
  publicUrl?: string | undefined;
}

/** How long an address made by `/chart/create` is good. */
const CREATED_DAYS = 30;
const BODY_LIMIT = 512 * 1024;

/** Numbers may come as text, in a query or as `500px`. */
const pixels = z.union([z.number(), z.string().transform((text) => Number.parseFloat(text))]).pipe(z.number());

/** QuickChart's names and short names. */
const ChartRequest = z.object({
  chart: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  c: z.string().optional(),
  width: pixels.optional(),
  w: pixels.optional(),
  height: pixels.optional(),
  h: pixels.optional(),
  devicePixelRatio: pixels.optional(),
  backgroundColor: z.string().max(60).optional(),
  bkg: z.string().max(60).optional(),
  format: z.string().optional(),
  f: z.string().optional(),
  version: z.coerce.string().optional(),
  v: z.coerce.string().optional(),
  encoding: z.enum(['url', 'base64']).optional(),
  key: z.string().optional(),
});
type ChartRequest = z.output<typeof ChartRequest>;

const FORMATS: Record<string, { format: PictureFormat; mime: string }> = {
  png: { format: 'png', mime: 'image/png' },
  jpg: { format: 'jpg', mime: 'image/jpeg' },
  jpeg: { format: 'jpg', mime: 'image/jpeg' },
  webp: { format: 'webp', mime: 'image/webp' },
};

/** Kept pictures under signed addresses, and drawing in QuickChart's form, so that quickchart-js can point here. */
export function chartRoutes(tools: ChartRouteTools) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get<{ Params: { name: string } }>('/charts/:name', async (request, reply) => {
      const { name } = request.params;
      if (!verifySigned(`/charts/${name}`, request.query as object, tools.key, tools.clock.now())) {
        return refuse(reply, 403, 'the address of this picture is not signed or has expired: ask for it again');
      }
      try {
        const { bytes, mime } = await tools.pictures.read(name);
        return reply.type(mime).header('cache-control', 'private, max-age=31536000, immutable').send(bytes);
      } catch (error) {
        if (error instanceof NoPictureError) return refuse(reply, 404, error.message);
        throw error;
      }
    });

    app.get('/chart', (request, reply) => answer(request, request.query, reply, draw));
    app.post('/chart', { bodyLimit: BODY_LIMIT }, (request, reply) => answer(request, request.body, reply, draw));
    app.post('/chart/create', { bodyLimit: BODY_LIMIT }, (request, reply) =>
      answer(request, request.body, reply, create),
    );
  };

  async function answer(request: FastifyRequest, fields: unknown, reply: FastifyReply, work: typeof draw) {
    if (!known(request, fields)) {
      return refuse(
        reply.header('www-authenticate', 'Bearer'),
        401,
        'send a token as `key`, or Authorization: Bearer TOKEN',
      );
    }
    const parsed = ChartRequest.safeParse(fields);
    if (!parsed.success) return refuse(reply, 400, z.prettifyError(parsed.error).replace(/\s+/g, ' '));
    try {
      return await work(request, parsed.data, reply);
    } catch (error) {
      if (error instanceof DrawingError) return refuse(reply, 400, error.message);
      throw error;
    }
  }

  function known(request: FastifyRequest, fields: unknown): boolean {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const key = typeof fields === 'object' && fields !== null && 'key' in fields ? fields.key : undefined;
    return [bearer, key].some((token) => typeof token === 'string' && tools.tokenOk(token));
  }

  async function draw(_: FastifyRequest, wanted: ChartRequest, reply: FastifyReply) {
    const { bytes, mime } = await drawn(wanted);
    return reply.type(mime).header('cache-control', 'private, max-age=3600').send(bytes);
  }

  async function create(request: FastifyRequest, wanted: ChartRequest, reply: FastifyReply) {
    const { bytes, mime } = await drawn(wanted);
    if (mime !== 'image/png' && mime !== 'image/jpeg') throw new DrawingError('a kept picture is png or jpg');
    const path = `/charts/${await tools.pictures.keep(bytes, mime)}`;
    const expires = new Date(tools.clock.now().getTime() + CREATED_DAYS * 86_400_000);
    const base = tools.publicUrl?.replace(/\/+$/, '') ?? `${request.protocol}://${request.host}`;
    return reply.send({ success: true, url: `${base}${signPath(path, tools.key, expires)}` });
  }

  async function drawn(wanted: ChartRequest): Promise<{ bytes: Uint8Array; mime: string }> {
    const chart = wanted.chart ?? wanted.c;
    if (chart === undefined || chart === '')
      throw new DrawingError('the chart is missing: send it as `chart`, or `c` in a query');
    const text =
      typeof chart === 'string' && wanted.encoding === 'base64' ? Buffer.from(chart, 'base64').toString() : chart;
    const name = (wanted.format ?? wanted.f ?? 'png').toLowerCase();
    const format = FORMATS[name];
    if (!format)
      throw new DrawingError(`the format is one of ${Object.keys(FORMATS).join(', ')}, not ${name.slice(0, 20)}`);
    const bytes = await tools.charts.drawConfig(readQuickChart(text, wanted.version ?? wanted.v), {
      width: Math.round(wanted.width ?? wanted.w ?? 500),
      height: Math.round(wanted.height ?? wanted.h ?? 300),
      devicePixelRatio: wanted.devicePixelRatio ?? 2,
      backgroundColor: wanted.backgroundColor ?? wanted.bkg ?? 'white',
      format: format.format,
    });
    return { bytes, mime: format.mime };
  }
}

/** quickchart-js reads the reason in the header. */
function refuse(reply: FastifyReply, status: number, message: string) {
  return reply
    .code(status)
    .header('x-quickchart-error', message.replace(/[^\x20-\x7e]/g, '?').slice(0, 400))
    .send({ error: { message } });
}
