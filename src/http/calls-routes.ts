import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from '../core/context.ts';
import { messageOf } from '../core/errors.ts';
import { atLeast, type Role } from '../core/people.ts';
import { addDays, daysBetween, isDay, today } from '../core/time.ts';
import { callsApi } from '../domains/calls/index.ts';
import { refused, unauthorised } from './api-routes.ts';
import type { Auth } from './auth.ts';

export interface CallsRouteTools {
  auth: Auth;
  context: Context;
}

const MOST_DAYS = 400;
const day = z.string().refine(isDay, 'must be YYYY-MM-DD');
const Span = z.object({ start_date: day.optional(), end_date: day.optional() });
/** Of the upstream at a time, while somebody waits for the answer. */
const MOST_READ_DAYS = 31;
const PER_PAGE = 20;
const Records = z.object({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(PER_PAGE),
  sync_type: z.enum(['tasks', 'records']).optional(),
});

/**
 * What the replaced system gave over HTTP, in its own names and now with authentication: statistics of calls, and the
 * state, the history and manual runs of their synchronisation. `{ success, data }` or `{ success: false, error }`; the
 * fields of an object stand beside `data`, too.
 */
export function callsRoutes({ auth, context }: CallsRouteTools) {
  const answer =
    (role: Role, work: (request: FastifyRequest) => Promise<object | Failure>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const asker = await auth.asker(request);
      if (!asker) return unauthorised(reply);
      if (request.method !== 'GET' && !auth.fromOwnPage(request)) return refused(reply);
      if (!atLeast(asker.role, role)) return failed(reply, 403, `this needs the role ${role}`);
      const done = await work(request);
      if (done instanceof Failure) return failed(reply, done.status, done.message, done.more);
      return reply.send({ ...done, success: true, data: done });
    };
  const span = (request: FastifyRequest) => {
    const { start_date, end_date } = Span.parse(request.query);
    const to = end_date ?? today(context.clock);
    const from = start_date ?? addDays(to, -6);
    if (to < from || addDays(from, MOST_DAYS) < to) throw new z.ZodError([]);
    return { from, to };
  };

  return async (app: FastifyInstance): Promise<void> => {
    app.register(async (api) => {
      api.setErrorHandler((error: Error, request, reply) => {
        if (error instanceof z.ZodError)
          return failed(reply, 400, z.prettifyError(error) || 'the days are the wrong way round, or too many');
        request.log.error({ err: error }, 'a request failed');
        return failed(reply, 500, 'something went wrong');
      });
      api.get(
        '/api/stats/grade-stats',
        answer('staff', async (request) => {
          const { date } = z.object({ date: day }).parse(request.query);
          const known = await callsApi.gradeStats(context, date);
          if (known) return known;
          if (date === today(context.clock) && context.sources.guanke) {
            const outcome = await callsApi.refreshDay(context, date);
            const read = await callsApi.gradeStats(context, date);
            if (read) return { ...read, from_cache: false };
            if (outcome.state === 'failed') return new Failure(500, outcome.error);
          }
          return new Failure(404, callsApi.whenRead(context, date));
        }),
      );
      api.post(
        '/api/stats/grade-stats/refresh',
        answer('lead', async (request) => {
          const { date } = z.object({ date: day }).parse(request.body ?? {});
          return manual([date]);
        }),
      );
      api.get(
        '/api/stats/overview',
        answer('staff', () => callsApi.overview(context)),
      );
      api.get(
        '/api/stats/trend',
        answer('staff', async (request) => {
          const { from, to } = span(request);
          return callsApi.trend(context, from, to);
        }),
      );
      api.get(
        '/api/calls/summary',
        answer('staff', async (request) => {
          const { days } = z
            .object({ days: z.coerce.number().int().min(1).max(MOST_DAYS).default(3) })
            .parse(request.query);
          return callsApi.callsSummary(context, days);
        }),
      );
      api.get(
        '/api/calls/daily',
        answer('staff', async (request) => {
          const { from, to } = span(request);
          return { start_date: from, end_date: to, stats: await callsApi.dailyStats(context, from, to) };
        }),
      );
      api.get(
        '/api/sync/status',
        answer('staff', () => callsApi.syncStatus(context)),
      );
      api.get(
        '/api/sync/days',
        answer('staff', async (request) => {
          const { from, to } = span(request);
          return { start_date: from, end_date: to, days: await callsApi.syncDays(context, from, to) };
        }),
      );
      api.get(
        '/api/sync/deviations',
        answer('staff', async (request) => {
          const { differs } = z.object({ differs: z.enum(['true', 'false']).optional() }).parse(request.query);
          const { from, to } = span(request);
          const wish = { from, to, differing: differs === 'true' };
          return { start_date: from, end_date: to, deviations: await callsApi.deviations(context, wish) };
        }),
      );
      api.get(
        '/api/sync/records',
        answer('staff', async (request) => {
          const { page, per_page, sync_type } = Records.parse(request.query);
          const { runs, total, unread } = await callsApi.syncRuns(context, {
            track: sync_type,
            page,
            perPage: per_page,
          });
          return { records: runs, total, page, per_page, pages: Math.ceil(total / per_page), unread_count: unread };
        }),
      );
      api.get<{ Params: { id: string } }>(
        '/api/sync/records/:id',
        answer('staff', async (request) => {
          const id = Number((request.params as { id: string }).id);
          return (await callsApi.syncRun(context, id)) ?? new Failure(404, `no run ${id}`);
        }),
      );
      api.post(
        '/api/sync/records/:id/read',
        answer('staff', async (request) => {
          const id = Number((request.params as { id: string }).id);
          return { read: await callsApi.markRead(context, id) };
        }),
      );
      api.post(
        '/api/sync/records/read-all',
        answer('staff', async () => ({ read: await callsApi.markRead(context, null) })),
      );
      api.post(
        '/api/sync/today/manual',
        answer('lead', () => manual([today(context.clock)])),
      );
      api.post(
        '/api/sync/historical/manual',
        answer('lead', (request) => {
          const { start_date, end_date = start_date } = Span.parse(request.body ?? {});
          const now = today(context.clock);
          if (!start_date || !end_date) return manual(daysBetween(addDays(now, -3), addDays(now, -1)));
          if (end_date < start_date || end_date > now || addDays(start_date, MOST_READ_DAYS) <= end_date)
            throw new z.ZodError([]);
          return manual(daysBetween(start_date, end_date));
        }),
      );
      api.post(
        '/api/calls/sync',
        answer('lead', async (request) => {
          const { days } = z
            .object({ days: z.coerce.number().int().min(1).max(MOST_READ_DAYS).default(1) })
            .parse(request.body ?? {});
          const to = today(context.clock);
          const from = addDays(to, 1 - days);
          const done = await manual(daysBetween(from, to));
          if (done instanceof Failure) return done;
          const { total, new: added, updated } = done.summary;
          const synced_at = context.clock.now().toISOString();
          const counts = { total_records: total, new_count: added, updated_count: updated };
          return { start_date: from, end_date: to, ...counts, synced_at, message: done.message };
        }),
      );
    });
  };

  async function manual(days: string[]) {
    if (!context.sources.guanke) return new Failure(503, 'no upstream for calls is set');
    try {
      const { state, ...rest } = await callsApi.syncManually(context, days);
      if (state === 'failed') return new Failure(502, rest.error ?? 'failed', rest);
      return { ...rest, message: state };
    } catch (error) {
      const locked = callsApi.busyRun(error);
      if (locked) return new Failure(409, messageOf(error), { error_type: 'lock_conflict', record_id: locked.id });
      return new Failure(502, messageOf(error));
    }
  }
}

class Failure {
  readonly status: number;
  readonly message: string;
  readonly more: object;
  constructor(status: number, message: string, more: object = {}) {
    this.status = status;
    this.message = message;
    this.more = more;
  }
}

function failed(reply: FastifyReply, status: number, error: string, more: object = {}) {
  return reply.code(status).send({ ...more, success: false, error });
}
