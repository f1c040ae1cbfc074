import { z } from 'zod';
import { job } from '../src/core/job.ts';

export const alertsEscalate = job({
  name: 'alerts.escalate',
  summary: 'Tells the next in rank of alerts that nobody has taken in time',
  cron: '* * * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => context.alerts.escalate(),
});
