import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { postRankings } from '../src/domains/rewards/index.ts';

export const rewardsRanking = job({
  name: 'rewards.ranking',
  summary: {
    zh: '当天排行发到各活动群，月末后再发最终排行',
    en: 'The ranking of the day to each campaign group, and the last one after the end of the month',
  },
  cron: '30 18 * * *',
  missed: 'skip',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => postRankings(context),
});
