import { z } from 'zod';
import { job, noticeCounts } from '../src/core/job.ts';
import { housekeepersSync, tellHousekeepers } from '../src/domains/field/index.ts';

export const fieldOffline = job({
  name: 'field.offline',
  summary: { zh: '通知刚刚离线的管家', en: 'Tells which housekeepers went off-line just now' },
  cron: '*/10 * * * *',
  missed: 'skip',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  async run(context) {
    if (!context.sources.metabase) return noticeCounts({ skipped: 1 });
    const { counts, problems } = await housekeepersSync.run(context, { trigger: 'job' });
    for (const problem of problems.slice(0, 20)) context.log.warn({ feed: housekeepersSync.feed }, problem);
    const told = await tellHousekeepers(context);
    const { read = 0, rejected = 0 } = counts;
    return noticeCounts({ ...counts, ...told, skipped: read - rejected - told.said });
  },
});
