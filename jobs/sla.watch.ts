import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { watchLevels } from '../src/domains/sla/index.ts';

export const slaWatch = job({
  name: 'sla.watch',
  summary: 'Evaluates the levels of open orders: warns before a breach, tells it, and who is next',
  cron: '* * * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) => watchLevels(context),
});
