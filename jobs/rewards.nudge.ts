import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { nudgeAll } from '../src/domains/rewards/index.ts';

export const rewardsNudge = job({
  name: 'rewards.nudge',
  summary: { zh: '提醒再签一单就到下一档的管家', en: 'Tells who is one contract short of the next tier' },
  cron: '30 10 * * *',
  missed: 'skip',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => nudgeAll(context),
});
