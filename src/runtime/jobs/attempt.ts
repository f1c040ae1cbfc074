import { z } from 'zod';
import type { Context } from '../../core/context.ts';
import { messageOf, wasTold } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import type { Outcome } from './run.ts';

/** Why a run's signal was aborted: for `interrupted` somebody stopped it. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * Runs a job once and says how it ended; never throws. `context.signal` or the job's time limit aborts the signal that
 * the job sees. A job that returns after its signal was aborted did not do all its work: it is not `done`.
 */
export async function attempt(job: Job, context: Context, args: unknown): Promise<Outcome> {
  const parsed = job.args.safeParse(args);
  if (!parsed.success)
    return { state: 'failed', error: oneLine(`the arguments are wrong: ${z.prettifyError(parsed.error)}`) };
  const ending = new AbortController();
  const stop = (): void => ending.abort(new Stopped(messageOf(context.signal.reason)));
  context.signal.addEventListener('abort', stop, { once: true });
  if (context.signal.aborted) stop();
  const limit = setTimeout(() => ending.abort(new Error(overdue(job))), job.timeout);
  try {
    ending.signal.throwIfAborted();
    const counts = await job.run({ ...context, signal: ending.signal }, parsed.data);
    return ending.signal.aborted ? { ...stopped(ending.signal), counts } : { state: 'done', counts };
  } catch (error) {
    return ending.signal.aborted ? stopped(ending.signal) : failed(error);
  } finally {
    clearTimeout(limit);
    context.signal.removeEventListener('abort', stop);
  }
}

export function overdue(job: { timeout: number }): string {
  return `took longer than its time limit of ${job.timeout / 1000} s`;
}

export function failed(error: unknown): Outcome {
  const stack = error instanceof Error && error.stack ? withoutSecrets(error.stack) : undefined;
  return { state: 'failed', error: oneLine(messageOf(error)), stack, told: wasTold(error) };
}

function stopped(signal: AbortSignal): Outcome {
  const state = signal.reason instanceof Stopped ? 'interrupted' : 'failed';
  return { state, error: oneLine(messageOf(signal.reason)) };
}

/** One line of at most 300 characters, without the passwords and keys that an address may hold. */
export function oneLine(text: string): string {
  const line = withoutSecrets(text).replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function withoutSecrets(text: string): string {
  return text
    .replace(/\/\/[^/\s@]*@/g, '//***@')
    .replace(/([?&][\w-]*(?:key|token|secret|password)=)[^&\s"']+/gi, '$1***');
}
