import { z } from 'zod';
import { job, noticeCounts } from '../src/core/job.ts';
import { techniciansSync, tellTechnicians } from '../src/domains/field/index.ts';

export const fieldTechnicians = job({
  name: 'field.technicians',
  summary: {
    zh: '通知各公司哪些技师上线或离线',
    en: 'Tells companies which of their technicians went on-line or off-line',
  },
  cron: '*/10 * * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  async run(context) {
    if (!context.sources.metabase) return noticeCounts({ skipped: 1 });
    const { counts, problems } = await techniciansSync.run(context, { trigger: 'job' });
    for (const problem of problems.slice(0, 20)) context.log.warn({ feed: techniciansSync.feed }, problem);
    const told = await tellTechnicians(context);
    const { read = 0, rejected = 0 } = counts;
    return noticeCounts({ ...counts, ...told, skipped: read - rejected - told.said });
  },
});
