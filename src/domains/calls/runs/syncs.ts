import type { Context } from '../../../core/context.ts';
import { SetupError, told, UpstreamError } from '../../../core/errors.ts';
import type { Sync, SyncReport } from '../../../core/source.ts';
import { daysBetween, today } from '../../../core/time.ts';
import type { Track } from '../sync/standing.ts';
import { runTrack } from './run.ts';
import { daysOfWindow, type Window } from './windows.ts';

/** A job waits for another one of its track; somebody at a terminal not as long. */
const JOB_WAIT_MS = 10 * 60_000;
const HAND_WAIT_MS = 60_000;

function syncOf(track: Track, summary: string): Sync {
  return {
    feed: `calls.${track}`,
    summary,
    async run(context, { days, trigger, progress }): Promise<SyncReport> {
      const now = today(context.clock);
      if (days && days.to > now) throw new SetupError(`${days.to} is in the future: the last day is ${now}`);
      const wanted = days ? daysBetween(days.from, days.to) : await daysOfWindow(context, track, 'today');
      const waitMs = trigger === 'job' ? JOB_WAIT_MS : HAND_WAIT_MS;
      const window = days ? 'range' : 'today';
      const report = await runTrack(context, { track, window, trigger, days: wanted, waitMs, progress });
      const problems = report.days.flatMap(({ day, problem }) => (problem ? [`${day}: ${problem}`] : []));
      if (report.state === 'failed') throw new UpstreamError(problems.join('\n'));
      const completeness = report.state === 'complete' ? 'complete' : 'partial';
      return { counts: { ...report.counts, retries: report.retries }, completeness, problems };
    },
  };
}

/** Both tracks from Guanke; without days, what is due of today. */
export const callsSyncs: readonly Sync[] = [
  syncOf('tasks', 'Statistics of accounts and tasks from Guanke: today, or the days given'),
  syncOf('records', 'Call records from Guanke: today, or the days given'),
];

/** What a job of a window does. @throws UpstreamError where none of its days could be read */
export async function syncWindow(context: Context, track: Track, window: Window): Promise<Record<string, number>> {
  if (!context.sources.guanke) return { skipped: 1 };
  const days = await daysOfWindow(context, track, window);
  const report = await runTrack(context, { track, window, trigger: 'job', days, waitMs: JOB_WAIT_MS });
  if (report.state === 'failed')
    throw told(new UpstreamError(report.days.map((day) => `${day.day}: ${day.problem}`).join('\n')));
  return { ...report.counts, retries: report.retries };
}
