import type { Domain } from '../../core/domain.ts';
import { feed } from '../../core/source.ts';
import { deliveriesCalendar } from './calendar.ts';
import { deliveriesFeed } from './feed.ts';
import { list } from './list.ts';
import { missing } from './missing/command.ts';
import { driversFeed } from './people-feed.ts';
import { pod } from './pod/command.ts';
import { picturesFeed } from './pod/feed.ts';
import { results } from './results/command.ts';
import { sample } from './sample.ts';
import { scansFeed } from './scans/feed.ts';
import { driversSync } from './sync.ts';
import { trend } from './trend/command.ts';

export { driverRules } from './mapping.ts';
export { checkMissing } from './missing/check.ts';
export { writeResults } from './results/results.ts';
export { driversSync } from './sync.ts';

/** Drivers and what they deliver. */
export const drivers: Domain = {
  name: 'drivers',
  commands: [trend, list, missing, pod, results],
  feeds: [feed(deliveriesFeed), feed(driversFeed), feed(scansFeed), feed(picturesFeed)],
  calendars: [deliveriesCalendar],
  syncs: [driversSync],
  sample,
};
