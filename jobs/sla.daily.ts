import { z } from 'zod';
import { job, noticeCounts } from '../src/core/job.ts';
import { tellViolations, violationsSync } from '../src/domains/sla/index.ts';

export const slaDaily = job({
  name: 'sla.daily',
  summary: {
    zh: '读取昨天的违规，通知各服务商',
    en: "Reads yesterday's violations and tells each provider of its own",
  },
  // Again every hour until noon: the answer may be late, and the same rows again say nothing.
  cron: '0 9-12 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 10 * 60_000,
  async run(context) {
    const counts: Record<string, number> = { read: 0 };
    let broken: unknown;
    if (context.sources.metabase) {
      // What is known is told even where the source is broken; the run fails all the same.
      const report = await violationsSync.run(context, { trigger: 'job' }).catch((error: unknown) => {
        broken = error;
        return null;
      });
      Object.assign(counts, report?.counts);
      for (const problem of report?.problems.slice(0, 20) ?? []) context.log.warn({ feed: 'sla.violations' }, problem);
    }
    const told = await tellViolations(context);
    if (broken) throw broken;
    return noticeCounts({ ...counts, ...told, skipped: (counts['unchanged'] ?? 0) + (counts['repeated'] ?? 0) });
  },
});
