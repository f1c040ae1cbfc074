import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { checkMissing, driverRules } from '../src/domains/drivers/index.ts';

export const driversMissing = job({
  name: 'drivers.missing',
  summary: {
    zh: '找出该更新而没更新的司机，按 rules/drivers.yaml 通知司机、DSP 和主管',
    en: 'Looks for drivers who owe an update, and tells driver, DSP and lead by rules/drivers.yaml',
  },
  cron: '*/2 * * * *',
  missed: 'skip',
  args: z.strictObject({}),
  timeout: 60_000,
  async run(context) {
    const { value } = await driverRules(context);
    return value.missing ? checkMissing(context, value.missing) : { skipped: 1 };
  },
});
