import type { Context } from '../../core/context.ts';
import { RowError, SetupError, told, UpstreamError } from '../../core/errors.ts';
import { requireReadable } from '../../core/metabase.ts';
import type { Sync, SyncReport } from '../../core/source.ts';
import { today } from '../../core/time.ts';
import type { EventRow } from './model.ts';
import { readHousekeeper, readPending, readTechnician } from './rows.ts';
import { activeOrders, saveEvents, savePending } from './store.ts';
import { worded } from './words.ts';

/** A snapshot with fewer rows than this part of the one before is taken for a fault of the upstream. */
const LEAST_PART = 0.5;
/** Fewer than these may well all be done at once. */
const FEW = 5;

/** Orders that wait, from Metabase: a whole answer takes the place of the one before. */
export const pendingSync: Sync = {
  feed: 'orders.pending',
  summary: 'Orders that wait for somebody, from Metabase',
  async run(context, { progress }) {
    const { rows, report } = await readAll(context, 'orders.pending', readPending, progress);
    const before = (await activeOrders(context.db, false)).length;
    if (before >= FEW && rows.length < before * LEAST_PART) {
      await context.outbox.post({
        key: `field/pending/shrunken/${today(context.clock)}`,
        to: 'channel:admins',
        class: 'notice',
        message: worded('shrunken', 'warn', context, () => ({ now: String(rows.length), before: String(before) })),
      });
      throw told(
        new UpstreamError(`the answer has ${rows.length} waiting orders after ${before}: nothing was changed`),
      );
    }
    // With rows that could not be read nobody knows whether what is missing is gone.
    const whole = report.problems.length === 0;
    Object.assign(report.counts, await savePending(context, rows, { source: 'Metabase', whole }));
    return report;
  },
};

export const techniciansSync: Sync = eventsSync(
  'field.technicians',
  'On-line and off-line changes of technicians, from Metabase',
  readTechnician,
);

export const housekeepersSync: Sync = eventsSync(
  'field.housekeepers',
  'Housekeepers who went off-line, from Metabase',
  readHousekeeper,
);

function eventsSync(feed: string, summary: string, read: (values: Values, zone: string) => EventRow): Sync {
  return {
    feed,
    summary,
    async run(context, { progress }) {
      const { rows, report } = await readAll(context, feed, read, progress);
      Object.assign(report.counts, await saveEvents(context.db, rows, context.clock.now()));
      return report;
    },
  };
}

type Values = Record<string, unknown>;

/** Every row of a feed's cards that can be read, and what is wrong with the others. */
export async function readAll<R>(
  context: Context,
  feed: string,
  read: (values: Values, zone: string) => R,
  progress?: (line: string) => void,
): Promise<{ rows: R[]; report: SyncReport }> {
  const { metabase } = context.sources;
  if (!metabase) {
    throw new SetupError('Metabase is off: set METABASE_URL and METABASE_API_KEY, or METABASE_USERNAME and _PASSWORD');
  }
  const report: SyncReport = { counts: { read: 0, rejected: 0 }, completeness: 'complete', problems: [] };
  const rows: R[] = [];
  for (const answer of await metabase.answers(feed, { signal: context.signal, progress })) {
    const bad: string[] = [];
    report.counts['read'] = (report.counts['read'] ?? 0) + answer.rows.length;
    for (const { line, values } of answer.rows) {
      try {
        rows.push(read(values, context.clock.zone));
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        bad.push(`card ${answer.card} row ${line}: ${error.message}`);
      }
    }
    requireReadable(answer, bad);
    report.problems.push(...bad);
  }
  report.counts['rejected'] = report.problems.length;
  if (report.problems.length > 0) report.completeness = 'partial';
  return { rows, report };
}
