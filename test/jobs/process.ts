import pino from 'pino';
import { createScheduler } from '../../src/runtime/jobs/scheduler.ts';
import { openDatabase } from '../../src/store/db.ts';
import { clockFrom } from './clock.ts';
import { pause } from './jobs.ts';

/** A process that does nothing but run its jobs: `node process.mjs URL ZONE NOW WORKER`. */
const [url = '', zone = '', now = '', worker = ''] = process.argv.slice(2);
const waiting = new SharedArrayBuffer(4);
const scheduler = createScheduler({
  jobs: [pause],
  context: { db: openDatabase(url, { waiting }), clock: clockFrom(zone, now), log: pino({ level: 'silent' }) },
  worker: { entry: new URL(worker), config: { url, zone }, waiting },
  onWake: () => {},
});
await scheduler.start();
