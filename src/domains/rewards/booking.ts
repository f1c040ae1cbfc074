import type { Context } from '../../core/context.ts';
import { groupBy } from '../../core/group.ts';
import type { Letter } from '../../core/outbox.ts';
import type { Campaign } from './campaign.ts';
import { isSample, type Standing } from './campaigns.ts';
import { type Cause, causeWords } from './cause.ts';
import type { DueLine, LedgerLine } from './ledger.ts';
import { lettersFor } from './letters.ts';
import type { Decision } from './model.ts';
import { payingPeriod } from './period.ts';
import * as store from './store.ts';

/** Contracts that are booked in one transaction: a kill loses at most the one under way, and others get their turn. */
const PORTION = 1_000;

/** What is written in one transaction: contracts in order, and what is booked for them. */
export interface Portion {
  /** Contracts that the campaign takes into account for the first time. */
  fresh: readonly Decision[];
  /** Those that were settled quietly before and are announced now. */
  told: readonly Decision[];
  lines: readonly DueLine[];
}

/** How many of each were written. */
export interface Booked extends Record<string, number> {
  /** Contracts. */
  new: number;
  /** Ledger entries: awards, and corrections of awards. */
  booked: number;
  corrected: number;
  /** Letters: to the group, and to persons. */
  announced: number;
  noticed: number;
}

/**
 * The portions in which a settling is written; none where there is nothing to write.
 * @param known.settled contracts that were taken into account before, and whether they were announced
 * @param known.announce whether those that were not are now
 */
export function portionsOf(
  decisions: readonly Decision[],
  lines: readonly DueLine[],
  { settled, announce }: { settled: ReadonlyMap<string, boolean>; announce: boolean },
): Portion[] {
  const linesOf = groupBy(lines, ({ contractId }) => contractId);
  const wanted = decisions.filter(({ contractId }) => {
    const announced = settled.get(contractId);
    return announced === undefined || (announce && !announced) || linesOf.has(contractId);
  });
  const portions: Portion[] = [];
  for (let from = 0; from < wanted.length; from += PORTION) {
    const some = wanted.slice(from, from + PORTION);
    portions.push({
      fresh: some.filter(({ contractId }) => !settled.has(contractId)),
      told: announce ? some.filter(({ contractId }) => settled.get(contractId) === false) : [],
      lines: some.flatMap(({ contractId }) => linesOf.get(contractId) ?? []),
    });
  }
  // Corrections of awards whose contract is not there any more.
  for (const { contractId } of wanted) linesOf.delete(contractId);
  const rest = [...linesOf.values()].flat();
  if (rest.length > 0) portions.push({ fresh: [], told: [], lines: rest });
  return portions;
}

/**
 * Writes a portion: ledger entries, settled contracts and letters, all or nothing.
 * @returns null where somebody else has booked since `turn`
 */
export async function book(
  context: Context,
  standing: Standing,
  { fresh, told, lines }: Portion,
  how: {
    turn: number;
    closed: boolean;
    /** Nothing is announced. */
    quiet: boolean;
    causeOf(line: LedgerLine): Cause;
    campaigns: readonly Campaign[];
  },
): Promise<Booked | null> {
  const { db, clock, outbox, words } = context;
  const { campaign } = standing;
  const { closed, quiet, causeOf } = how;
  const sample = isSample(campaign);
  const news = { contracts: closed ? told : [...fresh, ...told], told, lines, causeOf };
  const letters = quiet ? [] : lettersFor(words, standing, news);
  const ofClass = (wanted: Letter['class']) =>
    letters.filter((letter) => letter.class === wanted).map((letter) => ({ ...letter, sample }));
  return db.$transaction(async (tx) => {
    if (!(await store.takeTurn(tx, campaign.key, how.turn))) return null;
    const now = clock.now();
    const paidIn = closed ? await payingPeriod({ db: tx, clock }, campaign, how.campaigns) : null;
    await store.addSettlements(
      tx,
      fresh.map(({ contractId }) => ({ campaign: campaign.key, contractId, settledAt: now, announced: !quiet })),
    );
    await store.markAnnounced(
      tx,
      campaign.key,
      told.map(({ contractId }) => contractId),
    );
    await store.book(
      tx,
      lines.map(({ beforeFen: _, ...line }) => ({
        ...line,
        campaign: campaign.key,
        cause: causeWords(causeOf(line), 'en'),
        detail: JSON.stringify({ ...causeOf(line), rules: campaign.version }),
        paidIn,
        bookedAt: now,
        sample,
      })),
    );
    return {
      new: fresh.length,
      booked: lines.filter(({ entry }) => entry === 1).length,
      corrected: lines.filter(({ entry }) => entry > 1).length,
      announced: await outbox.postAll(ofClass('broadcast'), tx),
      noticed: await outbox.postAll(ofClass('notice'), tx),
    };
  });
}
