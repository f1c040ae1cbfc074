import { CommanderError } from 'commander';
import { AskerError, messageOf, SetupError } from '../core/errors.ts';

/** The words of the call are wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** 0 done; 1 it failed; 2 the words of the call are wrong. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof UsageError ? 2 : 1;
}

/** Says an error on standard error: what is expected in one line, the unexpected with its stack. */
export function sayError(error: unknown): void {
  // Commander has said its own already.
  if (error instanceof CommanderError) return;
  const expected = error instanceof UsageError || error instanceof AskerError || error instanceof SetupError;
  process.stderr.write(
    `${expected || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message)}\n`,
  );
}
