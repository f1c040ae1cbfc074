import type { Job } from '../../core/job.ts';
import { duesBetween, latestDue } from './due.ts';
import type { Trigger } from './run.ts';

/** A run that began within this many milliseconds of its instant was not missed. */
const ON_TIME_MS = 60_000;
/** At most so many missed runs are made good. */
const MOST = 100;

export interface Plan {
  runs: { trigger: Trigger; scheduledFor: Date }[];
  /** Missed instants that are given up because there are too many. */
  dropped: number;
}

/**
 * Which runs to begin now, in order: those due at this moment, and by the job's policy those that were missed.
 * @param since everything due up to and including this instant is accounted for
 * @param broken the instant of a run that was interrupted: it counts as missed
 */
export function plan(
  job: { cron: string; missed: Job['missed'] },
  window: { since: Date; now: Date; broken?: Date | undefined },
  zone: string,
): Plan {
  const { since, now, broken } = window;
  const late = new Date(Math.max(since.getTime(), now.getTime() - ON_TIME_MS));
  const current = duesBetween(job.cron, late, now, zone).map((due) => ({
    trigger: 'schedule' as const,
    scheduledFor: due,
  }));
  if (job.missed === 'skip') return { runs: current, dropped: 0 };
  if (job.missed === 'once') {
    if (current.length > 0) return { runs: current.slice(-1), dropped: 0 };
    const missed = latestDue(job.cron, since, late, zone) ?? broken;
    return { runs: missed ? [{ trigger: 'missed', scheduledFor: missed }] : [], dropped: 0 };
  }
  const missed = [...(broken ? [broken] : []), ...duesBetween(job.cron, since, late, zone)];
  const kept = missed.slice(-MOST).map((due) => ({ trigger: 'missed' as const, scheduledFor: due }));
  return { runs: [...kept, ...current], dropped: missed.length - kept.length };
}
