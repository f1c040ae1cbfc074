import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { runSubscriptions } from '../src/domains/subscriptions/index.ts';

export const subscriptionsRun = job({
  name: 'subscriptions.run',
  summary: { zh: '到时间的订阅去问，把答案发出去', en: 'Asks what is subscribed to and due, and posts the answers' },
  cron: '* * * * *',
  // Each subscription has its own policy: one run looks after all that was missed.
  missed: 'once',
  args: z.strictObject({}),
  timeout: 10 * 60_000,
  run: (context) => runSubscriptions(context),
});
