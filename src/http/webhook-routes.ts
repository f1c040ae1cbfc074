import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ChatPlatform } from '../core/platform.ts';

const BODY_LIMIT = 1024 * 1024;

/** The addresses at which platforms call us. Who calls is for the platform to verify: it gets the bytes as they came. */
export function webhookRoutes(platforms: Iterable<ChatPlatform>) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_, body, done) => done(null, body));
    for (const platform of platforms) {
      for (const webhook of platform.webhooks ?? []) {
        app.route({
          method: webhook.method,
          url: webhook.path,
          async handler(request, reply) {
            const answer = await webhook.handle({
              query: texts(request.query),
              headers: texts(request.headers),
              body: bytesOf(request),
            });
            return reply
              .code(answer.status)
              .headers(answer.headers ?? {})
              .send(answer.body ?? '');
          },
        });
      }
    }
  };
}

function bytesOf(request: FastifyRequest): Uint8Array {
  return Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
}

/** Of a value that was given several times the first counts. */
function texts(values: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((values ?? {}) as Record<string, string | string[] | undefined>).flatMap(([name, value]) => {
      const text = Array.isArray(value) ? value[0] : value;
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
