import type { Config } from './config.ts';
import { openContext } from './context.ts';
import { fixedClock, systemClock } from './core/time.ts';
import { openLog } from './log.ts';
import type { OpenWorkerContext } from './runtime/jobs/worker.ts';
import { openDatabase } from './store/db.ts';
import { readSetting } from './store/settings.ts';

/** Builds the world of a job's worker thread: a database of its own, and the clock where the run wants it. */
export const openWorkerContext: OpenWorkerContext = async (given, { waiting, at, signal, onLog }) => {
  const config = given as Config;
  const db = openDatabase(config.databaseUrl, { role: 'worker', waiting });
  const clock = at ? fixedClock(config.zone, new Date(at)) : systemClock(config.zone);
  const context = await openContext(config, { db, clock, log: openLog(config, onLog && { also: onLog }), signal });
  context.rules.showSample((await readSetting(db, 'sample')) === 'on');
  return { context, close: () => db.$disconnect() };
};
