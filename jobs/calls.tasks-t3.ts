import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { syncWindow } from '../src/domains/calls/index.ts';

export const callsTasksT3 = job({
  name: 'calls.tasks-t3',
  summary: { zh: '外呼统计：最近三天', en: 'Statistics of calls: the last three days' },
  cron: '0 1,10,15,21 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 30 * 60_000,
  run: (context) => syncWindow(context, 'tasks', 't3'),
});
