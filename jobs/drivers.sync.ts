import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { driversSync } from '../src/domains/drivers/index.ts';

export const driversSyncJob = job({
  name: 'drivers.sync',
  summary: {
    zh: '从公司 MySQL 更新司机、订单、扫描和照片',
    en: "Brings drivers, orders, scans and pictures up to date from the company's MySQL",
  },
  cron: '1-59/5 * * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 8 * 60_000,
  async run(context) {
    if (!context.sources.mysql) return { skipped: 1 };
    const { counts, problems } = await driversSync.run(context, { trigger: 'job' });
    for (const problem of problems) context.log.warn({ feed: driversSync.feed }, problem);
    return counts;
  },
});
