import type { Domain } from '../../core/domain.ts';
import { callsSummary, dailyStats, gradeStats, overview, trend, whenRead } from './api.ts';
import { breakdowns } from './breakdown/commands.ts';
import { callsCalendars } from './calendar.ts';
import { callsOfDay, callsOfMonth } from './commands.ts';
import { callsFeed } from './feed.ts';
import { callsRefresh, refreshDay } from './refresh.ts';
import { callsReport } from './report/command.ts';
import {
  busyRun,
  deviations,
  markRead,
  syncDays,
  syncManually,
  syncRun,
  syncRuns,
  syncStatus,
} from './runs/sync-api.ts';
import { callsSyncs } from './runs/syncs.ts';
import { fillSampleCalls, removeSample } from './sample.ts';
import { together } from './together.ts';

export const calls: Domain = {
  name: 'calls',
  commands: [...[callsOfDay, callsOfMonth, callsReport, ...breakdowns].map(together), callsRefresh],
  feeds: [callsFeed],
  calendars: callsCalendars,
  syncs: callsSyncs,
  sample: { fill: fillSampleCalls, remove: removeSample },
};

export { postReport } from './report/post.ts';
export { forgetDetails } from './retention/store.ts';
export { syncWindow } from './runs/syncs.ts';

/** What the replaced system gave over HTTP. */
export const callsApi = {
  ...{ callsSummary, dailyStats, gradeStats, overview, trend, whenRead, refreshDay },
  ...{ busyRun, deviations, markRead, syncDays, syncManually, syncRun, syncRuns, syncStatus },
};
