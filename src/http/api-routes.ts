import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Command } from '../core/command.ts';
import type { Message } from '../core/message.ts';
import type { Answer, Question } from '../runtime/dispatch/answer.ts';
import { type Auth, languageOf } from './auth.ts';
import type { ConsoleError } from './console-wire.ts';
import { openApi } from './openapi.ts';

export const STATUS: Record<Answer['outcome'], number> = { done: 200, wrong: 400, forbidden: 403, failed: 500 };

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

    app.get('/api/openapi.json', async (request, reply) => {
      if (!(await tools.auth.asker(request))) return unauthorised(reply);
      return openApi(tools.commands, tools.publicUrl ?? `${request.protocol}://${request.host}`);
    });
  };
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
