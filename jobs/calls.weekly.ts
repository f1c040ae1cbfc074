import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { postReport } from '../src/domains/calls/index.ts';

export const callsWeekly = job({
  name: 'calls.weekly',
  summary: {
    zh: '上周外呼周报和图表，发到它的频道',
    en: 'The report on calls of the week before, with charts, to its channel',
  },
  cron: '10 9 * * 1',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => postReport(context, 'week'),
});
