import type { FastifyInstance } from 'fastify';
import { atLeast } from '../core/people.ts';
import { changeStamps } from '../runtime/changes/store.ts';
import type { Database } from '../store/db.ts';
import { problem, unauthorised } from './api-routes.ts';
import type { Auth } from './auth.ts';

/** How often the database is looked at while somebody listens: changes may come from another process. */
const LOOK_MS = 1000;
/** Proxies close a stream that is silent for a minute. */
const KEEP_ALIVE_MS = 25_000;

export interface EventTools {
  db: Database;
  auth: Auth;
}

/**
 * `GET /api/events`, server-sent: `changed` with the names of what has changed (`outbox`, `jobs`, `audit`, `channels`).
 * What it is now, commands say.
 */
export function eventRoutes({ db, auth }: EventTools) {
  return async (app: FastifyInstance): Promise<void> => {
    const listeners = new Set<(what: string[]) => void>();
    let timer: NodeJS.Timeout | undefined;
    let known: Record<string, string> | undefined;

    async function look(): Promise<void> {
      const now: Record<string, string> = await changeStamps(db);
      const before = known;
      known = now;
      const changed = before ? Object.keys(now).filter((name) => now[name] !== before[name]) : [];
      if (changed.length > 0) for (const tell of listeners) tell(changed);
    }

    function arm(): void {
      timer ??= setTimeout(() => {
        look()
          .catch((error: unknown) => app.log.warn({ err: error }, 'changes could not be looked for'))
          .finally(() => {
            timer = undefined;
            if (listeners.size > 0) arm();
            else known = undefined;
          });
      }, LOOK_MS);
    }
    app.addHook('onClose', async () => clearTimeout(timer));

    app.get('/api/events', async (request, reply) => {
      const asker = await auth.asker(request);
      if (!asker) return unauthorised(reply);
      if (!atLeast(asker.role, 'lead')) return problem(reply, 403, 'this needs the role lead or more');
      reply.hijack();
      const stream = reply.raw;
      stream.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      });
      stream.write('retry: 2000\n\nevent: open\ndata: {}\n\n');
      const tell = (what: string[]) => stream.write(`event: changed\ndata: ${JSON.stringify(what)}\n\n`);
      listeners.add(tell);
      known ??= await changeStamps(db);
      arm();
      const alive = setInterval(() => stream.write(': alive\n\n'), KEEP_ALIVE_MS);
      stream.on('close', () => {
        listeners.delete(tell);
        clearInterval(alive);
      });
    });
  };
}
