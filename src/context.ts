import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Context } from './core/context.ts';
import type { Clock } from './core/time.ts';
import { packageRoot } from './package-root.ts';
import { openTemplates } from './render/template.ts';
import { openOutbox } from './runtime/outbox/outbox.ts';
import { openRules } from './runtime/rules.ts';
import type { Database } from './store/db.ts';

/** Builds the world that commands and jobs look at: in the main thread, in a worker thread, on the command line. */
export async function openContext(
  config: Config,
  parts: { db: Database; clock: Clock; log: Logger; signal: AbortSignal; wake?: () => void },
): Promise<Context & { rules: Awaited<ReturnType<typeof openRules>> }> {
  const root = packageRoot();
  return {
    db: parts.db,
    clock: parts.clock,
    log: parts.log,
    signal: parts.signal,
    outbox: openOutbox(parts.db, parts.clock, parts.wake),
    rules: await openRules(join(root, 'rules'), config.variables),
    words: openTemplates(join(root, 'templates')),
  };
}
