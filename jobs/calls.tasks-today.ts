import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { syncWindow } from '../src/domains/calls/index.ts';

export const callsTasksToday = job({
  name: 'calls.tasks-today',
  summary: { zh: '外呼统计：今天', en: 'Statistics of calls: today' },
  cron: '0 9-23 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 30 * 60_000,
  run: (context) => syncWindow(context, 'tasks', 'today'),
});
