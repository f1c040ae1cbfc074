import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Rules } from '../core/context.ts';
import { Call, type Lang, pick } from '../core/message.ts';
import type { Address, Inbound } from '../core/platform.ts';
import type { Clock } from '../core/time.ts';
import type { ConsoleHistory, KeptMessage } from '../runtime/console/log.ts';
import { type ConsoleRow, messageByKey, messagesAfter, messagesOf, newestSeq } from '../runtime/console/store.ts';
import type { Person } from '../runtime/people/people.ts';
import type { Database } from '../store/db.ts';
import { problem, refused, unauthorised } from './api-routes.ts';
import { type Auth, languageOf } from './auth.ts';
import { roomsOf } from './console-rooms.ts';
import type { ConsoleMessage, DrawnJsonBlock } from './console-wire.ts';

const PAGE = 50;
const MAX_TEXT = 4000;
/** Messages of the past that are read at once when a page comes back. */
const MISSED = 200;
/** Proxies close a stream that is silent for a minute. */
const KEEP_ALIVE_MS = 25_000;

const Line = z.union([
  z.strictObject({ id: z.string().min(8).max(64), text: z.string().trim().min(1).max(MAX_TEXT) }),
  z.strictObject({ id: z.string().min(8).max(64), call: Call, on: z.int().positive().optional() }),
]);

export interface ConsoleTools {
  db: Database;
  clock: Clock;
  rules: Rules;
  auth: Auth;
  history: ConsoleHistory;
  hear(inbound: Inbound): Promise<void>;
  /** A signed address for a kept picture. */
  pictureUrl(file: string): string;
  buttonWords(call: Call, lang: Lang): string;
}

/** The web chat: rooms, messages, and the stream of what is new. */
export function consoleRoutes(tools: ConsoleTools) {
  const { db, auth } = tools;

  const rooms = (person: Person, request: FastifyRequest) => roomsOf(person, tools.rules, languageOf(request));

  /** The person and the room of a request, or an answer that says what is missing. */
  async function enter(request: FastifyRequest<{ Params: { room: string } }>, reply: FastifyReply) {
    const person = await auth.person(request);
    if (!person) return void unauthorised(reply);
    if (request.method !== 'GET' && !auth.fromOwnPage(request)) return void refused(reply);
    const room = rooms(person, request).find((one) => one.id === request.params.room);
    if (!room) return void problem(reply, 404, pick(languageOf(request), '没有这个会话', 'there is no such room'));
    return { person, room };
  }

  return async (app: FastifyInstance): Promise<void> => {
    app.get<{ Params: { room: string }; Querystring: { before?: string } }>(
      '/api/console/rooms/:room/messages',
      async (request, reply) => {
        const entered = await enter(request, reply);
        if (!entered) return reply;
        const before = Number(request.query.before ?? Number.MAX_SAFE_INTEGER);
        if (!Number.isSafeInteger(before)) return problem(reply, 400, 'before must be a message number');
        const found = await messagesOf(db, entered.room.id, before, PAGE + 1);
        return { messages: found.slice(-PAGE).map(toWire), more: found.length > PAGE };
      },
    );

    app.post<{ Params: { room: string } }>('/api/console/rooms/:room/messages', async (request, reply) => {
      const entered = await enter(request, reply);
      if (!entered) return reply;
      const line = Line.safeParse(request.body);
      if (!line.success) {
        return problem(
          reply,
          400,
          pick(languageOf(request), `一条消息要有 1 到 ${MAX_TEXT} 个字`, `a message has 1 to ${MAX_TEXT} characters`),
        );
      }
      const { person, room } = entered;
      const key = `line:${person.id}:${line.data.id}`;
      const known = await messageByKey(db, key);
      if (known) return reply.code(202).send({ message: toWire(known) });
      // A typed line shows its language itself; a pressed button is answered in that of the page.
      const asked =
        'text' in line.data ? { text: line.data.text } : { call: line.data.call, lang: languageOf(request) };
      const pressed = 'call' in line.data && line.data.on ? { pressed: String(line.data.on) } : {};
      // Turning a page says nothing.
      const row =
        asked.call?.turns && pressed.pressed
          ? null
          : await tools.history.add({
              room: room.id,
              at: tools.clock.now(),
              fromKind: 'person',
              fromName: person.name,
              fromId: person.id,
              text: asked.text ?? (asked.call ? tools.buttonWords(asked.call, languageOf(request)) : ''),
              key,
            });
      const from: Address = `console:@${person.id}`;
      tools.history.typing(room.id);
      // The answer comes by the stream; the line itself is safe.
      tools
        .hear({
          id: key,
          room: `console:${room.id}`,
          group: room.kind === 'group',
          from,
          fromName: person.name,
          ...asked,
          ...pressed,
        })
        .catch((error: unknown) => request.log.error({ err: error }, 'a console line could not be answered'));
      return reply.code(202).send(row ? { message: toWire(row) } : {});
    });

    app.get<{ Querystring: { after?: string } }>('/api/console/events', async (request, reply) => {
      const person = await auth.person(request);
      if (!person) return unauthorised(reply);
      const seen = rooms(person, request).map((room) => room.id);
      let last = Number(request.headers['last-event-id'] ?? request.query.after ?? (await newestSeq(db)));
      if (!Number.isSafeInteger(last)) return problem(reply, 400, 'after must be a message number');
      reply.hijack();
      const stream = reply.raw;
      stream.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      });
      stream.write('retry: 2000\n\n');
      const tell = (row: ConsoleRow) => {
        if (row.seq <= last) return;
        last = row.seq;
        stream.write(`event: message\nid: ${row.seq}\ndata: ${JSON.stringify(toWire(row))}\n\n`);
      };
      // What is new while the past is read waits its turn, so that nothing is lost and nothing comes twice.
      let waiting: ConsoleRow[] | null = [];
      const tellChanged = (row: ConsoleRow) => {
        if (row.seq <= last) stream.write(`event: message\ndata: ${JSON.stringify(toWire(row))}\n\n`);
      };
      const stop = tools.history.listen((event) => {
        if ('typing' in event) {
          if (seen.includes(event.typing))
            stream.write(`event: typing\ndata: ${JSON.stringify({ room: event.typing })}\n\n`);
        } else if (seen.includes(event.row.room)) {
          if (event.changed) tellChanged(event.row);
          else if (waiting) waiting.push(event.row);
          else tell(event.row);
        }
      });
      const missed = () => messagesAfter(db, seen, last, MISSED);
      const alive = setInterval(() => stream.write(': alive\n\n'), KEEP_ALIVE_MS);
      stream.on('close', () => {
        stop();
        clearInterval(alive);
      });
      for (let rows = await missed(); rows.length > 0; rows = await missed()) for (const row of rows) tell(row);
      for (const row of waiting) tell(row);
      waiting = null;
    });
  };

  function toWire(row: ConsoleRow): ConsoleMessage {
    const kept = row.message ? (JSON.parse(row.message) as KeptMessage) : undefined;
    return {
      seq: row.seq,
      room: row.room,
      at: row.at.toISOString(),
      from: { kind: row.fromKind as 'person' | 'bot', name: row.fromName, ...(row.fromId && { id: row.fromId }) },
      ...(row.text !== null && { text: row.text }),
      ...(kept && { message: { ...kept, blocks: kept.blocks.map(blockToWire) } }),
      ...(kept?.notice && { notice: kept.notice }),
    };
  }

  function blockToWire(block: KeptMessage['blocks'][number]): DrawnJsonBlock {
    if (block.type !== 'pictures') return block;
    return {
      type: 'pictures',
      pictures: block.pictures.map(({ file, ...picture }) => ({ ...picture, url: tools.pictureUrl(file) })),
    };
  }
}
