import { z } from 'zod';
import { job } from '../src/core/job.ts';

export const alertsEscalate = job({
  name: 'alerts.escalate',
  summary: {
    zh: '到时没人认领的提醒，通知下一级',
    en: 'Tells the next in rank of alerts that nobody has taken in time',
  },
  cron: '* * * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => context.alerts.escalate(),
});
