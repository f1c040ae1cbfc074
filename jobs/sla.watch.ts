import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { watchLevels } from '../src/domains/sla/index.ts';

export const slaWatch = job({
  name: 'sla.watch',
  summary: {
    zh: '检查未完工单的服务时限：快超时先提醒，超时再通知该谁处理',
    en: 'Evaluates the levels of open orders: warns before a breach, tells it, and who is next',
  },
  cron: '* * * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => watchLevels(context),
});
