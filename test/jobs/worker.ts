import pino from 'pino';
import type { Context } from '../../src/core/context.ts';
import { fixedClock, systemClock } from '../../src/core/time.ts';
import { type OpenWorkerContext, runInWorker } from '../../src/runtime/jobs/worker.ts';
import { openDatabase } from '../../src/store/db.ts';
import { testJobs } from './jobs.ts';

const open: OpenWorkerContext = async (config, { waiting, at, signal }) => {
  const { url, zone } = config as { url: string; zone: string };
  const db = openDatabase(url, { role: 'worker', waiting });
  const clock = at ? fixedClock(zone, new Date(at)) : systemClock(zone);
  const outbox = { post: async () => 'queued' as const };
  const context = { db, clock, signal, outbox, log: pino({ level: 'silent' }) } as unknown as Context;
  return { context, close: () => db.$disconnect() };
};

await runInWorker(testJobs, open);
