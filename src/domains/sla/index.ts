import type { Domain } from '../../core/domain.ts';
import { commands } from './commands.ts';
import { violationsFeed } from './feed.ts';
import { sample } from './sample.ts';
import { violationsSync } from './sync.ts';

export { postRanking } from './broadcast.ts';
export { tellViolations, tellWeek } from './notify.ts';
export { violationsSync } from './sync.ts';

export const sla: Domain = { name: 'sla', commands, feeds: [violationsFeed], syncs: [violationsSync], sample };
