import type { Context } from '../../../core/context.ts';
import type { Asker } from '../../../core/people.ts';
import { addDays, startOf, today } from '../../../core/time.ts';
import { callRules } from '../decide.ts';
import { reportCard } from './card.ts';
import { readReport } from './report.ts';

/** A report that could not be sent for so many days is no news any more. */
const NEWS_DAYS = 3;
const GROUP: Asker = { personId: null, name: '', role: 'guest', lang: 'zh', subjects: [], from: null };

/** Posts the report of the week or the month before to its channel, once; where nothing is known of it, nothing. */
export async function postReport(context: Context, which: 'week' | 'month'): Promise<Record<string, number>> {
  const { clock, outbox, rules } = context;
  const { reportTo } = callRules(await rules.documents('calls'));
  const world = { lang: 'zh', context, asker: GROUP } as const;
  const report = reportTo ? await readReport(world, `last_${which}`) : null;
  if (!report || report.state.sample) return { said: 0, skipped: 1 };
  const posted = await outbox.post({
    key: `calls/report/${report.from}..${report.to}`,
    to: `channel:${reportTo}`,
    class: 'broadcast',
    expires: startOf(addDays(today(clock), NEWS_DAYS), clock.zone),
    message: reportCard(world, report),
  });
  return { said: posted === 'queued' ? 1 : 0, skipped: posted === 'queued' ? 0 : 1 };
}
