import { App, type Receiver } from '@slack/bolt';
import { messageOf } from '../../src/core/errors.ts';
import type { Receive } from '../../src/core/platform.ts';
import type { SlackLogger } from './logger.ts';
import { read } from './read.ts';
import type { Identity, Wire } from './wire.ts';

/** What hears: given to the app that bolt makes of it. */
export interface EarOptions {
  botToken: string;
  apiUrl: string;
  logger: SlackLogger;
  wire: Wire;
  identity(): Identity | undefined;
  receive(): Receive | undefined;
}

/**
 * A bolt app that reads what a receiver hands to it. Everything is acknowledged before it is worked on: Slack waits
 * three seconds, an answer may take longer.
 */
export function createEar(receiver: Receiver, options: EarOptions): App {
  const { botToken, apiUrl, logger, wire, identity, receive } = options;
  const app = new App({
    receiver,
    logger,
    clientOptions: { slackApiUrl: apiUrl },
    // Known by `auth.test`, which may not have been answered yet when the first event comes.
    authorize: async () => {
      const { userId, botId } = identity() ?? {};
      return { botToken, ...(userId && { botUserId: userId }), ...(botId && { botId }) };
    },
  });

  async function hear(body: unknown, envelope: unknown): Promise<void> {
    const self = identity()?.userId;
    const inbound = read(body, {
      self,
      envelope: typeof envelope === 'string' ? envelope : undefined,
      file: (file) => wire.file(file),
    });
    if (!inbound) return;
    try {
      await receive()?.(inbound);
    } catch (error) {
      logger.error(`an event could not be answered: ${messageOf(error)}`);
    }
  }

  /** Unacknowledged, it comes again, and is known by its id. */
  const lost = (error: unknown) => logger.warn(`an event could not be acknowledged: ${messageOf(error)}`);

  app.event('app_mention', ({ body, context }) => hear(body, context['envelope']));
  app.event('message', ({ body, context }) => hear(body, context['envelope']));
  app.command(/.*/, async ({ ack, body, context }) => {
    await ack().catch(lost);
    await hear(body, context['envelope']);
  });
  app.action(/.*/, async ({ ack, body, context }) => {
    await ack().catch(lost);
    await hear(body, context['envelope']);
  });
  app.error(async (error) => logger.error(`an event could not be read: ${messageOf(error)}`));
  return app;
}
