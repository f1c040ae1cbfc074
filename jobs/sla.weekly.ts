import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { tellWeek } from '../src/domains/sla/index.ts';

export const slaWeekly = job({
  name: 'sla.weekly',
  summary: {
    zh: '各服务商上周的违规，没有就表扬',
    en: 'Each provider’s violations of the week before, or a word of praise',
  },
  cron: '30 9 * * 1',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 10 * 60_000,
  run: (context) => tellWeek(context),
});
