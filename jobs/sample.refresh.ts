import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { domains } from '../src/domains/index.ts';
import { readSetting } from '../src/store/settings.ts';

export const sampleRefresh = job({
  name: 'sample.refresh',
  summary: { zh: '示例数据还在时，把它更新到现在', en: 'Brings the sample workspace up to now, while there is one' },
  cron: '*/5 * * * *',
  missed: 'skip',
  args: z.strictObject({}),
  timeout: 60_000,
  async run(context) {
    if ((await readSetting(context.db, 'sample')) !== 'on') return { skipped: 1 };
    for (const domain of domains) await domain.sample?.fill(context);
    return { filled: domains.filter((domain) => domain.sample).length };
  },
});
