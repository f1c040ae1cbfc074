import { setTimeout as sleep } from 'node:timers/promises';
import { type App, SocketModeReceiver } from '@slack/bolt';
import { messageOf } from '../../src/core/errors.ts';
import type { SlackLogger } from './logger.ts';

export interface SocketOptions {
  appToken: string;
  apiUrl: string;
  logger: SlackLogger;
  timeoutMs: number;
  /** Makes the app that listens to a connection. */
  hearing(receiver: SocketModeReceiver): App;
}

const CLOSING_MS = 2000;

/** A connection of Socket Mode that stands. */
export interface Connection {
  /** Resolves when it ends, whoever ended it. */
  ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens one connection. It is not the SDK that opens the next: where its own attempt fails for good, nobody catches
 * that, and the client stays dead. So its reconnecting is off, and every connection has a client of its own.
 * @throws what the SDK throws; a message without secrets
 */
export async function connect({ appToken, apiUrl, logger, timeoutMs, hearing }: SocketOptions): Promise<Connection> {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: {
        slackApiUrl: apiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: timeoutMs,
      },
    },
    customPropertiesExtractor: ({ envelope_id }: { envelope_id?: string }) => ({ envelope: envelope_id }),
    processEventErrorHandler: async ({ error }) => {
      logger.error(`an event could not be read: ${messageOf(error)}`);
      return false;
    },
  });
  const { client } = receiver;
  const app = hearing(receiver);
  const ended = new Promise<void>((resolve) => {
    client.once('disconnected', () => resolve());
  });
  const close = async () => {
    const closing = app.stop().catch(() => {});
    await Promise.race([closing, ended, pause(CLOSING_MS)]);
  };
  const late = new AbortController();
  const tooLate = sleep(timeoutMs, undefined, { ref: false, signal: late.signal }).then(
    () => Promise.reject(new Error('no hello came')),
    () => new Promise<never>(() => {}),
  );
  try {
    // Rejects without a reason where the connection ends before it says hello.
    await Promise.race([app.start().catch((error: unknown) => Promise.reject(error ?? new Error('cut off'))), tooLate]);
  } catch (error) {
    await close();
    throw error;
  } finally {
    late.abort();
  }
  return { ended, close };
}

function pause(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}
