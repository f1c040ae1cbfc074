import type { Context } from '../../core/context.ts';
import type { Job } from '../../core/job.ts';
import { attempt } from './attempt.ts';
import type { Run } from './run.ts';
import { claimRun, finishRun, type Wanted } from './store.ts';

/**
 * Runs a job here and now, with `context`'s clock, and records it as the scheduler does. For tests, and for jobs that
 * are over in a moment: the caller's thread does the work.
 */
export async function runInline(
  job: Job,
  context: Context,
  args: Record<string, unknown> = {},
  wanted: Partial<Pick<Wanted, 'trigger' | 'scheduledFor'>> = {},
): Promise<Run> {
  const run = await claimRun(
    context.db,
    { name: job.name, args, trigger: 'hand', scheduledFor: null, ...wanted },
    context.clock.now(),
  );
  if (run.state !== 'running') return run;
  return finishRun(context.db, run.id, await attempt(job, context, args), context.clock.now());
}
