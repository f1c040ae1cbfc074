import type { Context } from '../../core/context.ts';
import { textMessage } from '../../core/message.ts';
import { today } from '../../core/time.ts';
import { type Held, heldContracts, withdraw } from './contracts/store.ts';

/** The share of what is known that may be missing in a whole answer, where nothing else is said. */
const MAY_MISS = 0.2;
/** How many contracts a warning names. */
const NAMED = 5;

/** A whole answer of a source: everything that it holds of what is described, read to its end. */
export interface WholeAnswer extends Held {
  /** Ids of all contracts in the answer, rows that were rejected included where their id could be read. */
  ids: ReadonlySet<string>;
  /** The share (0 to 1) of the known contracts that may be missing; more than that is taken for a fault upstream. */
  mayMiss?: number | undefined;
}

/** What became of a whole answer. `refused`: it was empty or had shrunk too much, nothing was changed, and why. */
export interface Withdrawn {
  known: number;
  withdrawn: number;
  refused: string | null;
}

/**
 * Withdraws the contracts that a source gave earlier and no longer holds: to be called after a sync has saved a **whole**
 * answer (complete, not cut off by a limit), with the `source` under which it saved and the window that was asked for.
 * Withdrawn contracts stay stored, count for nothing, and come back when the source gives them again; the next settling
 * books what follows. An answer that is empty, or in which more than `mayMiss` of the known contracts are missing (one
 * alone always may), changes nothing: the administrators are told, once a day for each source and window.
 */
export async function withdrawMissing(context: Context, answer: WholeAnswer): Promise<Withdrawn> {
  const known = await heldContracts(context.db, answer);
  const missing = known.filter(({ id }) => !answer.ids.has(id));
  const refused = refusal(answer, known.length, missing.length);
  if (refused) {
    await warn(context, answer, refused, missing);
    return { known: known.length, withdrawn: 0, refused };
  }
  await withdraw(
    context.db,
    missing.map(({ id }) => id),
    context.clock.now(),
  );
  return { known: known.length, withdrawn: missing.length, refused: null };
}

function refusal({ ids, mayMiss = MAY_MISS }: WholeAnswer, known: number, missing: number): string | null {
  if (missing === 0) return null;
  if (ids.size === 0) return `the answer is empty, ${known} contracts are known`;
  if (missing === 1 || missing <= known * mayMiss) return null;
  return `${missing} of ${known} known contracts are missing in the answer, more than ${Math.round(mayMiss * 100)}%`;
}

async function warn(
  { outbox, clock, log }: Context,
  { source, from, to }: WholeAnswer,
  refused: string,
  missing: readonly { id: string; number: string | null }[],
): Promise<void> {
  log.error({ source, from, to, missing: missing.length }, `contracts were not withdrawn: ${refused}`);
  const window = [from, to].filter(Boolean).join('..');
  const some = missing.slice(0, NAMED).map(({ id, number }) => number ?? id);
  const text = [
    `合同来源 ${source} ${window} 的完整答复少了太多合同，没有作废任何合同，奖励不变。`,
    `${refused}: ${some.join(', ')}${missing.length > NAMED ? ' …' : ''}`,
    '如果这些合同确实已作废：在该来源的设置里调高允许缺失的比例，再同步一次。',
  ].join('\n');
  await outbox.post({
    key: ['rewards', 'contracts-missing', source, from ?? '', to ?? '', today(clock)].join('/'),
    to: 'channel:admins',
    class: 'notice',
    message: { ...textMessage(text), tone: 'bad' },
  });
}
