import type { Domain } from '../../core/domain.ts';
import { commands } from './commands.ts';
import { pendingFeed } from './feed.ts';
import { sample } from './sample.ts';
import { housekeepersSync, pendingSync, techniciansSync } from './sync.ts';

export { readContacts, tellContacts } from './contacts.ts';
export { tellHousekeepers, tellPending, tellTechnicians } from './notify.ts';
export { postReport } from './report.ts';
export { syncSheets } from './sheets/sync.ts';
export { housekeepersSync, pendingSync, techniciansSync } from './sync.ts';

export const field: Domain = {
  name: 'field',
  commands,
  feeds: [pendingFeed],
  syncs: [pendingSync, techniciansSync, housekeepersSync],
  sample,
};
