import type { Calendar } from './calendar.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';
import type { Feed, Sync } from './source.ts';

/** What the business talks about: one folder, one door. */
export interface Domain {
  name: string;
  commands: readonly Command[];
  feeds: readonly Feed[];
  /** How feeds are brought up to date from their upstream. */
  syncs?: readonly Sync[];
  /** How feeds stand, day by day. */
  calendars?: readonly Calendar[];
  /** Makes, or brings up to now, this domain's part of the sample workspace; and takes it away without a trace. */
  sample?: { fill(context: Context): Promise<void>; remove(context: Context): Promise<void> };
}
