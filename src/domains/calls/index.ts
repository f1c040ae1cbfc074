import type { Domain } from '../../core/domain.ts';
import { recordsCalendar } from './calendar.ts';
import { callsOfDay, callsOfMonth } from './commands.ts';
import { callsFeed } from './feed.ts';
import { fillSampleCalls, removeSample } from './sample.ts';

export const calls: Domain = {
  name: 'calls',
  commands: [callsOfDay, callsOfMonth],
  feeds: [callsFeed],
  calendars: [recordsCalendar],
  sample: { fill: fillSampleCalls, remove: removeSample },
};
