import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { postReport } from '../src/domains/calls/index.ts';

export const callsMonthly = job({
  name: 'calls.monthly',
  summary: 'The report on calls of the month before, with charts, to its channel',
  cron: '20 9 1 * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => postReport(context, 'month'),
});
