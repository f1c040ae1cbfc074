import { z } from 'zod';
import { UpstreamError } from '../src/core/errors.ts';
import { job } from '../src/core/job.ts';
import { isDay } from '../src/core/time.ts';
import { domains } from '../src/domains/index.ts';

const day = z.string().refine(isDay, 'a day such as 2025-10-17').optional();

export const feedsSync = job({
  name: 'feeds.sync',
  summary: {
    zh: '把一类数据更新到最新，或补取某几天；手动',
    en: 'Brings one feed up to date from its upstream, or fetches days anew; by hand',
  },
  missed: 'skip',
  args: z.strictObject({
    feed: z.string().describe('E.g. rewards.contracts'),
    from: day.describe('First day; default: what is due now'),
    to: day.describe('Last day; default: the first'),
  }),
  timeout: 60 * 60_000,
  async run(context, { feed, from, to = from }) {
    const sync = domains.flatMap((domain) => domain.syncs ?? []).find((one) => one.feed === feed);
    if (!sync) throw new UpstreamError(`no feed ${feed} has an upstream`);
    const days = from !== undefined && to !== undefined ? { from, to } : undefined;
    const progress = (line: string) => context.log.info({ feed }, line);
    const { counts, completeness, problems } = await sync.run(context, { days, trigger: 'hand', progress });
    for (const problem of problems.slice(0, 200)) context.log.warn({ feed }, problem);
    if (completeness !== 'complete') context.log.warn({ feed }, 'not complete');
    return { ...counts, problems: problems.length };
  },
});
