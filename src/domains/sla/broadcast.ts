import type { Context } from '../../core/context.ts';
import { noticeCounts } from '../../core/job.ts';
import { readProviders } from '../../core/providers.ts';
import { today } from '../../core/time.ts';
import { rankingMessage } from './commands.ts';
import { readSlaRules } from './rules.ts';
import { knownDays, newestDay } from './store.ts';
import { weekBefore } from './week.ts';

/** Posts the ranking of the week before, once. */
export async function postRanking(context: Context): Promise<Record<string, number>> {
  const newest = await newestDay(context.db);
  const week = weekBefore(today(context.clock));
  const known = newest ? await knownDays(context.db, week.from, week.to, newest.sample) : new Map();
  if (!newest || known.size === 0) return noticeCounts({ skipped: 1 });
  const rules = await readSlaRules(context.rules);
  const { leadOf } = await readProviders(context.rules, newest.sample);
  const message = await rankingMessage(context, week.from, week.to, newest.sample);
  const posted = await context.outbox.post({
    key: `sla/ranking/${week.to}`,
    to: newest.sample ? leadOf('') : `channel:${rules.ranking.channel}`,
    class: 'broadcast',
    message,
    sample: newest.sample,
  });
  const said = posted === 'queued' ? 1 : 0;
  return noticeCounts({ read: known.size, new: said, said, skipped: 1 - said });
}
