import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { postRanking } from '../src/domains/sla/index.ts';

export const slaRanking = job({
  name: 'sla.ranking',
  summary: { zh: '发布上周违规排行与走势', en: 'Posts the ranking and trend of violations of the week before' },
  cron: '0 10 * * 1',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => postRanking(context),
});
