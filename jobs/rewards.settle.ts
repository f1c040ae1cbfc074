import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { settleAll } from '../src/domains/rewards/index.ts';

export const rewardsSettle = job({
  name: 'rewards.settle',
  summary: {
    zh: '结算各活动：记奖励、报喜、通知得奖的人',
    en: 'Settles the campaigns: books awards, announces new contracts, tells people what they won',
  },
  cron: '*/10 * * * *',
  missed: 'once',
  args: z.strictObject({
    campaign: z.string().optional().describe('Only this campaign; default: all that have contracts'),
    announce: z.boolean().default(false).describe('Announce although the campaign is already over'),
  }),
  timeout: 10 * 60_000,
  run: (context, args) => settleAll(context, args),
});
