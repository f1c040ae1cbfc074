import type { Job } from '../src/core/job.ts';
import { alertsEscalate } from './alerts.escalate.ts';
import { callsJobs } from './calls.ts';
import { driversMissing } from './drivers.missing.ts';
import { driversResults } from './drivers.results.ts';
import { driversSyncJob } from './drivers.sync.ts';
import { feedsSync } from './feeds.sync.ts';
import { fieldContacts } from './field.contacts.ts';
import { fieldOffline } from './field.offline.ts';
import { fieldPending } from './field.pending.ts';
import { fieldReport } from './field.report.ts';
import { fieldSheets } from './field.sheets.ts';
import { fieldTechnicians } from './field.technicians.ts';
import { rewardsNudge } from './rewards.nudge.ts';
import { rewardsRanking } from './rewards.ranking.ts';
import { rewardsSettle } from './rewards.settle.ts';
import { rewardsSync } from './rewards.sync.ts';
import { sampleRefresh } from './sample.refresh.ts';
import { slaDaily } from './sla.daily.ts';
import { slaRanking } from './sla.ranking.ts';
import { slaWatch } from './sla.watch.ts';
import { slaWeekly } from './sla.weekly.ts';
import { subscriptionsRun } from './subscriptions.run.ts';

/** Every job. A job is a value in a file of its own; this list is all that anybody else needs to know. */
export const jobs: readonly Job[] = [
  alertsEscalate,
  driversMissing,
  driversResults,
  driversSyncJob,
  feedsSync,
  fieldContacts,
  fieldOffline,
  fieldPending,
  fieldReport,
  fieldSheets,
  fieldTechnicians,
  rewardsNudge,
  rewardsRanking,
  rewardsSettle,
  rewardsSync,
  sampleRefresh,
  slaDaily,
  slaRanking,
  slaWatch,
  slaWeekly,
  subscriptionsRun,
  ...callsJobs,
];
