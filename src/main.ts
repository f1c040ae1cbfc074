import { sayError } from './cli/errors.ts';
import { processConfig } from './config.ts';
import { serve } from './serve.ts';

try {
  await serve(processConfig());
} catch (error) {
  sayError(error);
  process.exitCode = 1;
}
