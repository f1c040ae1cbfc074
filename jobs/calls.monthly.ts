import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { postReport } from '../src/domains/calls/index.ts';

export const callsMonthly = job({
  name: 'calls.monthly',
  summary: {
    zh: '上月外呼月报和图表，发到它的频道',
    en: 'The report on calls of the month before, with charts, to its channel',
  },
  cron: '20 9 1 * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => postReport(context, 'month'),
});
