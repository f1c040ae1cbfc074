import { type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

/** The log, on standard error: JSON lines, or readable on a terminal. Secrets by name are never in it. */
export function openLog(config: Pick<Config, 'logLevel' | 'logFormat'>, options: { quiet?: boolean } = {}): Logger {
  const readable = (config.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json')) === 'pretty';
  const level = options.quiet && config.logLevel === 'info' ? 'warn' : config.logLevel;
  const settings = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: ['*.password', '*.token', '*.secret', '*.authorization', 'req.headers'], censor: '[hidden]' },
  };
  return readable
    ? pino(
        settings,
        pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss', singleLine: true, ignore: 'pid,hostname' }),
      )
    : pino(settings, pino.destination({ dest: 2, sync: true }));
}
