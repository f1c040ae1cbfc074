import { z } from 'zod';
import type { Command } from '../core/command.ts';
import { Message } from '../core/message.ts';
import { DRIVER_TREND, TrendAnswer, TrendQuestion } from './driver-trend-shape.ts';

/** OpenAPI 3.1 of the commands, made from the same zod that checks them. */
export function openApi(commands: readonly Command[], server: string): Record<string, unknown> {
  const messageSchema = z.toJSONSchema(Message, { io: 'output' });
  const answered = (description: string) => ({
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Message' } } },
  });
  const refused = (description: string) => ({
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  const path = (command: Command) => ({
    post: {
      operationId: command.name,
      summary: command.summary.en,
      description: [command.summary.zh, `Least role: ${command.role}.`, asTyped(command)].filter(Boolean).join('\n\n'),
      tags: [command.name.split('.')[0]],
      security: [{ token: [] }],
      parameters: [
        {
          name: 'X-Fieldbell-Person',
          in: 'header',
          description: 'The person for whom a trusted system asks: an id, or a name (URL-encoded) that one person has',
          schema: { type: 'string' },
        },
        { name: 'Accept-Language', in: 'header', schema: { type: 'string', enum: ['zh', 'en'] } },
      ],
      requestBody: {
        content: { 'application/json': { schema: withoutDialect(z.toJSONSchema(command.args, { io: 'input' })) } },
      },
      responses: {
        200: answered('The answer'),
        400: answered('The arguments are wrong; the message says what to do'),
        401: refused('No token'),
        403: answered('The role may not use this command'),
        500: answered('Something went wrong; the message holds a reference'),
      },
    },
  });
  return {
    openapi: '3.1.0',
    info: { title: 'Fieldbell', version: '1', description: 'Every command of the chat, as JSON.' },
    servers: [{ url: server }],
    paths: {
      ...Object.fromEntries(commands.map((command) => [`/api/commands/${command.name}`, path(command)])),
      [DRIVER_TREND]: driverTrend(),
      '/api/events': EVENTS,
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Message: withoutDialect(messageSchema),
        Problem: {
          type: 'object',
          properties: { error: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] } },
          required: ['error'],
        },
      },
    },
  };
}

function driverTrend() {
  const json = (schema: z.ZodType) => ({
    'application/json': { schema: withoutDialect(z.toJSONSchema(schema, { io: 'input' })) },
  });
  const refused = (description: string) => ({
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  return {
    post: {
      operationId: 'driverTrendAnalysis',
      summary: "A driver's or a DSP's trend, as the dashboard before this published it",
      tags: ['drivers'],
      security: [{ token: [] }],
      requestBody: { required: true, content: json(TrendQuestion) },
      responses: {
        200: { description: 'The figures', content: json(TrendAnswer) },
        400: refused('The driver is not known, or the range cannot be read'),
        401: refused('No token'),
        403: refused('The role may not ask for this driver'),
      },
    },
  };
}

const EVENTS = {
  get: {
    operationId: 'events',
    summary: 'What has changed, as it happens',
    description: 'Server-sent events, for leads: `changed` with a JSON array of outbox, jobs, audit, channels.',
    security: [{ token: [] }],
    responses: {
      200: { description: 'The stream', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      401: { description: 'No token' },
      403: { description: 'The role may not listen' },
    },
  },
};

function asTyped({ examples }: Command): string {
  const lines = [...examples.en, ...examples.zh];
  return lines.length > 0 ? `As typed: ${lines.join(' · ')}` : '';
}

function withoutDialect({ $schema: _, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
