import { type Level, type Logger, multistream, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

/**
 * The log, on standard error: JSON lines, or readable on a terminal. Secrets by name are never in it.
 * @param options.also gets every line, too, as JSON
 */
export function openLog(
  config: Pick<Config, 'logLevel' | 'logFormat'>,
  options: { quiet?: boolean; also?: (line: string) => void } = {},
): Logger {
  const readable = (config.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json')) === 'pretty';
  const level = options.quiet && config.logLevel === 'info' ? 'warn' : config.logLevel;
  const settings = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: ['*.password', '*.token', '*.secret', '*.authorization', 'req.headers'], censor: '[hidden]' },
  };
  const stream = readable
    ? pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss', singleLine: true, ignore: 'pid,hostname' })
    : pino.destination({ dest: 2, sync: true });
  const { also } = options;
  if (!also || level === 'silent') return pino(settings, stream);
  const named = level as Level;
  return pino(
    settings,
    multistream([
      { level: named, stream },
      { level: named, stream: { write: also } },
    ]),
  );
}
