import type { Domain } from '../../core/domain.ts';
import { appealCommands } from './appeals/commands.ts';
import { violationsCalendar } from './calendar.ts';
import { commands } from './commands.ts';
import { ordersFeed, violationsFeed } from './feed.ts';
import { sample } from './sample.ts';
import { violationsSync } from './sync.ts';

export { postRanking } from './broadcast.ts';
export { type Checked, checkOrders, compareVerdicts, type Difference } from './levels/check.ts';
export { type OrderRow, readOrder } from './levels/order-row.ts';
export type { ComputedLevel } from './levels/rules.ts';
export { watchLevels } from './levels/watch.ts';
export { tellViolations, tellWeek } from './notify.ts';
export { levelsFrom } from './rules.ts';
export { orderCities, serviceDay } from './service-day.ts';
export { violationsSync } from './sync.ts';

export const sla: Domain = {
  name: 'sla',
  commands: [...commands, ...appealCommands],
  feeds: [violationsFeed, ordersFeed],
  syncs: [violationsSync],
  calendars: [violationsCalendar],
  sample,
};
