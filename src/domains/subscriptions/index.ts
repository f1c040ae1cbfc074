import type { Domain } from '../../core/domain.ts';
import { commands } from './commands.ts';
import { removeSampleSubscriptions } from './store.ts';

export { runSubscriptions } from './run.ts';

export const subscriptions: Domain = {
  name: 'subscriptions',
  commands,
  feeds: [],
  // None are made up; those that visitors of the sample workspace make go with it.
  sample: { fill: async () => {}, remove: ({ db }) => removeSampleSubscriptions(db) },
};
