import type { Config } from './config.ts';
import { openContext } from './context.ts';
import type { Context } from './core/context.ts';
import { armCrashPoint } from './core/crash-point.ts';
import { systemClock } from './core/time.ts';
import { openLog } from './log.ts';
import { openDatabase } from './store/db.ts';
import { migrate } from './store/migrate.ts';
import { readSetting } from './store/settings.ts';

/** The world that jobs look at, for a command that runs once; the database is brought to its newest form. */
export async function openCliContext(config: Config): Promise<{ context: Context; close(): Promise<void> }> {
  armCrashPoint(config.crashAt);
  const stopping = new AbortController();
  await migrate(config.databaseUrl);
  const db = openDatabase(config.databaseUrl);
  const clock = systemClock(config.zone);
  const context = await openContext(config, {
    db,
    clock,
    log: openLog(config, { quiet: true }),
    signal: stopping.signal,
  });
  context.rules.showSample(config.sample !== 'off' && (await readSetting(db, 'sample')) === 'on');
  return {
    context,
    async close() {
      stopping.abort();
      await db.$disconnect();
    },
  };
}
