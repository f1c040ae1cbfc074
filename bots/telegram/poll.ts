import { setTimeout as sleep } from 'node:timers/promises';
import type { Update } from 'grammy/types';
import type { Patience } from './patience.ts';
import { POLL_SECONDS, type Wire } from './wire.ts';

/** What we ask for; anything else is not sent to us. */
export const HEARD = ['message', 'callback_query'] as const;
/** While something is being handled, Telegram is asked this often for more. */
const BETWEEN_MS = 200;
/** What takes longer counts as handed over, so that one endless question does not hold up a restart's bookkeeping. */
const HANDED_OVER_MS = 60_000;
/** What is being handled when we are told to stop gets this long. */
export const LEAVE_MS = 5000;

/**
 * Fetches updates until told to stop. The offset tells Telegram what to forget; it only passes an update once that was
 * handled, so that a kill loses none. Meanwhile newer updates are fetched and handled as well.
 * @param handle resolves when the update was handled
 */
export async function poll(
  wire: Wire,
  patience: Patience,
  handle: (update: Update) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const underWay = new Map<number, Promise<void>>();
  let next = 0;
  const offset = () => Math.min(next, ...underWay.keys());

  while (!signal.aborted) {
    const timeout = underWay.size > 0 ? 0 : POLL_SECONDS;
    const updates = await patience.persist(
      'getUpdates',
      () =>
        wire.ask(
          (api, stop) => api.getUpdates({ offset: offset(), timeout, limit: 100, allowed_updates: HEARD }, stop),
          signal,
        ),
      signal,
    );
    const fresh = (updates ?? []).filter(({ update_id }) => update_id >= next);
    for (const update of fresh) {
      next = update.update_id + 1;
      const done = Promise.race([handle(update), sleep(HANDED_OVER_MS, undefined, { ref: false })]);
      underWay.set(
        update.update_id,
        done.finally(() => underWay.delete(update.update_id)),
      );
    }
    // A server that does not wait, or does not forget, must not be asked without a pause.
    if (underWay.size > 0) await Promise.race([Promise.all(underWay.values()), sleep(BETWEEN_MS)]);
    else if (fresh.length === 0) await sleep(BETWEEN_MS);
  }
  await Promise.race([Promise.all(underWay.values()), sleep(LEAVE_MS, undefined, { ref: false })]);
  if (next > 0) await forget(wire, offset());
}

/** Tells Telegram, on the way out, what was handled. If it does not hear it, a restart hears the updates once more. */
async function forget(wire: Wire, offset: number): Promise<void> {
  try {
    await wire.ask((api, stop) => api.getUpdates({ offset, timeout: 0, limit: 1 }, stop), AbortSignal.timeout(2000));
  } catch {
    // Known by their ids, they are not answered again.
  }
}
