import type { Domain } from '../../core/domain.ts';
import { feed } from '../../core/source.ts';
import { deliveriesCalendar } from './calendar.ts';
import { trend } from './commands.ts';
import { deliveriesFeed } from './feed.ts';
import { sample } from './sample.ts';

/** Drivers and what they deliver. */
export const drivers: Domain = {
  name: 'drivers',
  commands: [trend],
  feeds: [feed(deliveriesFeed)],
  calendars: [deliveriesCalendar],
  sample,
};
