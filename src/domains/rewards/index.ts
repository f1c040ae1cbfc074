import type { Domain } from '../../core/domain.ts';
import { contractsCalendar } from './calendar.ts';
import { commands } from './commands.ts';
import { contractsFeed } from './feed.ts';
import { sample } from './sample.ts';
import { contractsSync } from './sync.ts';

export { type Campaign, campaignsFrom } from './campaign.ts';
export { readCampaigns } from './campaigns.ts';
export { computeFile } from './compute.ts';
export { type Decision, decisionJson } from './model.ts';
export { nudgeAll } from './nudges.ts';
export { postRankings } from './ranking-letters.ts';
export { settleAll } from './settle.ts';
export { contractsSync } from './sync.ts';
export { publishedEditions } from './versions/editions.ts';
export { compare, totalOf } from './what-if.ts';

export const rewards: Domain = {
  name: 'rewards',
  commands,
  feeds: [contractsFeed],
  syncs: [contractsSync],
  calendars: [contractsCalendar],
  sample,
};
