import type { Context } from '../../../core/context.ts';
import { textMessage } from '../../../core/message.ts';
import { type Day, today } from '../../../core/time.ts';
import { callRules } from '../decide.ts';
import { totalsOf } from '../model.ts';
import { dailyCounts } from '../store.ts';
import { isClosed } from '../sync/standing.ts';
import { dayRows } from '../sync/store.ts';
import { type Check, type CheckFigures, noteCheck } from './store.ts';

/** Scans of a day that is not over are compared where they are no further apart than this. */
const TOGETHER_MS = 10 * 60_000;

/** Holds the tracks of a day against each other, keeps what they say, and tells somebody where they are far apart. */
export async function checkDay(context: Context, day: Day): Promise<Check | null> {
  const { db, clock, rules } = context;
  const rows = await dayRows(db, day, day);
  const tasks = rows.find(({ track }) => track === 'tasks');
  const records = rows.find(({ track }) => track === 'records');
  if (tasks?.kept !== 'complete' || records?.kept !== 'complete' || !tasks.asOf || !records.asOf) return null;
  const over = day < today(clock) && isClosed(tasks, clock) && isClosed(records, clock);
  if (!over && Math.abs(tasks.asOf.getTime() - records.asOf.getTime()) > TOGETHER_MS) return null;
  const totals = totalsOf(await dailyCounts(db, day, day, false), callRules(await rules.documents('calls')));
  const figures: CheckFigures = {
    accountDialled: tasks.dialled ?? 0,
    accountConnected: tasks.connected ?? 0,
    accountSuccess: tasks.success ?? 0,
    recordsDialled: totals.dialled,
    recordsConnected: totals.connected,
    gradeSuccess: totals.success ?? 0,
    records: totals.records,
  };
  const check = { day, at: clock.now(), ...figures, differs: figures.accountSuccess !== figures.gradeSuccess };
  await noteCheck(db, check);
  if (over) await tell(context, check);
  return check;
}

/** A few orders differ on many days; more than that, or calls that are missing, are somebody's to look at. */
function isFar(check: CheckFigures): boolean {
  const orders = Math.abs(check.accountSuccess - check.gradeSuccess);
  const calls = Math.abs(check.accountDialled - check.recordsDialled);
  return orders > Math.max(3, check.accountSuccess * 0.1) || calls > check.accountDialled * 0.02;
}

async function tell({ db, alerts }: Context, check: Check): Promise<void> {
  const key = `calls/deviation/${check.day}`;
  const standing = (await alerts.standing([key])).get(key);
  if (!isFar(check)) {
    if (standing && standing.state !== 'closed') await alerts.close(key, textMessage(`外呼偏差已消除：${check.day}`));
    return;
  }
  if (standing) return;
  const text = [
    `账号统计：外呼 ${check.accountDialled} · 接通 ${check.accountConnected} · 成单 ${check.accountSuccess}`,
    `话单统计：外呼 ${check.recordsDialled} · 接通 ${check.recordsConnected} · 成单 ${check.gradeSuccess}`,
  ].join('\n');
  await db.$transaction((tx) =>
    alerts.open(
      [
        {
          key,
          kind: 'calls.deviation',
          subject: `calls:${check.day}`,
          message: { title: `外呼数据偏差：${check.day}`, tone: 'warn', blocks: [{ type: 'text', text }] },
          steps: [{ after: 0, to: ['channel:admins'] }],
        },
      ],
      tx,
    ),
  );
}
