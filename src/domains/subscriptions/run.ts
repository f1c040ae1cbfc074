import type { Answered, Context } from '../../core/context.ts';
import type { MessageDraft } from '../../core/message.ts';
import type { Letter } from '../../core/outbox.ts';
import { goneMessage, postedMessage, restsMessage } from './cards.ts';
import { isForRoom, isLate, plan, type Subscription } from './model.ts';
import { personal, questionsOf, standingOf } from './standing.ts';
import { activeSubscriptions, advance, removeSubscription } from './store.ts';

export interface Ran extends Record<string, number> {
  due: number;
  /** Letters with an answer. */
  said: number;
  /** Missed due times that were given up. */
  skipped: number;
  /** Due times of subscriptions that rest. */
  rested: number;
  /** Answers that failed and are tried again. */
  failed: number;
}

/**
 * Asks what is due and posts the answers. A due time is accounted for in the transaction of its letter, so that it is
 * answered once however many processes are at it, and again after a crash if it was not. The clock of an answer stands at
 * its due time: 今日 of a run made good is the day that was meant.
 */
export async function runSubscriptions(context: Context): Promise<Ran> {
  const { clock, db } = context;
  const ran: Ran = { due: 0, said: 0, skipped: 0, rested: 0, failed: 0 };
  for (const subscription of await activeSubscriptions(db)) {
    const { runs, skipped, skippedUntil } = plan(subscription, clock.now(), clock.zone);
    ran.due += runs.length;
    ran.skipped += skipped;
    if (skippedUntil) await advance(db, subscription, skippedUntil);
    let current = subscription;
    for (const due of runs) {
      context.signal.throwIfAborted();
      const outcome = await runOne(context, current, due);
      if (outcome !== 'lost') ran[outcome] = (ran[outcome] ?? 0) + 1;
      if (outcome === 'lost' || outcome === 'failed') break;
      current = { ...current, doneUntil: due };
    }
  }
  return ran;
}

/** `failed`: nothing was done, it is due again the next minute; `lost`: somebody else did it. */
type Outcome = 'said' | 'rested' | 'failed' | 'lost';

async function runOne(context: Context, subscription: Subscription, due: Date): Promise<Outcome> {
  const { to, lang } = subscription;
  const rest = async (why: string): Promise<Outcome> => {
    const message = restsMessage(context, subscription, why);
    const letter = {
      ...letterOf(subscription, 'rests', message),
      to: `person:${subscription.ownerId}`,
      class: 'notice' as const,
    };
    return (await account(context, subscription, due, letter)) ? 'rested' : 'lost';
  };
  const standing = await standingOf(context, subscription, due);
  if ('rests' in standing) return standing.gone ? endOf(context, subscription, due) : rest(standing.rests);
  const room = isForRoom(subscription) ? to : null;
  const { call } = standing.understood;
  const answered = await questionsOf(context).answer(call, { personId: standing.ownerId, lang, room, at: due });
  if (answered.outcome === 'forbidden') return rest(textOf(answered));
  if (room && answered.private) return rest(personal(lang));
  if (answered.outcome === 'failed' && !isLate(due, context.clock.now())) return 'failed';
  const message = postedMessage(context, subscription, answered.message, due);
  const letter = letterOf(subscription, due.toISOString(), message);
  return (await account(context, subscription, due, letter)) ? 'said' : 'lost';
}

/** The owner left: nobody will come back to it. A group is told. */
async function endOf(context: Context, subscription: Subscription, due: Date): Promise<Outcome> {
  const told = isForRoom(subscription) ? letterOf(subscription, 'gone', goneMessage(context, subscription)) : undefined;
  return (await account(context, subscription, due, told, true)) ? 'rested' : 'lost';
}

function account(
  context: Context,
  subscription: Subscription,
  due: Date,
  letter?: Letter,
  end = false,
): Promise<boolean> {
  return context.db.$transaction(async (tx) => {
    if (!(await advance(tx, subscription, due))) return false;
    if (end) await removeSubscription(tx, subscription.id, context.clock.now());
    if (letter) await context.outbox.post(letter, tx);
    return true;
  });
}

function letterOf(subscription: Subscription, event: string, message: MessageDraft): Letter {
  const { id, to, sample } = subscription;
  const kind = isForRoom(subscription) ? 'broadcast' : 'notice';
  return { key: `subscription/${id}/${event}`, to, class: kind, message, sample };
}

function textOf({ message }: Answered): string {
  return message.blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
}
