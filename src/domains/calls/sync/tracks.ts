import type { Context } from '../../../core/context.ts';
import { messageOf, RowError, SetupError, UpstreamError } from '../../../core/errors.ts';
import type { Guanke, RawRecord, StatAnswer, StatKind } from '../../../core/guanke.ts';
import { type Day, startOf } from '../../../core/time.ts';
import { callRules } from '../decide.ts';
import { readCall } from '../feed.ts';
import type { CallRow } from '../model.ts';
import { digestsOf, readDigests } from './digest.ts';
import { type Track, worseThan } from './standing.ts';
import { confirmScan, dayRow, isForgotten, noteFailure, saveScan, saveStats } from './store.ts';

/** What came of one day of one track. */
export interface DayOutcome {
  day: Day;
  /** `refused`: what came was worse than what is kept, which stays. */
  state: 'complete' | 'partial' | 'refused' | 'failed';
  counts: Record<string, number>;
  retries: number;
  problem?: string | undefined;
}

export interface ReadWish {
  /** The run that reads. */
  run: number;
  progress?: ((line: string) => void) | undefined;
  /** Somebody has looked: what comes takes the place of what is kept, also where it is much less. */
  force?: boolean | undefined;
}

export type ReadDay = (context: Context, guanke: Guanke, day: Day, wish: ReadWish) => Promise<DayOutcome>;

/** How a day is brought up to date, by track. What goes wrong is written down; only a refused sign-in is thrown. */
export const READ_DAY: Record<Track, ReadDay> = {
  tasks: guarded('tasks', readTasks),
  records: guarded('records', readRecords),
};

function guarded(track: Track, read: ReadDay): ReadDay {
  return async (context, guanke, day, wish) => {
    const began = context.clock.now();
    try {
      const outcome = await read(context, guanke, day, wish);
      if (outcome.state === 'refused') await noteFailure(context.db, day, track, began, `${outcome.problem}`);
      return outcome;
    } catch (error) {
      context.signal.throwIfAborted();
      await noteFailure(context.db, day, track, began, messageOf(error));
      if (error instanceof SetupError) throw error;
      return { day, state: 'failed', counts: {}, retries: 0, problem: messageOf(error) };
    }
  };
}

/** Lines are counted from the call records. */
const KINDS: readonly StatKind[] = ['account', 'task'];

/** Accounts and tasks of one day; the total of the accounts is what counts. */
async function readTasks(context: Context, guanke: Guanke, day: Day, { run, force }: ReadWish): Promise<DayOutcome> {
  const { db, clock, signal } = context;
  const asOf = clock.now();
  const settled = await Promise.allSettled(KINDS.map((kind) => guanke.stat(day, kind, { signal })));
  const stats: Partial<Record<StatKind, StatAnswer>> = {};
  const problems: string[] = [];
  settled.forEach((one, at) => {
    const kind = KINDS[at] as StatKind;
    if (one.status === 'fulfilled') stats[kind] = one.value;
    else if (kind === 'account' || one.reason instanceof SetupError) throw one.reason;
    else problems.push(`statistics by ${kind}: ${messageOf(one.reason)}`);
  });
  const { total, rows } = stats.account as StatAnswer;
  const added = rows.reduce((sum, row) => sum + row.dialled, 0);
  if (added < total.dialled) problems.push(`the accounts add up to ${added} calls of ${total.dialled}`);
  const ofTasks = stats.task?.rows.reduce((sum, row) => sum + row.dialled, 0);
  if (ofTasks !== undefined && Math.min(ofTasks, total.dialled) < Math.max(ofTasks, total.dialled) / 2) {
    const differ = `the tasks add up to ${ofTasks} calls, the accounts to ${total.dialled}`;
    if (ofTasks > total.dialled) throw new UpstreamError(differ);
    problems.push(differ);
    delete stats.task;
  }
  const retries = Object.values(stats).reduce((sum, one) => sum + one.retries, 0);
  const problem = problems.length > 0 ? problems.join('; ') : undefined;
  const before = await dayRow(db, day, 'tasks');
  const known = before?.asOf ? { whole: before.kept === 'complete', size: before.dialled ?? 0 } : null;
  const worse = worseThan(known, { whole: !problem, size: total.dialled, problem });
  if (worse && !force) return { day, state: 'refused', counts: {}, retries, problem: worse };
  const count = Object.values(stats).reduce((sum, one) => sum + one.rows.length, 0);
  const saved = await saveStats(db, day, stats, {
    run,
    asOf,
    whole: !problem,
    pagesRead: Object.keys(stats).length,
    pagesExpected: KINDS.length,
    rowsRead: count,
    rowsExpected: count,
    ...total,
    problem,
  });
  return { day, state: problem ? 'partial' : 'complete', counts: { read: count, ...saved }, retries, problem };
}

/** All call records of one day, and from the same pass the facts per seat, task, line and hour. */
async function readRecords(
  context: Context,
  guanke: Guanke,
  day: Day,
  { run, progress, force }: ReadWish,
): Promise<DayOutcome> {
  const { db, clock, signal, rules } = context;
  const asOf = clock.now();
  const before = await dayRow(db, day, 'records');
  const digests = readDigests(before?.digests);
  const scan = await guanke.records(day, (values) => callOrFault(values, day, context), {
    signal,
    progress,
    // Where somebody has looked, all is looked into.
    seen: force ? undefined : digests?.pages,
  });
  if (scan.unchanged && before) {
    await confirmScan(db, day, { run, asOf });
    const counts = { read: before.rowsRead, added: 0, changed: 0, unchanged: before.rowsRead, removed: 0 };
    return { day, state: 'complete', counts: { ...counts, repeated: 0, rejected: 0 }, retries: scan.retries };
  }
  const rows = scan.rows.filter((row): row is CallRow => !(row instanceof RowError));
  const bad = scan.rows.filter((row) => row instanceof RowError);
  const fault = bad[0] && `${bad.length} records cannot be read: ${bad[0].message}`;
  // A few that can never be read must not keep a day in part for ever: they are counted and said.
  const { unreadable } = callRules(await rules.documents('calls'));
  const problem = scan.problem ?? (bad.length > unreadable ? fault : undefined);
  const known = before?.asOf ? { whole: before.kept === 'complete', size: before.rowsRead } : null;
  // In part beside part: both are kept together.
  const worse =
    known?.whole === false && problem ? null : worseThan(known, { whole: !problem, size: rows.length, problem });
  const { retries } = scan;
  if (problem && (await isForgotten(db, day))) return { day, state: 'refused', counts: {}, retries, problem };
  if (worse && !force) return { day, state: 'refused', counts: { read: rows.length }, retries, problem: worse };
  const saved = await saveScan(db, day, rows, digests?.hours ?? null, {
    run,
    asOf,
    whole: !problem,
    pagesRead: scan.pages.read,
    pagesExpected: scan.pages.expected,
    rowsRead: rows.length,
    rowsExpected: scan.expected,
    dialled: rows.filter((row) => row.dialled).length,
    connected: rows.filter((row) => row.connected).length,
    success: null,
    // A record that cannot be read may be readable later, though the answer is the same.
    digests: { hours: digestsOf(rows), pages: bad.length === 0 ? scan.seen : undefined },
    problem: problem ?? fault,
  });
  const counts = { read: rows.length, ...saved, repeated: scan.repeated, rejected: bad.length };
  return { day, state: problem ? 'partial' : 'complete', counts, retries, problem: problem ?? fault };
}

/** A number that was not dialled may have no time: it is one of the day that was asked for. */
function dated(values: RawRecord, day: Day, { zone }: Context['clock']): RawRecord {
  if (Number(values['callTime'] || 0) !== 0 || String(values['isCall'] ?? '') !== '0') return values;
  return { ...values, callTime: startOf(day, zone).getTime() / 1_000 };
}

/** The record as a call of that day, or why it is none. */
function callOrFault(values: RawRecord, day: Day, context: Context): CallRow | RowError {
  try {
    const row = readCall({ line: 0, values: dated(values, day, context.clock) }, context);
    return row.day === day ? row : new RowError(`the record ${row.id} is of ${row.day}`);
  } catch (error) {
    if (error instanceof RowError) return error;
    throw error;
  }
}
