import { existsSync } from 'node:fs';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { ChatPlatform } from '../core/platform.ts';
import { packageRoot } from '../package-root.ts';
import { type ApiTools, apiRoutes, onError, problem } from './api-routes.ts';
import { type CallsRouteTools, callsRoutes } from './calls-routes.ts';
import { type ChartRouteTools, chartRoutes } from './chart-routes.ts';
import { type ConsoleTools, consoleRoutes } from './console-routes.ts';
import { type SessionTools, sessionRoutes } from './console-session.ts';
import { driverTrendRoute } from './driver-trend-route.ts';
import { type EventTools, eventRoutes } from './event-routes.ts';
import { type SignInTools, signInRoutes } from './sign-in-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

const BODY_LIMIT = 2 * 1024 * 1024;

/** Nothing but our own files runs in the page. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

export interface ServerTools {
  log: Logger;
  /** Reverse proxies, whose `X-Forwarded-For` says who asks; without them it says nothing. */
  proxies: readonly string[];
  api: ApiTools;
  calls: CallsRouteTools;
  console: ConsoleTools;
  session: SessionTools;
  charts: ChartRouteTools;
  signIn: SignInTools;
  events: EventTools;
  platforms: readonly ChatPlatform[];
  /** What `/ready` says: name → `ok`, or what is wrong. */
  ready(): Promise<Record<string, string>>;
}

/** The HTTP server: health, the commands, the web chat, charts. Nothing listens yet. */
export async function createServer(tools: ServerTools): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: tools.log.child({ part: 'http' }, { level: tools.log.level === 'debug' ? 'debug' : 'warn' }),
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    trustProxy: tools.proxies.length > 0 && [...tools.proxies],
  }) as unknown as FastifyInstance;
  app.setErrorHandler(onError);
  app.setNotFoundHandler((request, reply) => problem(reply, 404, `nothing is at ${request.url.split('?')[0]}`));
  app.addHook('onSend', async (_, reply) => {
    reply.headers(PAGE_HEADERS);
  });
  // Clients say that they send JSON although a command without arguments needs none.
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, {});
    else parseJson(request, String(body), done);
  });
  await app.register(cookie);

  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_, reply) => {
    const parts = await tools.ready();
    const ok = Object.values(parts).every((state) => state === 'ok' || state.startsWith('off'));
    return reply.code(ok ? 200 : 503).send({ status: ok ? 'ready' : 'not ready', parts });
  });

  await app.register(apiRoutes(tools.api));
  await app.register(driverTrendRoute(tools.api));
  await app.register(callsRoutes(tools.calls));
  await app.register(consoleRoutes(tools.console));
  await app.register(sessionRoutes(tools.session));
  await app.register(signInRoutes(tools.signIn));
  await app.register(eventRoutes(tools.events));
  await app.register(chartRoutes(tools.charts));
  await app.register(webhookRoutes(tools.platforms));
  const page = join(packageRoot(), 'dist', 'web');
  if (existsSync(page)) {
    await app.register(fastifyStatic, {
      root: page,
      // The build has put them there.
      preCompressed: true,
      cacheControl: false,
      setHeaders: (response, path) => {
        const forEver = /[-.][\w-]{8,}\.(js|css|woff2|svg|png)(\.gz)?$/.test(path);
        response.setHeader('vary', 'accept-encoding');
        response.setHeader('cache-control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
    // Every address below a page's own is the page: it finds its way by itself.
    for (const page of ['admin', 'drivers']) {
      for (const url of [`/${page}`, `/${page}/*`]) {
        app.get(url, (_, reply) => reply.header('cache-control', 'no-cache').sendFile(`${page}/index.html`));
      }
    }
  }
  return app;
}
