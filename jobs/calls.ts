import type { Job } from '../src/core/job.ts';
import { callsClose } from './calls.close.ts';
import { callsForget } from './calls.forget.ts';
import { callsMonthly } from './calls.monthly.ts';
import { callsRecordsT3 } from './calls.records-t3.ts';
import { callsRecordsT10 } from './calls.records-t10.ts';
import { callsRecordsToday } from './calls.records-today.ts';
import { callsTasksT3 } from './calls.tasks-t3.ts';
import { callsTasksT10 } from './calls.tasks-t10.ts';
import { callsTasksToday } from './calls.tasks-today.ts';
import { callsWeekly } from './calls.weekly.ts';

/** Everything that keeps calls up to date, and their reports. */
export const callsJobs: readonly Job[] = [
  callsClose,
  callsForget,
  callsMonthly,
  callsRecordsT3,
  callsRecordsT10,
  callsRecordsToday,
  callsTasksT3,
  callsTasksT10,
  callsTasksToday,
  callsWeekly,
];
