import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { contractsSync } from '../src/domains/rewards/index.ts';

export const rewardsSync = job({
  name: 'rewards.sync',
  summary: {
    zh: '结算前从 Metabase 更新合同',
    en: 'Brings contracts up to date from Metabase, shortly before they are settled',
  },
  cron: '8-59/10 * * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 8 * 60_000,
  async run(context) {
    if (!context.sources.metabase) return { skipped: 1 };
    const { counts, problems } = await contractsSync.run(context, { trigger: 'job' });
    for (const problem of problems.slice(0, 20)) context.log.warn({ feed: contractsSync.feed }, problem);
    return counts;
  },
});
