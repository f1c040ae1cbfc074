import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { forgetDetails } from '../src/domains/calls/index.ts';

export const callsForget = job({
  name: 'calls.forget',
  summary: {
    zh: '30 天前的话单明细清除，统计数保留',
    en: 'Forgets call records of days before the last 30; what was counted from them stays',
  },
  cron: '30 3 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 10 * 60_000,
  run: (context) => forgetDetails(context),
});
