import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { syncWindow } from '../src/domains/calls/index.ts';

export const callsRecordsT3 = job({
  name: 'calls.records-t3',
  summary: {
    zh: '话单：最近三天，标签还会更正',
    en: 'Call records: the last three days, whose labels are still corrected',
  },
  cron: '5 1,10,15,21 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 30 * 60_000,
  run: (context) => syncWindow(context, 'records', 't3'),
});
