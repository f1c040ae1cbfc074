import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from 'pino';

export type { SlackLogger };

/** Our log as the SDK wants it: without its debugging, which shows whole messages, and without tokens and tickets. */
export function slackLogger(log: Logger, secrets: readonly string[]): SlackLogger {
  const say = (parts: readonly unknown[]) =>
    secrets
      .reduce((text, secret) => text.replaceAll(secret, '[hidden]'), parts.map(String).join(' '))
      .replace(/(wss?:\/\/[^\s?]+)\?\S*/g, '$1?[hidden]');
  return {
    debug: () => {},
    info: (...parts: unknown[]) => log.debug({ platform: 'slack' }, say(parts)),
    warn: (...parts: unknown[]) => log.warn({ platform: 'slack' }, say(parts)),
    error: (...parts: unknown[]) => log.warn({ platform: 'slack' }, say(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
