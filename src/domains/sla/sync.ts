import type { Context } from '../../core/context.ts';
import { RowError, SetupError, told, UpstreamError } from '../../core/errors.ts';
import { type CardAnswer, requireReadable } from '../../core/metabase.ts';
import type { Sync, SyncReport } from '../../core/source.ts';
import { addDays, type Day, daysBetween, today } from '../../core/time.ts';
import { worded } from './letters.ts';
import type { ViolationRow } from './model.ts';
import { knownDays, saveViolations } from './store.ts';
import { readViolation } from './violation-row.ts';

/** An answer with fewer rows than this part of what is usual is taken for a fault of the upstream. */
const LEAST_PART = 0.5;
/** Days that tell what is usual. */
const USUAL_DAYS = 7;
/** Where fewer are usual, a day without any is nothing strange. */
const USUALLY_SOME = 5;

/**
 * Yesterday's violations from the Metabase card. The business date is the one that was asked for, never the day on which
 * the answer was read.
 */
export const violationsSync: Sync = {
  feed: 'sla.violations',
  summary: "Yesterday's violations from Metabase",
  async run(context, { days, progress }) {
    const { metabase } = context.sources;
    if (!metabase) {
      throw new SetupError(
        'Metabase is off: set METABASE_URL and METABASE_API_KEY, or METABASE_USERNAME and _PASSWORD',
      );
    }
    const yesterday = addDays(today(context.clock), -1);
    const wanted = days ?? { from: yesterday, to: yesterday };
    const answers = await metabase.answers('sla.violations', { days: wanted, signal: context.signal, progress });
    const report: SyncReport = {
      counts: { read: 0, added: 0, changed: 0, unchanged: 0, repeated: 0, rejected: 0, withdrawn: 0 },
      completeness: 'complete',
      problems: [],
    };
    for (const answer of answers) await take(context, answer, answer.days ?? dayOfCard(days, yesterday), report);
    if (report.problems.length > 0) report.completeness = 'partial';
    return report;
  },
};

/** A card without parameters answers for yesterday, whatever is asked. */
function dayOfCard(days: { from: Day; to: Day } | undefined, yesterday: Day): { from: Day; to: Day } {
  if (days && (days.from !== yesterday || days.to !== yesterday)) {
    throw new UpstreamError(`the card of violations answers for ${yesterday} alone: it has no parameters of days`);
  }
  return { from: yesterday, to: yesterday };
}

async function take(
  context: Context,
  answer: CardAnswer,
  { from, to }: { from: Day; to: Day },
  report: SyncReport,
): Promise<void> {
  const { counts, problems } = report;
  const count = (key: string, more: number) => {
    counts[key] = (counts[key] ?? 0) + more;
  };
  const rows = new Map<string, ViolationRow>();
  const bad: string[] = [];
  for (const { line, values } of answer.rows) {
    try {
      const row = readViolation(values, context.clock.zone, from === to ? from : undefined);
      if (row.day < from || row.day > to) throw new RowError(`业务日期 ${row.day} 不在 ${from}..${to} 内`);
      if (rows.has(row.id)) count('repeated', 1);
      else rows.set(row.id, row);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      bad.push(`card ${answer.card} row ${line}: ${error.message}`);
    }
  }
  requireReadable(answer, bad);
  const days = daysBetween(from, to);
  await check(context, answer.card, days, rows);
  const saved = await saveViolations(context, [...rows.values()], {
    source: 'Metabase',
    whole: days,
    completeness: bad.length > 0 ? 'partial' : 'complete',
  });
  for (const [key, value] of Object.entries(saved)) count(key, value);
  count('read', answer.rows.length);
  count('rejected', bad.length);
  problems.push(...bad);
  for (const note of answer.notes) context.log.info({ feed: 'sla.violations' }, note);
}

/**
 * Fewer than were known of the day, or none where there always are some, is more likely a fault than the truth.
 * @throws UpstreamError where it is, once somebody was told; the day stays as it was
 */
async function check(
  context: Context,
  card: number,
  days: readonly Day[],
  rows: ReadonlyMap<string, ViolationRow>,
): Promise<void> {
  const [first, last] = [days[0] as Day, days.at(-1) as Day];
  const known = await knownDays(context.db, addDays(first, -USUAL_DAYS), last, false);
  for (const day of days) {
    const now = [...rows.values()].filter((row) => row.day === day).length;
    const before = known.get(day)?.rows ?? 0;
    const others = [...known.values()].filter((one) => one.day < day && one.day >= addDays(day, -USUAL_DAYS));
    const usual = others.length >= 3 ? others.reduce((sum, one) => sum + one.rows, 0) / others.length : 0;
    if (now >= before * LEAST_PART && (now > 0 || usual < USUALLY_SOME)) continue;
    await context.outbox.post({
      key: `sla/violations/shrunken/${day}/${today(context.clock)}`,
      to: 'channel:admins',
      class: 'notice',
      message: worded('shrunken', 'warn', context, () => ({
        ...{ day, card: String(card), now: String(now) },
        ...{ wasKnown: before > 0, before: String(before), usual: String(Math.round(usual)) },
      })),
    });
    throw told(new UpstreamError(`card ${card} answers ${now} violations for ${day}: nothing was changed`));
  }
}
