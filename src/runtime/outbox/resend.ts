import type { Context } from '../../core/context.ts';
import { restOf, schemeOf } from '../../core/platform.ts';
import { enableDestinations } from './destination/store.ts';
import { type Chosen, requeue } from './store.ts';

/**
 * The operator wants letters sent again, and so believes that their destinations are there: those that were switched off
 * are on again. What has arrived, or may have, is marked （重发）. Returns how many letters.
 */
export async function resend(context: Pick<Context, 'db' | 'clock' | 'rules'>, chosen: Chosen): Promise<number> {
  const { db, clock, rules } = context;
  const { count, names } = await requeue(db, chosen, clock.now());
  const addresses = names.flatMap((name) => {
    const channel = schemeOf(name) === 'channel' ? rules.channel(restOf(name)) : undefined;
    return channel ? [channel.address, ...(channel.robots ?? [])] : [name];
  });
  await enableDestinations(db, addresses);
  return count;
}
