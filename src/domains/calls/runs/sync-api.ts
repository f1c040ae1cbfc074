import type { Context } from '../../../core/context.ts';
import { type Day, daysBetween, today } from '../../../core/time.ts';
import { checksOf } from '../check/store.ts';
import { statusOf, type Track } from '../sync/standing.ts';
import { dayRows } from '../sync/store.ts';
import { BusyError, runTrack } from './run.ts';
import { findRun, lastRun, listRuns, markRead as mark, type RunState, type SyncRun } from './store.ts';

/** What others may ask of the synchronisation over HTTP, in the names of the replaced system. */

const MOST_CHECKS = 1_000;

const LABELS = {
  window: { today: '今日数据', t3: '历史数据', t10: '历史数据', close: '日终', range: '历史数据', refresh: '刷新' },
  trigger: { job: '自动', hand: '手动', refresh: '手动', api: '手动' },
  state: { running: '进行中', complete: '成功', partial: '部分成功', failed: '失败' },
} as const;

function shown({ error, holdsUntil: _, ...run }: SyncRun & { holdsUntil?: Date }, detail: boolean) {
  return {
    ...run,
    window_label: LABELS.window[run.window as keyof typeof LABELS.window] ?? run.window,
    trigger_label: LABELS.trigger[run.trigger],
    status_label: LABELS.state[run.state],
    is_read: run.readAt !== null,
    ...(detail && { error }),
  };
}

/** Of each track: whether it is being read, and how the last run and the last complete one went. */
export async function syncStatus({ db }: Context) {
  const of = async (track: Track) => {
    const [last, good] = [await lastRun(db, track), await lastRun(db, track, 'complete')];
    const syncing = last?.state === 'running';
    return {
      syncing,
      locked_by: syncing ? last.runner : null,
      last_sync: last && shown(last, true),
      last_complete: good && shown(good, false),
    };
  };
  return { tasks: await of('tasks'), records: await of('records') };
}

/** How each day of both tracks stands: pages and rows read against those expected. */
export async function syncDays({ db, clock }: Context, from: Day, to: Day) {
  const rows = await dayRows(db, from, to);
  const last = to > today(clock) ? today(clock) : to;
  return daysBetween(from, last).map((date) => {
    const of = (track: Track) => {
      const row = rows.find((one) => one.day === date && one.track === track);
      if (!row) return { status: 'missing' as const };
      const { asOf, pagesRead, pagesExpected, rowsRead, rowsExpected, failedAt, problem } = row;
      return {
        status: statusOf(row, clock),
        as_of: asOf,
        pages_read: pagesRead,
        pages_expected: pagesExpected,
        rows_read: rowsRead,
        rows_expected: rowsExpected,
        failed_at: failedAt,
        problem,
      };
    };
    return { date, tasks: of('tasks'), records: of('records') };
  });
}

/** 偏差: what accounts, labels and records said of each day, and when that changed; newest first. */
export async function deviations({ db }: Context, wish: { from: Day; to: Day; differing: boolean }) {
  const checks = await checksOf(db, wish.from, wish.to, MOST_CHECKS);
  return checks
    .filter(({ differs }) => differs || !wish.differing)
    .map((one) => ({
      date: one.day,
      checked_at: one.at,
      account: { dialled: one.accountDialled, connected: one.accountConnected, success: one.accountSuccess },
      records: { total: one.records, dialled: one.recordsDialled, connected: one.recordsConnected },
      grade_success: one.gradeSuccess,
      deviation: one.accountSuccess - one.gradeSuccess,
      differs: one.differs,
    }));
}

/** A page of runs, newest first. */
export async function syncRuns({ db }: Context, wish: { track?: Track | undefined; page: number; perPage: number }) {
  const { runs, ...rest } = await listRuns(db, {
    track: wish.track,
    skip: (wish.page - 1) * wish.perPage,
    take: wish.perPage,
  });
  return { runs: runs.map((run) => shown(run, false)), ...rest };
}

export async function syncRun({ db }: Context, id: number) {
  const run = Number.isSafeInteger(id) ? await findRun(db, id) : null;
  return run && shown(run, true);
}

/** @param id null: all */
export function markRead({ db, clock }: Context, id: number | null): Promise<number> {
  return mark(db, id, clock.now());
}

/** The run that has the track, where an error says so. */
export function busyRun(error: unknown): SyncRun | null {
  return error instanceof BusyError ? error.run : null;
}

/** Both tracks of some days, now. @throws BusyError at once where a track is being read */
export async function syncManually(context: Context, days: readonly Day[]) {
  const wish = { window: days.length > 1 ? 'range' : 'refresh', trigger: 'api', days, waitMs: 0 } as const;
  const tasks = await runTrack(context, { ...wish, track: 'tasks' });
  const records = await runTrack(context, { ...wish, track: 'records' });
  const bad = [tasks, records].filter((one) => one.state !== 'complete');
  const state: RunState =
    bad.length === 0 ? 'complete' : bad.every((one) => one.state === 'failed') ? 'failed' : 'partial';
  const { read = 0, added = 0, changed = 0, failed = 0, partial = 0, refused = 0 } = records.counts;
  const problem = bad.flatMap((one) => one.days.flatMap((day) => day.problem ?? []))[0];
  return {
    state,
    record_id: records.id,
    summary: {
      total: read,
      new: added,
      updated: changed,
      failed: failed + refused,
      pending: partial,
      duration: records.durationMs / 1_000,
    },
    ...(problem && { error: problem }),
  };
}
