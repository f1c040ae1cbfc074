import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Console } from '../bots/console/index.ts';
import type { Config } from './config.ts';
import type { Command } from './core/command.ts';
import type { Context } from './core/context.ts';
import type { Message } from './core/message.ts';
import type { ChatPlatform } from './core/platform.ts';
import { createAuth } from './http/auth.ts';
import { pictureAddress, signingKey } from './http/picture-addresses.ts';
import { createServer } from './http/server.ts';
import type { ChartRenderer } from './render/chart.ts';
import type { Pictures } from './render/pictures.ts';
import type { ConsoleHistory } from './runtime/console/log.ts';
import type { Answer, Question } from './runtime/dispatch/answer.ts';
import { typedLine } from './runtime/dispatch/typed-line.ts';
import type { People } from './runtime/people/people.ts';
import type { Sample } from './runtime/sample.ts';

/** What the server is put together from. */
export interface HttpParts {
  config: Config;
  context: Context;
  log: Logger;
  commands: readonly Command[];
  people: People;
  sample: Sample;
  charts: ChartRenderer;
  pictures: Pictures;
  console: Console;
  history: ConsoleHistory;
  answer(question: Question): Promise<Answer>;
  ready(): Promise<Record<string, string>>;
  platforms: Iterable<ChatPlatform>;
}

/** Puts the server together from the parts of the parts. */
export async function createHttp(parts: HttpParts): Promise<FastifyInstance> {
  const { config, people, history } = parts;
  const { db, clock, rules } = parts.context;
  const key = await signingKey(db);
  const auth = createAuth({ config, db, clock, people });

  const pictureUrl = (file: string): string => pictureAddress(file, key, clock);

  const addressOf = (file: string) => `${config.publicUrl?.replace(/\/+$/, '') ?? ''}${pictureUrl(file)}`;

  async function withPictures(message: Message): Promise<Message> {
    const blocks = message.blocks.map(async (block) => {
      if (block.type === 'pictures') {
        const pictures = block.pictures.map((one) => (one.file ? { ...one, url: addressOf(one.file) } : one));
        return { ...block, pictures };
      }
      if (block.type !== 'chart') return block;
      const picture = await parts.charts.draw(block.chart);
      return { ...block, url: addressOf(await parts.pictures.keep(picture.bytes, picture.mime)) };
    });
    return { ...message, blocks: await Promise.all(blocks) };
  }

  return createServer({
    log: parts.log,
    proxies: config.proxies,
    ready: parts.ready,
    platforms: [...parts.platforms],
    api: { auth, commands: parts.commands, answer: parts.answer, withPictures, publicUrl: config.publicUrl },
    calls: { auth, context: parts.context },
    console: {
      db,
      clock,
      rules,
      auth,
      history,
      hear: (inbound) => parts.console.hear(inbound),
      pictureUrl,
      buttonWords: (call, lang) => typedLine(call, parts.commands, lang),
    },
    session: {
      db,
      clock,
      rules,
      people,
      auth,
      isSample: () => parts.sample.active(),
      opened: () => void parts.charts.warmUp(),
    },
    signIn: { db, auth, people, clock, administrator: () => people.administrator() },
    events: { db, auth },
    charts: {
      charts: parts.charts,
      pictures: parts.pictures,
      key,
      clock,
      tokenOk: auth.tokenOk,
      publicUrl: config.publicUrl,
    },
  });
}
