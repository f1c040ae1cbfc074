import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { syncWindow } from '../src/domains/calls/index.ts';

export const callsRecordsToday = job({
  name: 'calls.records-today',
  summary: { zh: '话单：今天', en: 'Call records: today' },
  cron: '*/10 9-23 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 30 * 60_000,
  run: (context) => syncWindow(context, 'records', 'today'),
});
