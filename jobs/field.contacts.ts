import { z } from 'zod';
import { job, noticeCounts } from '../src/core/job.ts';
import { readContacts, tellContacts } from '../src/domains/field/index.ts';

export const fieldContacts = job({
  name: 'field.contacts',
  summary: { zh: '列出首次联系已超时的工单', en: 'Lists the orders whose first contact is overdue' },
  cron: '0 9 * * *',
  missed: 'skip',
  args: z.strictObject({}),
  timeout: 5 * 60_000,
  async run(context) {
    if (!context.sources.metabase) return noticeCounts({ skipped: 1 });
    const { rows, report } = await readContacts(context);
    for (const problem of report.problems.slice(0, 20)) context.log.warn({ feed: 'field.contacts' }, problem);
    const said = await tellContacts(context, rows);
    // One list a day: what is read again after it is not said again.
    const fresh = said > 0 ? rows.length : 0;
    return noticeCounts({ ...report.counts, new: fresh, said, skipped: rows.length - fresh });
  },
});
