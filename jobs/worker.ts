import { runInWorker } from '../src/runtime/jobs/worker.ts';
import { openWorkerContext } from '../src/worker-context.ts';
import { jobs } from './index.ts';

// The one worker entry: Bree starts this file, compiled, in a thread for each run.
await runInWorker(jobs, openWorkerContext);
