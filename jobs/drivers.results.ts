import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { driverRules, writeResults } from '../src/domains/drivers/index.ts';

export const driversResults = job({
  name: 'drivers.results',
  summary: {
    zh: '把司机每天的情况和缺失更新写回公司 MySQL，写到 rules/drivers.yaml 指定的表',
    en: "Writes drivers' days and missing updates back to the company's MySQL, where rules/drivers.yaml names tables for them",
  },
  cron: '20 * * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  async run(context) {
    const { value } = await driverRules(context);
    return value.results ? writeResults(context, value.results) : { skipped: 1 };
  },
});
