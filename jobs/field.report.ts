import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { hourOf } from '../src/core/time.ts';
import { postReport } from '../src/domains/field/index.ts';
import { orderCities, serviceDay } from '../src/domains/sla/index.ts';

/** At this hour the report is posted with what is known. */
const LAST_HOUR = 12;

export const fieldReport = job({
  name: 'field.report',
  summary: {
    zh: '每日服务日报：昨天的工单、违规、待处理，与前一周对比',
    en: 'The daily service report: orders, violations and waiting orders of yesterday, against the week before',
  },
  // Again every hour until noon: where yesterday's violations are late, the report waits for them, once a day.
  cron: `15 9-${LAST_HOUR} * * *`,
  missed: 'once',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  run: (context) =>
    postReport(context, {
      mayWait: context.sources.metabase !== undefined && hourOf(context.clock.now(), context.clock.zone) < LAST_HOUR,
      dayOf: (day) => serviceDay(context, day),
      citiesOf: (numbers) => orderCities(context, numbers),
    }),
});
