import type { Context } from '../../core/context.ts';
import { groupBy } from '../../core/group.ts';
import { pick, type Worded } from '../../core/message.ts';
import type { Letter } from '../../core/outbox.ts';
import { readProviders } from '../../core/providers.ts';
import { localMinute, today } from '../../core/time.ts';
import { isDue, shortNumber } from './model.ts';
import { readFieldRules } from './rules.ts';
import { activeOrders, markEventsTold, type PendingOrder, pendingState, untoldEvents } from './store.ts';
import { worded } from './words.ts';

const MINUTE = 60_000;
const DAY_MS = 86_400_000;
/** Orders of one digest; a provider with more is pointed to the command. */
const LINES = 50;

/** 待预约提醒: a digest a day to each provider with orders that wait too long. */
export async function tellPending(context: Context): Promise<Record<string, number>> {
  const state = await pendingState(context.db);
  if (!state) return { read: 0, said: 0, skipped: 0 };
  const { pending } = await readFieldRules(context.rules);
  const providers = await readProviders(context.rules, state.sample);
  const now = context.clock.now();
  const all = await activeOrders(context.db, state.sample);
  const due = all.filter((order) => isDue(order, pending, now));
  const letters = [...groupBy(due, ({ provider }) => provider)].map(
    ([provider, orders]): Letter => ({
      key: `field/pending/${today(context.clock)}/${provider}`,
      to: providers.groupOf(provider),
      class: 'broadcast',
      message: pendingDigest(provider, orders, context),
      sample: state.sample,
    }),
  );
  const said = await context.outbox.postAll(letters);
  return { read: all.length, said, skipped: all.length - due.length };
}

function pendingDigest(provider: string, orders: readonly PendingOrder[], context: Context): Worded {
  const { zone } = context.clock;
  const now = context.clock.now().getTime();
  return worded('pending', 'warn', context, () => ({
    provider,
    count: String(orders.length),
    orders: orders.slice(0, LINES).map((order, at) => ({
      at: String(at + 1),
      facts: [shortNumber(order.orderNum), order.customer, order.address, order.person].filter(Boolean).join(' · '),
      created: localMinute(order.createdAt, zone).slice(5),
      days: String(Math.floor((now - order.createdAt.getTime()) / DAY_MS)),
      status: order.status,
    })),
    hasMore: orders.length > LINES,
    more: String(orders.length - LINES),
  }));
}

/** Tells a technician's on-line or off-line change to the company's group, once. */
export async function tellTechnicians(context: Context): Promise<{ new: number; said: number }> {
  const { technicians } = await readFieldRules(context.rules);
  const providers = await readProviders(context.rules);
  return tellEvents(context, 'technician', technicians.lookBackMinutes, (provider) =>
    providers.groupOf(provider ?? ''),
  );
}

/** Tells the housekeepers' channel who went off-line within the look-back, once. */
export async function tellHousekeepers(context: Context): Promise<{ new: number; said: number }> {
  const { offline } = await readFieldRules(context.rules);
  return tellEvents(context, 'housekeeper', offline.lookBackMinutes, () => `channel:${offline.channel}`);
}

async function tellEvents(
  context: Context,
  kind: 'technician' | 'housekeeper',
  lookBackMinutes: number,
  groupOf: (provider: string | null) => string,
): Promise<{ new: number; said: number }> {
  const { db, clock, outbox } = context;
  const now = clock.now();
  return db.$transaction(async (tx) => {
    const events = await untoldEvents(tx, kind, new Date(now.getTime() - lookBackMinutes * MINUTE), now);
    const letters = events.map((event): Letter => {
      const minute = localMinute(event.at, clock.zone);
      const message = worded(kind, 'info', context, (lang) => ({
        person: event.person,
        provider: event.provider ?? pick(lang, '不详', 'unknown'),
        // To the second for housekeepers: two changes of one minute are told apart.
        time: kind === 'housekeeper' ? `${minute}:${String(event.at.getUTCSeconds()).padStart(2, '0')}` : minute,
        action: event.action,
      }));
      return { key: `field/${event.id}`, to: groupOf(event.provider), class: 'broadcast', message };
    });
    const said = await outbox.postAll(letters, tx);
    await markEventsTold(
      tx,
      events.map(({ id }) => id),
      now,
    );
    return { new: events.length, said };
  });
}
