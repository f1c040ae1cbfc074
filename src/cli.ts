#!/usr/bin/env node
import { exitCodeOf, sayError } from './cli/errors.ts';
import { createProgram } from './cli/program.ts';
import { processConfig } from './config.ts';

// `fieldbell … | head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await createProgram(processConfig).parseAsync(process.argv);
} catch (error) {
  sayError(error);
  process.exitCode = exitCodeOf(error);
}
