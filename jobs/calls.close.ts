import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { syncWindow } from '../src/domains/calls/index.ts';

export const callsClose = job({
  name: 'calls.close',
  summary: { zh: '一天过完后两路数据都再读一遍', en: 'Reads yesterday once more when it is over, in both tracks' },
  cron: '2 0 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 30 * 60_000,
  async run(context) {
    const tasks = await syncWindow(context, 'tasks', 'close');
    const records = await syncWindow(context, 'records', 'close');
    return Object.fromEntries([
      ...Object.entries(tasks).map(([name, count]) => [`tasks.${name}`, count]),
      ...Object.entries(records).map(([name, count]) => [`records.${name}`, count]),
    ]);
  },
});
