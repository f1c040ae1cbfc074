import { z } from 'zod';
import { job, noticeCounts } from '../src/core/job.ts';
import { pendingSync, tellPending } from '../src/domains/field/index.ts';

export const fieldPending = job({
  name: 'field.pending',
  summary: { zh: '提醒各服务商等得太久的工单', en: 'Reminds each provider of its orders that wait too long' },
  cron: '30 8 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 10 * 60_000,
  async run(context) {
    // From an answer that cannot be had nobody is reminded: what waits now is not known.
    const report = context.sources.metabase ? await pendingSync.run(context, { trigger: 'job' }) : null;
    for (const problem of report?.problems.slice(0, 20) ?? []) context.log.warn({ feed: 'orders.pending' }, problem);
    const told = await tellPending(context);
    return noticeCounts({ ...told, ...report?.counts, new: report?.counts['added'] ?? 0 });
  },
});
