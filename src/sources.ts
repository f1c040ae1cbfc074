import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Sources } from './core/context.ts';
import type { Clock } from './core/time.ts';

/** The upstream systems whose settings are complete. Each is loaded when it is first asked: start-up stays quick. */
export function openSources(_config: Config, _tools: { clock: Clock; log: Logger }): Sources {
  return {};
}
