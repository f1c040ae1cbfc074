import { z } from 'zod';
import { AskerError, SetupError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import { cronMistake } from './due.ts';

const DAY_MS = 86_400_000;

/** @throws SetupError listing every mistake in the declarations of the jobs */
export function checkJobs(jobs: readonly Job[]): void {
  const mistakes = jobs.flatMap((job, at) => {
    const own = job.cron === undefined ? [] : scheduleMistakes(job, job.cron);
    if (jobs.findIndex((one) => one.name === job.name) !== at) own.push('another job has this name');
    if (!(job.timeout > 0 && job.timeout <= DAY_MS))
      own.push('its timeout must be more than 0 and at most a day, in ms');
    return own.map((mistake) => `${job.name}: ${mistake}`);
  });
  if (mistakes.length > 0) throw new SetupError('The jobs are declared wrongly.', mistakes);
}

function scheduleMistakes(job: Job, cron: string): string[] {
  const mistake = cronMistake(cron);
  const bare = job.args.safeParse({}).success;
  return [
    ...(mistake ? [`its cron ${mistake}`] : []),
    ...(bare ? [] : ['it runs by cron, so each of its arguments needs a default']),
  ];
}

/** @throws AskerError naming the jobs that there are */
export function jobNamed(jobs: readonly Job[], name: string): Job {
  const job = jobs.find((one) => one.name === name);
  if (job) return job;
  const example = jobs[0] && `fieldbell jobs run ${jobs[0].name}`;
  throw new AskerError(`There is no job "${name}". Jobs: ${jobs.map((one) => one.name).join(', ')}.`, { example });
}

/** The arguments as the job takes them. @throws AskerError saying which are wrong */
export function argumentsOf(job: Job, args: Record<string, unknown>): Record<string, unknown> {
  const parsed = job.args.safeParse(args);
  if (parsed.success) return parsed.data;
  throw new AskerError(`The arguments of ${job.name} are wrong: ${z.prettifyError(parsed.error)}`);
}
