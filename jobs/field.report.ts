import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { postReport } from '../src/domains/field/index.ts';
import { orderCities, serviceDay } from '../src/domains/sla/index.ts';

export const fieldReport = job({
  name: 'field.report',
  summary: {
    zh: '每日服务日报：昨天的工单、违规、待处理，与前一周对比',
    en: 'The daily service report: orders, violations and waiting orders of yesterday, against the week before',
  },
  cron: '15 9 * * *',
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) =>
    postReport(context, {
      dayOf: (day) => serviceDay(context, day),
      citiesOf: (numbers) => orderCities(context, numbers),
    }),
});
