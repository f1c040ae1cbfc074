import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { syncWindow } from '../src/domains/calls/index.ts';

export const callsTasksT10 = job({
  name: 'calls.tasks-t10',
  summary: { zh: '外呼统计：最近十天和漏掉的', en: 'Statistics of calls: the last ten days, and what was missed' },
  cron: '0 7 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 30 * 60_000,
  run: (context) => syncWindow(context, 'tasks', 't10'),
});
