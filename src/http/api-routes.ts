import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Command } from '../core/command.ts';
import type { Message } from '../core/message.ts';
import type { Answer, Question } from '../runtime/dispatch/answer.ts';
import { type Auth, languageOf } from './auth.ts';
import type { ConsoleError } from './console-wire.ts';
import { openApi } from './openapi.ts';

const STATUS: Record<Answer['outcome'], number> = { done: 200, wrong: 400, forbidden: 403, failed: 500 };

export interface ApiTools {
  auth: Auth;
  commands: readonly Command[];
  answer(question: Question): Promise<Answer>;
  /** Gives each chart the address of its picture. */
  withPictures(message: Message): Promise<Message>;
  publicUrl?: string | undefined;
}

/** The same commands as in the chat, as JSON: `POST /api/commands/:name`, described by `GET /api/openapi.json`. */
export function apiRoutes(tools: ApiTools) {
  return async (app: FastifyInstance): Promise<void> => {
    app.post<{ Params: { name: string }; Body: unknown }>('/api/commands/:name', async (request, reply) => {
      const asker = await tools.auth.asker(request);
      if (!asker) return unauthorised(reply);
      if (!tools.auth.fromOwnPage(request)) return refused(reply);
      const command = tools.commands.find((one) => one.name === request.params.name);
      if (!command) return problem(reply, 404, `no command ${request.params.name}; GET /api/openapi.json lists them`);
      const args = request.body ?? {};
      if (typeof args !== 'object' || Array.isArray(args)) {
        return problem(reply, 400, 'the body must be a JSON object with the arguments of the command');
      }
      const answer = await tools.answer({
        asker,
        call: { command: command.name, args: args as Record<string, never> },
        lang: languageOf(request),
      });
      return reply.code(STATUS[answer.outcome]).send(await tools.withPictures(answer.message));
    });

    // The shape that the replaced dashboard published.
    app.post<{ Body: unknown }>('/api/driver-trend-analysis', async (request, reply) => {
      const asker = await tools.auth.asker(request);
      if (!asker) return unauthorised(reply);
      if (!tools.auth.fromOwnPage(request)) return refused(reply);
      const { driver_id: driver, date_range: said } = (request.body ?? {}) as {
        driver_id?: unknown;
        date_range?: unknown;
      };
      const range = rangeOf(said);
      if (typeof driver !== 'string' || range === null) {
        return problem(reply, 400, 'send {"driver_id": TEXT, "date_range": "last_7_days" or {"from": DAY, "to": DAY}}');
      }
      const call = { command: 'drivers.trend', args: { driver, ...(range && { range }) } };
      const answer = await tools.answer({ asker, call, lang: languageOf(request) });
      if (answer.outcome !== 'done') return problem(reply, STATUS[answer.outcome], saidBy(answer.message));
      const { blocks, data } = await tools.withPictures(answer.message);
      if (!data) return problem(reply, 400, 'date_range has to be of days; by hours ask /api/commands/drivers.trend');
      const chart = blocks.find((block) => block.type === 'chart');
      return reply.send({ ...(data as object), chart_url: chart?.url ?? null });
    });

    app.get('/api/openapi.json', async (request, reply) => {
      if (!(await tools.auth.asker(request))) return unauthorised(reply);
      return openApi(tools.commands, tools.publicUrl ?? `${request.protocol}://${request.host}`);
    });
  };
}

/** The range of a request as the command takes it; undefined: its default; null: it is none. */
function rangeOf(said: unknown): string | undefined | null {
  if (said === undefined || said === null) return undefined;
  if (typeof said === 'string') return said;
  const { from, to } = said as { from?: unknown; to?: unknown };
  return typeof from === 'string' && typeof to === 'string' ? `${from}..${to}` : null;
}

function saidBy({ title, blocks }: Message): string {
  return [title, ...blocks.map((block) => (block.type === 'text' ? block.text : ''))].filter(Boolean).join(' ');
}

export function unauthorised(reply: FastifyReply) {
  return problem(reply.header('www-authenticate', 'Bearer'), 401, 'send Authorization: Bearer TOKEN, or sign in');
}

export function refused(reply: FastifyReply) {
  return problem(reply, 403, 'this request does not come from our own page: send the header x-fieldbell: 1');
}

export function problem(reply: FastifyReply, status: number, message: string) {
  return reply.code(status).send({ error: { message } } satisfies ConsoleError);
}

/** Errors that no route expected: said without their insides. */
export function onError(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply) {
  const status = error.statusCode ?? (error.name === 'AskerError' ? 400 : 500);
  if (status >= 500) request.log.error({ err: error }, 'a request failed');
  return problem(reply, status, status >= 500 ? `something went wrong (request ${request.id})` : error.message);
}
