import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { syncWindow } from '../src/domains/calls/index.ts';

export const callsRecordsT10 = job({
  name: 'calls.records-t10',
  summary: { zh: '话单：最近十天和漏掉的', en: 'Call records: the last ten days, and what was missed' },
  cron: '5 7 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 30 * 60_000,
  run: (context) => syncWindow(context, 'records', 't10'),
});
